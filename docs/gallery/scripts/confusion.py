"""Who is taken for whom.

The confusion matrix on the digits that the network has not learned from.
"""

from sklearn.datasets import load_digits

import neurosim as ns

pixels, digits = load_digits(return_X_y=True)
X = pixels / 16
Y, classes = ns.one_hot(digits)
net = ns.Network.layered(
    [64, 16, 10],
    hidden=ns.ReLUNeuron,
    output=ns.SoftmaxNeuron,
    loss=ns.CategoricalCrossEntropy(),
    rng=1,
)
net.fit(X[:900], Y[:900], optimizer=ns.Adam(0.01), epochs=20, batch_size=64, engine="vectorized")
ns.draw_confusion(Y[900:], net.predict(X[900:]), classes=classes, path="confusion.svg")
