"""The loss over two weights.

The way that gradient descent takes from the ring to the star, on the contours of the loss.
"""

import neurosim as ns

X, Y = [[-1.0], [0.0], [1.0], [2.0]], [[-1.0], [1.0], [3.0], [5.0]]
net = ns.Network([ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[-1.0]])])
weights = ns.WeightHistory()
net.fit(X, Y, optimizer=ns.Momentum(0.1), epochs=60, callbacks=weights)
ns.draw_loss_surface(
    net, "input[0]->output[0]", "output[0].bias", X, Y, path_of=weights, path="loss_surface.svg"
)
