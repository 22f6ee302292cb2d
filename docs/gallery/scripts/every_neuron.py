"""What every neuron answers.

A column for each layer and a map for each neuron, over the same plane of the inputs: lines become
bends, and bends become two moons.
"""

import matplotlib.pyplot as plt

import neurosim as ns

X, Y = ns.datasets.moons(200, noise=0.15, rng=1)
net = ns.Network.layered(
    [2, 3, 3, 1],
    hidden=ns.TanhNeuron,
    output=ns.SigmoidNeuron,
    loss=ns.BinaryCrossEntropy(),
    rng=1,
)
net.fit(X, Y, optimizer=ns.Adam(0.02), epochs=400)

layers = net.layers[1:]
figure, axes = plt.subplots(3, len(layers), figsize=(7.5, 5.6), layout="constrained")
for column, layer in zip(axes.T, layers, strict=True):
    for ax in column:
        ax.set_axis_off()
    above = (len(column) - len(layer.neurons)) // 2
    for ax, neuron in zip(column[above:], layer.neurons, strict=False):
        ns.draw_response(net, neuron, limits=((-1.6, 2.6), (-1.2, 1.7)), colorbar=False, ax=ax)
        ax.set_title(neuron.label, fontsize=9)
figure.savefig("every_neuron.png", dpi=110)
