"""How weights start."""

import door
import numpy as np
import pytest

import neurosim as ns


def test_variances_are_those_of_the_papers():
    """He 2/n_in, Xavier 1/n_in, Glorot 2/(n_in + n_out); Normal as told, Zeros and Constant 0."""
    for n_in, n_out in [(4, 3), (100, 1), (1, 50)]:
        assert ns.He().scale(n_in, n_out) ** 2 == pytest.approx(2 / n_in)
        assert ns.Xavier().scale(n_in, n_out) ** 2 == pytest.approx(1 / n_in)
        assert ns.Glorot().scale(n_in, n_out) ** 2 == pytest.approx(2 / (n_in + n_out))
        assert ns.Normal(0.3).scale(n_in, n_out) == 0.3
        assert ns.Zeros().scale(n_in, n_out) == ns.Constant(2.0).scale(n_in, n_out) == 0.0
    assert ns.Normal().deviation == 0.01


def test_what_is_drawn_has_the_scale_that_is_stated(initializer):
    """Mean and deviation of 40,000 numbers are as stated, within five standard errors."""
    drawn = initializer.draw(np.random.default_rng(0), (200, 200), 200, 200)
    scale = float(initializer.scale(200, 200))
    mean = initializer.value if isinstance(initializer, ns.Constant) else 0.0
    assert drawn.shape == (200, 200)
    assert abs(drawn.mean() - mean) <= 5 * scale / 200
    assert drawn.std() == pytest.approx(scale, rel=5 / np.sqrt(2 * 40_000), abs=1e-15)


def test_a_layer_starts_as_its_initializer_says(initializer):
    """A layer draws weights with its own fan-in, and biases with the bias initializer."""
    layers = [
        ns.InputLayer(300),
        ns.Layer(200, ns.TanhNeuron, initializer=initializer, bias_initializer=ns.Constant(0.5)),
    ]
    layer = ns.Network(layers, rng=0).layers[1]
    scale = float(initializer.scale(300, 200))
    assert layer.weights.std() == pytest.approx(scale, rel=0.03, abs=1e-15)
    assert (layer.biases == 0.5).all()


def test_every_kind_has_its_default(kind):
    """Weights start from He or Xavier: from He for ReLU and leaky ReLU, from Xavier for what has
    no kink at 0; biases from 0.
    """
    wanted = kind.initializer
    assert wanted in (ns.He(), ns.Xavier())
    if kind in (ns.ReLUNeuron, ns.LeakyReLUNeuron):
        assert wanted == ns.He()
    if kind in (ns.LinearNeuron, ns.SigmoidNeuron, ns.TanhNeuron, ns.SoftmaxNeuron):
        assert wanted == ns.Xavier()
    net = ns.Network([ns.InputLayer(400), ns.Layer(100, kind)], rng=0)
    assert net.layers[1].weights.std() == pytest.approx(wanted.scale(400, 100), rel=0.03)
    assert not net.layers[1].biases.any()


def test_in_a_graph_the_fan_in_is_the_number_of_edges():
    """Without layers, weights are drawn with the in-degree of their target."""
    n = 2000
    sources = [*range(n)] + [0] * n
    targets = [n] * n + [*range(n + 1, 2 * n + 1)]
    outputs = [*range(n, 2 * n + 1)]
    net = ns.Network.from_edges(
        sources, targets, kinds=ns.ReLUNeuron, inputs=range(n), outputs=outputs, rng=0
    )
    many, one = net[str(n)].weights, [net.neurons[i].weights[0] for i in outputs[1:]]
    assert np.std(many) == pytest.approx(np.sqrt(2 / n), rel=0.1)
    assert np.std(one) == pytest.approx(np.sqrt(2), rel=0.1)


def test_initializers_are_described(initializer):
    """An initializer shows its numbers and equals its like."""
    values = ", ".join(repr(value) for value in vars(initializer).values())
    assert repr(initializer) == f"{type(initializer).__name__}({values})"
    assert initializer == door.made(type(initializer))
    assert hash(initializer) == hash(door.made(type(initializer)))
    assert initializer != ns.Constant(77.0)


class Halves(ns.Initializer):
    """A person's own: not normal at all."""

    def scale(self, n_in, n_out):
        """Return 0.5."""
        return 0.5

    def draw(self, rng, shape, n_in, n_out):
        """Return plus or minus a half, as nested lists."""
        return (rng.integers(0, 2, size=shape) - 0.5).tolist()


def test_a_persons_own_initializer_works():
    """A subclass may draw from any distribution, and return anything like an array."""
    net = ns.Network([ns.InputLayer(9), ns.Layer(9, ns.TanhNeuron, initializer=Halves())], rng=0)
    assert set(np.abs(net.layers[1].weights).ravel()) == {0.5}


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        ([1.0], ns.ShapeError, "Bad(): what draw returns must be (2, 3); got (1,)."),
        (
            np.full((2, 3), np.nan),
            ns.NotFiniteError,
            "Bad(): what draw returns must be finite numbers; got nan at [0, 0].",
        ),
    ],
    ids=["shape", "nan"],
)
def test_a_wrong_draw_is_refused(returned, error, message):
    """What an initializer draws must have the shape asked for, and be finite: never broadcast."""

    class Bad(ns.Zeros):
        def draw(self, rng, shape, n_in, n_out):
            return returned

    with pytest.raises(error) as caught:
        ns.Network([ns.InputLayer(2), ns.Layer(3, ns.TanhNeuron, initializer=Bad())])
    assert str(caught.value) == message
