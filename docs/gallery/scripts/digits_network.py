"""64-16-10, trained on handwritten digits.

A sample's pass as colours of the nodes: which neurons it lights, and through which of the
strongest weights. Weaker ones are left out, and counted.
"""

from sklearn.datasets import load_digits

import neurosim as ns

pixels, digits = load_digits(return_X_y=True)
Y, classes = ns.one_hot(digits)
net = ns.Network.layered(
    [64, 16, 10],
    hidden=ns.TanhNeuron,
    output=ns.SoftmaxNeuron,
    loss=ns.CategoricalCrossEntropy(),
    rng=1,
)
net.fit(
    pixels / 16,
    Y,
    optimizer=ns.Adam(0.01),
    epochs=20,
    batch_size=64,
    engine="vectorized",
)
net.forward(pixels[7] / 16)
net.draw(
    "digits_network.svg",
    show={"fills": True, "colorbar": True, "activations": False, "symbols": False},
    max_neurons=12,
    keep="strongest",
    threshold=0.3,
    title=f"A handwritten {digits[7]}",
)
