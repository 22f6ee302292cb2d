"""Films: as many frames as groups, the same bytes each time, and nothing left behind."""

import shutil
import subprocess

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import animation
from PIL import Image

import neurosim as ns
from neurosim.drawing.canvas import styled
from neurosim.drawing.film.steps import _frames, _Studio
from neurosim.drawing.film.training import _moments, _scenes
from neurosim.drawing.options import Options

ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


def network():
    """A small network of two inputs."""
    return ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)


def step():
    """A step of it."""
    return network().trace([0.0, 1.0], [1.0], ns.SGD(0.5))


def training(steps=6):
    """A training of it."""
    X, Y = ns.datasets.gates("xor")
    return ns.trace_training(network(), X, Y, ns.SGD(0.5), steps)


def frames(path):
    """How many frames a .gif has."""
    with Image.open(path) as image:
        return image.n_frames


def test_a_frame_for_every_group(tmp_path):
    """By layer, neuron, step or term, a film has a frame for every group; sizes are even."""
    for by in ("layer", "neuron"):
        step().animate(tmp_path / "t.gif", by=by)
        assert frames(tmp_path / "t.gif") == len(step().by(by))
    with Image.open(tmp_path / "t.gif") as image:
        assert [side % 2 for side in image.size] == [0, 0]
        assert max(image.size) <= 1400


def test_the_same_film_twice_and_nothing_left_behind(tmp_path):
    """Frames are determined by the trace; no figure stays open and no setting changes."""
    before, trace = dict(mpl.rcParams), step()
    plt.close("all")
    for name in ("a.gif", "b.gif"):
        trace.animate(tmp_path / name, by="layer", style="dark")
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif", "b.gif"]


def scenes(trace, by="neuron"):
    """What a film draws."""
    with styled():
        studio = _Studio(trace, Options.of({}))
        return [studio.scene(frame) for frame in _frames(trace, trace.by(by))]


def shown(scene, role):
    """The texts of a role at the neurons, by label."""
    return {text.of: text.text for text in scene.texts if text.role == role}


def test_numbers_appear_as_they_become_known():
    """Forwards activations are filled in one by one, backwards deltas; then weights change."""
    found = scenes(step())
    known = [
        (len(shown(one, "activation")), len(shown(one, "delta")), shown(one, "weight"))
        for one in found
    ]
    # Two inputs; a hidden neuron each; the output; the loss; five deltas.
    assert [entry[:2] for entry in known[:9]] == [
        (3, 0),
        (4, 0),
        (5, 0),
        (5, 0),
        *((5, n) for n in (1, 2, 3, 4, 5)),
    ]
    assert known[0][2] == known[8][2]
    assert known[0][2] != known[-1][2]


def test_the_network_stands_still():
    """Nodes and frame are at the same places from the first frame to the last, updates included."""
    assert len({place(one) for one in scenes(step())}) == 1
    batch = network().trace([[0.0, 1.0], [-12.125, 0.0025]], [[1.0], [0.0]])
    assert len({place(one) for one in scenes(batch)}) == 1


def place(scene):
    """The places of the nodes, and of the frame."""
    frame = (scene.left, scene.bottom, scene.right, scene.top)
    return frame, tuple((node.x, node.y) for node in scene.nodes)


def test_the_network_of_a_training_film_stands_still():
    """However wide its numbers become, every moment has the same places."""
    X, Y = ns.datasets.gates("xor")
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    training = ns.trace_training(net, X, Y, ns.SGD(0.3), 12)
    with styled():
        found = _scenes(list(_moments(training, 12)), Options.of({}))
    assert len({place(one) for one in found}) == 1
    assert len({tuple(shown(one, "weight").items()) for one in found}) > 5


def test_each_sample_of_a_batch_goes_by_itself():
    """What is shown is of the sample whose step it is."""
    trace = network().trace([[0.0, 1.0], [0.5, 0.25]], [[1.0], [0.0]])
    found = scenes(trace, "layer")
    inputs = [shown(one, "activation")["input[0]"] for one in found[:4]]
    assert inputs == ["0", "0", "0.5", "0.5"]
    assert len(shown(found[2], "activation")) == 4


def test_a_training_film(tmp_path):
    """A film of a training has its first and its last state, and at most so many frames."""
    training().animate(tmp_path / "a.gif", frames=4)
    assert frames(tmp_path / "a.gif") == 4
    training(2).animate(tmp_path / "b.gif")
    assert frames(tmp_path / "b.gif") == 3


def test_a_training_film_of_other_shapes(tmp_path):
    """With three inputs there is no surface, and with numbers to predict no classes."""
    for n in (2, 3):
        net = ns.Network.layered([n, 2], hidden=None, output=ns.LinearNeuron, rng=1)
        net.scale(ns.Standardizer())
        X = np.random.default_rng(0).normal(size=(5, n))
        net.fit(X, X[:, :2], optimizer=ns.SGD(0.1))
        trained = ns.trace_training(net, X, X[:, :2], ns.SGD(0.1), 2)
        trained.animate(tmp_path / f"{n}.gif", frames=2, style="slide")
        assert frames(tmp_path / f"{n}.gif") == 2


def test_a_training_that_overflows(tmp_path):
    """Steps whose weights are no numbers any more are left out of the film."""
    net = ns.Network.layered([2, 1], hidden=None, output=ns.LinearNeuron, rng=1)
    diverging = ns.trace_training(net, [[1.0, 2.0]], [[3.0]], ns.SGD(1e200), 4)
    diverging.animate(tmp_path / "t.gif")
    assert 1 <= frames(tmp_path / "t.gif") < 5


@ffmpeg
def test_mp4(tmp_path):
    """Where ffmpeg is there, a .mp4 plays with as many frames, in a format all players know."""
    step().animate(tmp_path / "t.mp4", by="layer", fps=4)
    training(3).animate(tmp_path / "u.mp4", frames=2)
    for name, count in (("t.mp4", len(step().by("layer"))), ("u.mp4", 2)):
        told = subprocess.run(
            [
                *("ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0"),
                *("-show_entries", "stream=nb_read_frames,pix_fmt", "-of", "csv=p=0"),
                str(tmp_path / name),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == f"yuv420p,{count}"


def test_no_ffmpeg(tmp_path, monkeypatch):
    """Without ffmpeg a .mp4 is refused with what to install, before anything is drawn."""
    monkeypatch.setattr(animation.FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
    with pytest.raises(ns.MissingExtraError) as error:
        step().animate(tmp_path / "t.mp4")
    assert str(error.value) == (
        "Trace.animate: an .mp4 needs the program ffmpeg, which was not found; install it "
        "(apt install ffmpeg, brew install ffmpeg, conda install ffmpeg), or write a .gif."
    )
    assert list(tmp_path.iterdir()) == []


BAD = [
    ({"path": "t.avi"}, "Trace.animate: path must end in .gif or .mp4; got 't.avi'."),
    ({"fps": 0}, "Trace.animate: fps must be a finite number greater than 0; got 0."),
    ({"fps": 1000}, "Trace.animate: fps must be at most 100; got 1000."),
    (
        {"by": "edge"},
        "Trace.by: by must be one of 'step', 'term', 'neuron', 'layer'; got 'edge'.",
    ),
    ({"digits": 0}, "Trace.animate: digits must be a positive whole number; got 0."),
    (
        {"notation": "greek"},
        "Trace.animate: notation must be 'labels' or 'book'; got 'greek'.",
    ),
    ({"highlight": "loss"}, "Trace.animate decides 'highlight' itself; leave it out."),
]


@pytest.mark.parametrize(("options", "message"), BAD, ids=lambda value: str(value)[:20])
def test_bad_options(options, message):
    """What cannot be is said before anything is drawn."""
    with pytest.raises(ns.NeurosimError) as error:
        step().animate(**{"path": "t.gif", **options})
    assert str(error.value) == message


def test_nothing_and_too_much(tmp_path):
    """A trace without steps is no film, and neither is one of thousands."""
    with pytest.raises(ns.ArgumentError) as error:
        step()[:0].animate(tmp_path / "t.gif")
    assert str(error.value) == ("Trace.animate: the trace has no steps; record one with net.trace.")
    net = ns.Network.layered([40, 30, 1], hidden=ns.TanhNeuron, output=ns.TanhNeuron, rng=1)
    with pytest.raises(ns.ArgumentError) as error:
        net.trace(np.ones(40), [1.0]).animate(tmp_path / "t.gif", by="step")
    assert str(error.value) == (
        "Trace.animate: a film has at most 1000 frames; this one would have 1395. "
        'Choose by="layer", or a part of the trace such as trace[:100].'
    )
    with pytest.raises(ns.ArgumentError) as error:
        training(1).animate(tmp_path / "t.gif", frames=2000)
    assert str(error.value) == (
        "TrainingTrace.animate: a film has at most 1000 frames; this one would have 2000. "
        "Ask for fewer with frames=; they are spread over the training."
    )


def test_a_folder_that_is_not_there(tmp_path):
    """A film that cannot be written says so."""
    path = tmp_path / "none" / "t.gif"
    with pytest.raises(ns.ModelFileError) as error:
        step()[:2].animate(path)
    assert str(error.value) == (
        f"{str(path)!r} cannot be written (No such file or directory); choose a folder that "
        "exists and that you may write to."
    )


def test_a_trace_of_whole_layers():
    """Where no neuron's number was recorded there is nothing to show in a drawing."""
    trace = network().trace([0.0, 1.0], [1.0], by="layer")
    with pytest.raises(ns.ArgumentError) as error:
        trace.animate("t.gif")
    assert str(error.value) == (
        "Trace.animate: this trace tells layers by their norms, but a film shows neurons; record "
        'it without by="layer", which animate takes, too.'
    )
