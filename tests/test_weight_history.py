"""The laws of the callback that records weights while a network trains."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import closed_figures, tied

import neurosim as ns

__all__ = ["closed_figures"]

X, Y = ns.datasets.gates("xor")


def two_three_one():
    """A network that can learn XOR."""
    return ns.Network.layered([2, 3, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)


def test_everything_is_recorded_before_training_and_after_every_epoch():
    """Row k is `net.parameters` after k epochs, whatever the engine."""
    net, other, weights = two_three_one(), two_three_one(), ns.WeightHistory()
    net.fit(X, Y, optimizer=ns.SGD(0.5), epochs=4, callbacks=weights)
    assert weights.epochs == [0, 1, 2, 3, 4]
    assert weights.labels[0] == "input[0]->hidden1[0]"
    for k, row in enumerate(weights.values):
        assert (row == other.parameters).all(), k
        other.fit(X, Y, optimizer=ns.SGD(0.5))


def test_edges_biases_neurons_and_layers_can_be_watched():
    """Each name stands for its parameters, each once, in the order given."""
    net = two_three_one()
    weights = ns.WeightHistory(
        ["output[0].bias", ("input[1]", "hidden1[2]"), "output", "output[0]"]
    )
    net.fit(X, Y, optimizer=ns.SGD(0.5), callbacks=weights)
    edges = [f"hidden1[{i}]->output[0]" for i in range(3)]
    assert weights.labels == ["output[0].bias", "input[1]->hidden1[2]", *edges]
    assert weights.values[-1, 1] == net["input[1]", "hidden1[2]"].weight


def test_a_shared_weight_is_recorded_once():
    """Two edges that are tied are one parameter."""
    net, weights = tied(), ns.WeightHistory(["x0->c0", "x1->c1"])
    net.fit(np.eye(4), np.ones((4, 1)), optimizer=ns.SGD(0.01), callbacks=weights)
    assert weights.labels == ["x0->c0"]


def test_the_start_and_the_end_are_always_recorded():
    """`every` leaves out epochs between them."""
    weights = ns.WeightHistory("output", every=4)
    two_three_one().fit(X, Y, optimizer=ns.SGD(0.5), epochs=10, callbacks=weights)
    assert weights.epochs == [0, 4, 8, 10]


def test_a_training_that_goes_on_is_added_to_and_a_new_one_begins_anew():
    """With the history of the first the epochs go on; without it they start at 0."""
    net, weights, options = two_three_one(), ns.WeightHistory(), {"optimizer": ns.SGD(0.5)}
    history = net.fit(X, Y, epochs=2, callbacks=weights, **options)
    net.fit(X, Y, epochs=2, callbacks=weights, history=history, **options)
    assert weights.epochs == [0, 1, 2, 3, 4]
    net.fit(X, Y, epochs=1, callbacks=weights, **options)
    assert weights.epochs == [0, 1]


def test_a_checkpoint_keeps_what_was_recorded(tmp_path):
    """A training that was cut short and resumed has recorded what one without a break has."""
    path, options = tmp_path / "training.npz", {"optimizer": ns.SGD(0.5)}
    whole, cut, rest = (ns.WeightHistory("output") for _ in range(3))
    two_three_one().fit(X, Y, epochs=6, callbacks=whole, **options)
    two_three_one().fit(X, Y, epochs=3, callbacks=[cut, ns.Checkpoint(path)], **options)
    net, optimizer, history = ns.resume(path, callbacks=[rest])
    net.fit(X, Y, optimizer=optimizer, epochs=3, callbacks=rest, history=history)
    assert rest.epochs == whole.epochs
    assert (rest.values == whole.values).all()


def test_unknown_names_are_refused_before_training():
    """The network is as it was, and the message names the nearest."""
    net = two_three_one()
    before = net.parameters.copy()
    cases = {
        "Network: there is no neuron 'outptu[0]'. Did you mean 'output[0]'?": ["outptu[0].bias"],
        "Network: 'input[0]' has no bias; an input is given, not computed.": "input[0].bias",
        "Network: 'output[0]' has no gamma, as its sums are not normalized.": "output[0].gamma",
    }
    for message, watch in cases.items():
        with pytest.raises(ns.NeurosimError) as caught:
            net.fit(X, Y, optimizer=ns.SGD(0.5), callbacks=ns.WeightHistory(watch))
        assert str(caught.value) == message
    assert (net.parameters == before).all()


def test_a_history_of_weights_is_drawn_over_the_epochs():
    """One named curve per parameter, also through `plot`; of many, the sign they end with."""
    weights = ns.WeightHistory("output")
    two_three_one().fit(X, Y, optimizer=ns.SGD(0.5), epochs=3, callbacks=weights)
    for ax in (ns.draw_weight_history(weights), weights.plot(ax=plt.figure().add_subplot())):
        assert [line.get_label() for line in ax.lines] == weights.labels
        assert ax.lines[1].get_xydata() == pytest.approx(
            np.column_stack([weights.epochs, weights.values[:, 1]])
        )
    everything = ns.WeightHistory()
    two_three_one().fit(X, Y, optimizer=ns.SGD(0.5), epochs=3, callbacks=everything)
    ax = ns.draw_weight_history(everything)
    assert ax.get_legend() is None
    ends = zip(ax.lines, everything.values[-1], strict=True)
    hues = {(value > 0, mpl.colors.to_hex(line.get_color())) for line, value in ends}
    assert len(hues) == 2


def test_what_has_not_seen_a_training_is_refused():
    """There is nothing to draw, and the message says what to do."""
    cases = {
        "draw_weight_history: nothing has been recorded yet; train with net.fit(X, Y, ..., "
        "callbacks=[the WeightHistory]) first.": ns.WeightHistory(),
        "draw_weight_history: history must be a ns.WeightHistory that was among the callbacks of "
        "net.fit; got History(no epochs).": ns.History(),
    }
    for message, history in cases.items():
        with pytest.raises(ns.NeurosimError) as caught:
            ns.draw_weight_history(history)
        assert str(caught.value) == message
