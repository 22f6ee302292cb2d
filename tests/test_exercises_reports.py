"""Reports on checked work, whole; arrays of gradients; worksheets; what is refused."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import neurosim as ns
from neurosim.cli import main
from neurosim.tracing.exercises.textbook import Textbook

X, Y, RATE = [0.05, 0.10], [0.01, 0.99], ns.SGD(0.5)


@pytest.fixture
def mazur():
    """Mazur's worked example, its biases frozen."""
    net = ns.Network(
        [
            ns.InputLayer(2),
            ns.Layer(2, ns.SigmoidNeuron, weights=[[0.15, 0.25], [0.20, 0.30]], biases=[0.35] * 2),
            ns.Layer(2, ns.SigmoidNeuron, weights=[[0.40, 0.50], [0.45, 0.55]], biases=[0.60] * 2),
        ],
        loss=ns.QuadraticCost(),
    )
    net.freeze(weights=False)
    return net


@pytest.fixture
def line():
    """One linear neuron: x = 2, w = 3, b = 1, target 9, squared error."""
    return ns.Network(
        [ns.InputLayer(1), ns.Layer(1, ns.LinearNeuron, weights=[[3.0]], biases=[1.0])]
    )


def test_the_widely_printed_loss_comes_from_updating_too_early(mazur):
    """0.291027924 is what Mazur's loss becomes with weights updated before the hidden deltas."""
    report = ns.check_work(mazur, X, Y, {"loss": {"new": 0.291027924}}, RATE)
    assert (report.ok, report.first_wrong) == (False, ("loss", "new"))
    assert report.mistake == "updated_too_early"
    assert str(report) == (
        "0 of 1 number right.\n\n"
        "First wrong: the loss after the update is 0.291027774; you have 0.291027924.\n"
        "  Likely mistake (updated_too_early): The weights were updated before the deltas: the "
        "weights on the way back are the new ones.\n"
        "  That gives 0.267977 + 0.0230512 = 0.291027924."
    )
    right = {"loss": {"value": 0.298371109, "new": 0.291027774}}
    assert ns.check_work(mazur, X, Y, right, RATE).ok


def test_updated_weights_tell_the_same(mazur):
    """With all numbers of that step handed in, the hidden delta is first wrong; the rest follows."""
    from neurosim.tracing.exercises.mistakes.delta import UpdatedTooEarly

    trace = mazur.trace(X, Y, RATE)
    step = UpdatedTooEarly(trace.snapshot).run()
    answers = {}
    for (subject, quantity), value in step.computed.items():
        answers.setdefault(subject, {})[quantity] = float(np.squeeze(value))
    report = trace.check(answers)
    assert report.first_wrong == ("hidden1[0]", "delta")
    assert report.mistake == "updated_too_early"
    assert len(report.errors) == 1


def test_the_one_neuron_example(line):
    """7, 4, -8, -4, 3.4, 1.2 and 1 are right; whole numbers are given to one decimal."""
    answers = {
        "output[0]": {"a": 7, "delta": -4},
        "loss": {"value": "4", "new": 1},
        "input[0] -> output[0]": {"gradient": -8, "new": 3.4},
        "output[0].b": {"gradient": -4, "new": "1.20"},
    }
    assert ns.check_work(line, [2.0], [9.0], answers, ns.SGD(0.05)).ok


@pytest.mark.parametrize(
    ("subject", "numbers", "mistake"),
    [
        ("output[0]", {"z": 6.0}, "bias_forgotten"),
        ("loss", {"value": 2.0}, "factor"),
        ("output[0]", {"delta": 4.0}, "sign"),
        ("output[0]", {"delta": -2.0}, "factor"),
        ("input[0]->output[0]", {"gradient": 8.0}, "sign"),
        ("input[0]->output[0]", {"gradient": -4.0}, "input_forgotten"),
        ("input[0]->output[0]", {"new": 11.0}, "learning_rate_missing"),
        ("input[0]->output[0]", {"new": 2.6}, "sign"),
        ("output[0].bias", {"new": 1.0}, "bias_forgotten"),
        ("output[0]", {"delta": 77.7}, None),
    ],
)
def test_one_number_alone_is_enough(line, subject, numbers, mistake):
    """A single wrong number names its mistake; a number that no mistake gives names None."""
    report = ns.check_work(line, [2.0], [9.0], {subject: numbers}, ns.SGD(0.05))
    assert not report.ok
    assert report.mistake == mistake
    assert (report.mistakes == ()) == (mistake is None)


def test_a_report_says_what_follows_and_what_does_not(mazur):
    """What is right, the first wrong number with its cause, what follows, and another error."""
    answers = {
        "hidden1[0]": {"z": "0.3775", "a": "0.5933", "delta": "0.0364"},
        "input[0]->hidden1[0]": {"gradient": "0.00182"},
        "input[1]->hidden1[0]": {"gradient": "0.5"},
    }
    report = ns.check_work(mazur, X, Y, answers)
    assert str(report) == (
        "2 of 5 numbers right.\n"
        "Right: z of hidden1[0]; a of hidden1[0].\n\n"
        "First wrong: delta of hidden1[0] is 0.00877135; you have 0.0364.\n"
        "  Likely mistake (missing_derivative): The derivative s'(z) of the activation is left out "
        "of delta.\n"
        "  That gives 0.4*0.138499 + 0.5*(-0.0380982) = 0.0364.\n\n"
        "Consistent with it, so wrong for the same reason: gradient of input[0]->hidden1[0].\n\n"
        "Wrong apart from that: gradient of input[1]->hidden1[0] is 0.000877135; you have 0.5.\n"
        "  No known mistake gives this number."
    )
    assert repr(report) == (
        "WorkReport(ok=False, first_wrong=('hidden1[0]', 'delta'), mistake='missing_derivative')"
    )


def test_rounding_too_early_is_named(mazur):
    """A number computed from rounded ones is off by more than its own last digit."""
    z = 0.4 * 0.59 + 0.45 * 0.60 + 0.6
    answers = {"hidden1[0]": {"a": "0.59"}, "hidden1[1]": {"a": "0.60"}}
    report = ns.check_work(mazur, X, Y, answers | {"output[0]": {"z": f"{z:.5f}"}})
    assert (report.first_wrong, report.mistake) == (("output[0]", "z"), "rounded_too_early")
    report = ns.check_work(mazur, X, Y, {"hidden1[0]": {"a": "0.59326"}})
    assert report.mistake == "truncated"


def test_tolerance_goes_by_the_digits(mazur):
    """0.5933 is right for 0.59327, 0.5931 is not, unless the tolerance says so."""
    for given, ok in (("0.5933", True), (0.59, True), ("0.5931", False), ("0.60", False)):
        assert ns.check_work(mazur, X, Y, {"hidden1[0]": {"a": given}}).ok == ok
    assert ns.check_work(mazur, X, Y, {"hidden1[0]": {"a": "0.5931"}}, tolerance=0.001).ok


def test_deltas_may_leave_out_the_mean():
    """With per_sample deltas are n times dJ/dz; without it that is `not_averaged`."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    rows, targets = np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.2]]), np.array([1.0, 0.5, 0.1])
    right = Textbook(net.trace(rows, targets).snapshot).run()
    answers = {
        "output[0]": {"delta": (3 * right.computed["output[0]", "delta"]).tolist()},
        "output[0].bias": {"gradient": right.computed["output[0].bias", "gradient"]},
    }
    assert ns.check_work(net, rows, targets, answers, per_sample=True).ok
    report = ns.check_work(net, rows, targets, answers)
    assert (report.first_wrong, report.mistake) == (("output[0]", "delta"), "not_averaged")


def test_softmax_one_path_and_ties_are_named():
    """The classic mistakes of other wirings, planted by hand with numbers of their own."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_node("x")
    for node, kind in (("h", ns.TanhNeuron), ("o", ns.LinearNeuron), ("p", ns.LinearNeuron)):
        graph.add_node(node, neuron=kind, bias=0.0)
    graph.add_edge("x", "h", weight=0.5, tied="t")
    graph.add_edge("h", "o", weight=0.5, tied="t")
    graph.add_edge("h", "p", weight=-0.8)
    net = ns.Network.from_graph(graph, inputs=["x"], outputs=["o", "p"], loss=ns.QuadraticCost())
    h = np.tanh(0.5)
    o, p = 0.5 * h - 1.0, -0.8 * h - 2.0
    one = {"h": {"delta": float(0.5 * o * (1 - h * h))}}
    assert ns.check_work(net, [1.0], [1.0, 2.0], one).mistake == "one_path"
    tie = {"x->h": {"gradient": float((0.5 * o - 0.8 * p) * (1 - h * h))}}
    assert ns.check_work(net, [1.0], [1.0, 2.0], tie).mistake == "tie_not_summed"


def test_a_slope_at_a_kink_is_named_before_a_slope_left_out():
    """At z = 0 both give the same number; the special one is told."""
    hidden = ns.Layer(1, ns.ReLUNeuron, weights=[[1.0]], biases=[-2.0])
    output = ns.Layer(1, ns.LinearNeuron, weights=[[3.0]])
    net = ns.Network([ns.InputLayer(1), hidden, output])
    report = ns.check_work(net, [2.0], [1.0], {"hidden1[0]": {"delta": -6.0}})
    assert report.mistakes[:2] == ("slope_at_kink", "missing_derivative")


@pytest.mark.parametrize("count", [1, 4])
def test_averaging_before_the_chain_is_named_with_and_without_the_mean(count):
    """-y/a averaged over the samples, then times a (1 - a); divided by n once more, or not."""
    output = ns.Layer(3, ns.SoftmaxNeuron, weights=[[0.5, -0.2, 0.1], [0.3, 0.8, -0.6]])
    net = ns.Network([ns.InputLayer(2), output], loss=ns.CategoricalCrossEntropy())
    X, Y = np.array([[1.0, 2.0], [0.5, -1.0], [-0.3, 0.2], [2.0, 0.1]]), np.eye(3)[[0, 1, 2, 0]]
    a = net.predict(X)
    delta = (-Y / a).mean(axis=0) * a * (1 - a) / count
    answers = {f"output[{j}]": {"delta": delta[:, j].tolist()} for j in range(3)}
    assert ns.check_work(net, X, Y, answers).mistake == "averaged_before_chain"


@pytest.mark.parametrize("epsilon", [0.01, 0.0])
def test_dividing_by_the_variance_is_named_with_and_without_epsilon(epsilon):
    """Whoever forgets the square root may have forgotten epsilon, too."""
    W, X = np.array([[0.5, 0.2], [0.1, -0.4]]), np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 4.0]])
    normalization = ns.BatchNormalization(epsilon=0.01)
    layer = ns.Layer(2, ns.TanhNeuron, weights=W, normalization=normalization)
    net = ns.Network([ns.InputLayer(2), layer])
    z = X @ W
    a = np.tanh((z - z.mean(axis=0)) / (z.var(axis=0) + epsilon))
    answers = {f"output[{j}]": {"a": a[:, j].tolist()} for j in range(2)}
    report = ns.check_work(net, X, np.zeros((3, 2)), answers, training=True)
    assert report.mistake == "variance_for_deviation"


def test_a_mistake_that_goes_with_the_right_answers_is_named():
    """Where one output alone has a target, one path and softmax's diagonal give one number; that
    the gradients behind the softmax are right tells them apart.
    """
    net = ns.Network.layered(
        *([3, 3, 3],),
        hidden=ns.SigmoidNeuron,
        output=ns.SoftmaxNeuron,
        loss=ns.CategoricalCrossEntropy(),
        rng=3,
    )
    x, y = np.array([0.4, -0.3, 0.8]), np.array([1.0, 0.0, 0.0])
    right = gradients(net, x, y)
    net.forward(x)
    net.backward(y)
    h, output = np.array([neuron.activation for neuron in net.layers[1].neurons]), net["output[0]"]
    delta = output.delta * np.asarray(output.weights) * h * (1 - h)
    one = [np.outer(x, delta), delta]
    alone = ns.check_work(net, x, y, one)
    assert (alone.mistake, "one_path" in alone.mistakes) == ("softmax_diagonal", True)
    assert ns.check_work(net, x, y, [*one, *right[2:]]).mistake == "one_path"


# -- gradients of one's own code -----------------------------------------------------------------


def gradients(net, x, y):
    """dW1, db1, dW2, db2 as the network has them."""
    net.forward(x)
    net.backward(y)
    return [
        np.array(part)
        for layer in net.layers[1:]
        for part in (layer.weight_gradients, layer.bias_gradients)
    ]


@pytest.fixture
def coded():
    """A 3-4-2 network and seven samples."""
    net = ns.Network.layered([3, 4, 2], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=2)
    rng = np.random.default_rng(3)
    return net, rng.normal(size=(7, 3)), rng.uniform(size=(7, 2))


def test_arrays_of_gradients_are_checked(coded):
    """A dict or a list of the right arrays is right, in float32, too; a part will do."""
    net, x, y = coded
    right = gradients(net, x, y)
    named = dict(zip(["dW1", "db1", "dW2", "db2"], right, strict=True))
    assert ns.check_work(net, x, y, right).ok
    assert ns.check_work(net, x, y, named).ok
    assert ns.check_work(net, x, y, {"dW2": named["dW2"].astype("float32")}).ok
    assert ns.check_work(net, x, y, [None, right[1].reshape(1, -1)]).ok


def test_mistakes_in_arrays_are_named(coded):
    """The sum instead of the mean, the wrong sign, and a transposed matrix."""
    net, x, y = coded
    right = gradients(net, x, y)
    assert ns.check_work(net, x, y, [7 * one for one in right]).mistake == "not_averaged"
    assert ns.check_work(net, x, y, [-one for one in right]).mistake == "sign"
    report = ns.check_work(net, x, y, [right[0].T, *right[1:]])
    assert (report.first_wrong, report.mistake) == (
        ("input[0]->hidden1[0]", "gradient"),
        "transposed",
    )
    assert len(report.errors) == 1
    assert "is right, but its matrix is not." in str(report)


def test_a_square_matrix_transposed_is_named():
    """Where the shape does not tell, the numbers do."""
    net = ns.Network.layered([3, 3, 3], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=2)
    x, y = np.array([0.1, 0.7, -0.4]), np.array([0.3, 0.2, 0.9])
    right = gradients(net, x, y)
    report = ns.check_work(net, x, y, [one.T for one in right])
    assert report.mistake == "transposed"
    assert report.first_wrong == ("input[1]->hidden1[0]", "gradient")


def fake_module(right):
    """What a PyTorch module looks like from outside: linear layers, weights (n_out, n_in)."""

    def parameter(grad):
        tensor = SimpleNamespace(numpy=lambda: grad)
        held = SimpleNamespace(detach=lambda: SimpleNamespace(cpu=lambda: tensor))
        return SimpleNamespace(ndim=grad.ndim, grad=held)

    parts = [
        SimpleNamespace(weight=parameter(right[i].T), bias=parameter(right[i + 1]))
        for i in range(0, len(right), 2)
    ]
    return SimpleNamespace(modules=lambda: iter([object(), *parts]), named_parameters=list)


def test_a_module_is_read_layer_by_layer(coded):
    """The gradients of a module's linear layers are read, after backward() only."""
    net, x, y = coded
    module = fake_module(gradients(net, x, y))
    assert ns.check_work(net, x, y, module).ok
    for part in list(module.modules())[1:]:
        part.weight.grad = None
    with pytest.raises(ns.ArgumentError) as error:
        ns.check_work(net, x, y, module)
    assert str(error.value) == (
        "check_work: answers: the module has no gradients yet; call loss.backward() first."
    )


def test_pytorch_agrees(coded):
    """The gradients of the same network in PyTorch are right."""
    torch = pytest.importorskip("torch")
    net, x, y = coded
    module = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2), torch.nn.Sigmoid()
    ).double()
    with torch.no_grad():
        for linear, layer in zip((module[0], module[2]), net.layers[1:], strict=True):
            linear.weight[:] = torch.tensor(np.array(layer.weights).T)
            linear.bias[:] = torch.tensor(np.array(layer.biases))
    loss = ((module(torch.tensor(x)) - torch.tensor(y)) ** 2).sum(dim=1).mean()
    loss.backward()
    assert ns.check_work(net, x, y, module).ok


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        (
            {"hiden1[0]": {"z": 1}},
            ns.UnknownNeuronError,
            "check_work: answers: 'hiden1[0]' is not a neuron, a bias or the loss of this network. "
            "Did you mean 'hidden1[0]' or 'hidden1[1]' or 'hidden1[0].bias'?",
        ),
        (
            {"input[0]->output[0]": {"new": 1}},
            ns.UnknownEdgeError,
            "check_work: answers: 'input[0]->output[0]' is not an edge of this network. Did you mean "
            "'hidden1[0]->output[0]' or 'hidden1[1]->output[0]' or 'hidden1[0]->output[1]'?",
        ),
        (
            {"hidden1[0]": {"gradient": 1}},
            ns.ArgumentError,
            "check_work: answers['hidden1[0]']: it has z, a and delta; got 'gradient'.",
        ),
        (
            {"loss": {"new": 1}},
            ns.ArgumentError,
            "check_work: answers['loss']: a new value needs the update; give the optimizer, too, "
            "such as optimizer=ns.SGD(0.5).",
        ),
        (
            {"loss": {"value": "much"}},
            ns.ArgumentTypeError,
            "check_work: answers['loss']['value'] must be a number, or a number as text such as "
            "\"0.5932\"; got 'much'.",
        ),
        (
            {"loss": {"value": float("nan")}},
            ns.NotFiniteError,
            "check_work: answers['loss']['value'] must be a finite number; got nan.",
        ),
        (
            {"loss": {"value": None}},
            ns.ArgumentError,
            'check_work: answers hold no number yet; they must be such as {"hidden1[0]": {"z": '
            '0.38, "delta": "0.0088"}, "loss": {"value": 0.298}}.',
        ),
        (
            {"loss": 0.3},
            ns.ArgumentTypeError,
            "check_work: answers['loss'] must hold numbers by quantity, such as {'value': 0.5}; "
            "got 0.3.",
        ),
        (
            {"hidden1[0]": {"z": [1, 2]}},
            ns.ShapeError,
            "check_work: answers['hidden1[0]']['z'] must be a list of 1 numbers, one per sample; "
            "got [1, 2].",
        ),
        (
            {"dW1": [[1.0]]},
            ns.ShapeError,
            "check_work: answers: dW1 must be (2, 2), as layer 'hidden1' has 2 neurons with 2 "
            "inputs; got (1, 1).",
        ),
        (
            {"dW3": [[1.0]]},
            ns.ArgumentError,
            "check_work: answers: there is no dW3. Did you mean 'dW2' or 'dW1'?",
        ),
    ],
)
def test_bad_answers_are_refused(mazur, answers, error, message):
    """An answer about nothing, or one that is no number, is refused with what it must be."""
    with pytest.raises(error) as caught:
        ns.check_work(mazur, X, Y, answers)
    assert str(caught.value) == message


def test_targets_are_needed(mazur):
    """Without targets there is nothing to check."""
    with pytest.raises(ns.ArgumentError) as caught:
        ns.check_work(mazur, X, None, {"loss": {"value": 1}})
    assert str(caught.value) == ("check_work: y must be the targets, as loss and deltas need them.")


# -- worksheets ----------------------------------------------------------------------------------


def test_a_sheet_has_blanks_and_its_key_is_right(mazur):
    """The blanks of a sheet are its answers' Nones; its key is graded right, an empty part skipped."""
    sheet = ns.worksheet(mazur, X, Y, blanks=["deltas", ("loss", "value")])
    assert [blank.quantity for blank in sheet.blanks] == ["value"] + ["delta"] * 6
    assert sheet.answers()["hidden1[0]"] == {"delta": None}
    assert sheet.check(sheet.key).ok
    filled = sheet.answers() | {"output[0]": {"delta": "-0.1385"}}
    report = sheet.check(filled)
    assert (report.first_wrong, report.mistake) == (("output[0]", "delta"), "sign")


def test_a_sheet_of_a_batch_asks_sample_by_sample(coded):
    """Of a batch the blanks of deltas are lists, and the key is right."""
    net, x, y = coded
    sheet = ns.worksheet(net, x, y, blanks="deltas")
    assert sheet.answers()["output[0]"] == {"delta": [None] * 7}
    assert sheet.check(sheet.key).ok


@pytest.mark.parametrize("suffix", [".md", ".tex", ".html"])
def test_a_sheet_does_not_tell_what_its_blanks_are(mazur, tmp_path, suffix):
    """No form of a sheet holds a number that is left blank; the key holds them all."""
    sheet = ns.worksheet(mazur, X, Y, blanks="deltas", optimizer=RATE)
    sheet.save(tmp_path / f"sheet{suffix}")
    sheet.save(tmp_path / f"key{suffix}", key=True)
    numbers = [f"{abs(blank.step.value):.6g}" for blank in sheet.blanks]
    text, key = ((tmp_path / f"{name}{suffix}").read_text() for name in ("sheet", "key"))
    assert not [number for number in numbers if number in text]
    assert not [number for number in numbers if number not in key]
    assert "(6)" in text


def test_labels_do_no_harm(tmp_path):
    """A neuron may be called anything; the sheet shows it, and LaTeX compiles it."""
    labels = ["</script><b>", "%_$ {x}"]
    layers = [ns.InputLayer(2, labels=labels), ns.Layer(1, ns.TanhNeuron, labels=["a|b`c~^\\"])]
    sheet = ns.worksheet(ns.Network(layers, rng=1), [1.0, 2.0], [0.5], blanks="all")
    assert "<b>" not in sheet.html()
    assert "&lt;/script&gt;" in sheet.html()
    assert "a|b" not in sheet.markdown()
    if shutil.which("pdflatex"):
        sheet.save(tmp_path / "sheet.tex")
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-2000:]


def test_blanks_are_chosen_with_the_rng(mazur):
    """A number of blanks is drawn; the same rng draws the same."""
    chosen = [ns.worksheet(mazur, X, Y, blanks=3, rng=seed).answers() for seed in (1, 1, 2)]
    assert chosen[0] == chosen[1] != chosen[2]


@pytest.mark.parametrize(
    ("blanks", "error", "message"),
    [
        (
            "delts",
            ns.ArgumentError,
            "worksheet: there is nothing called 'delts' to leave blank. Did you mean 'deltas'?",
        ),
        ([], ns.ArgumentError, "worksheet: blanks must name something; got an empty list."),
        (
            2.5,
            ns.ArgumentTypeError,
            'worksheet: blanks must be such as "deltas", "hidden1[0]", ("hidden1[0]", "z") or 3; '
            "got 2.5.",
        ),
        (
            {"z"},
            ns.ArgumentTypeError,
            'worksheet: blanks must be such as "deltas", "hidden1[0]", ("hidden1[0]", "z") or 3; '
            "got {'z'}.",
        ),
        (
            [("hidden1[0]", ["z"])],
            ns.ArgumentTypeError,
            'worksheet: blanks must be such as "deltas", "hidden1[0]", ("hidden1[0]", "z") or 3; '
            "got ('hidden1[0]', ['z']).",
        ),
    ],
)
def test_unknown_blanks_are_refused(mazur, blanks, error, message):
    """Blanks name something that the sheet has."""
    with pytest.raises(error) as caught:
        ns.worksheet(mazur, X, Y, blanks=blanks)
    assert str(caught.value) == message


# -- command line --------------------------------------------------------------------------------


def test_the_command_checks_a_file(mazur, tmp_path, capsys):
    """`neurosim check-work` prints the report; 0 where all is right, 1 where not, 2 on bad input."""
    mazur.save(tmp_path / "net.json")
    work = {"model": "net.json", "input": X, "target": Y, "learning_rate": 0.5}
    file = tmp_path / "answers.json"
    for new, status in ((0.291027774, 0), (0.291027924, 1)):
        file.write_text(json.dumps(work | {"answers": {"loss": {"new": new}}}))
        assert main(["check-work", str(file)]) == status
    out = capsys.readouterr().out
    assert out.startswith("All right: the loss after the update.\n")
    assert "updated_too_early" in out
    file.write_text(json.dumps(work))
    assert main(["check-work", str(file)]) == 2
    assert capsys.readouterr().err == (
        f"neurosim: {str(file)!r} must hold 'model', 'input', 'target' and 'answers'; 'answers' is "
        "missing.\n"
    )
    file.write_text("{")
    assert main(["check-work", str(file)]) == 2
    assert "is no JSON" in capsys.readouterr().err


def test_every_mistake_is_documented_in_order():
    """The conventions list the names that a report may give, each with what was done."""
    text = (Path(__file__).parents[1] / "docs" / "conventions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^  \| `(\w+)` \| .+ \|$", text, re.MULTILINE)
    assert tuple(listed) == ns.MISTAKES
