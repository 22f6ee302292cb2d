"""The laws of `neurosim.datasets`."""

import gzip
import math
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from neurosim import datasets
from neurosim.errors import (
    ArgumentError,
    ArgumentTypeError,
    ModelFileError,
    NeurosimError,
    NotFiniteError,
    ShapeError,
)

DRAWN = {
    "survey": datasets.survey,
    "ring": datasets.ring,
    "moons": datasets.moons,
    "blobs": datasets.blobs,
}
drawn = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


def refusal(error, call, *args, **keywords):
    """Return the whole message with which a call is refused by just this kind of error."""
    with pytest.raises(NeurosimError) as caught:
        call(*args, **keywords)
    assert type(caught.value) is error
    return str(caught.value)


# Gates


def test_gates_are_their_truth_tables():
    """Each gate equals Python's own operator on the four pairs of bits."""
    X, Y = datasets.gates("and", "or", "nand", "nor", "xor", "xnor")
    for (a, b), row in zip(X.astype(int).tolist(), Y.tolist(), strict=True):
        assert row == [a & b, a | b, 1 - (a & b), 1 - (a | b), a ^ b, 1 - (a ^ b)]


def test_gates_without_a_name_are_all_of_them():
    """No name means every gate, in the documented order."""
    _, everything = datasets.gates()
    _, named = datasets.gates("and", "or", "nand", "nor", "xor", "xnor")
    assert np.array_equal(everything, named)


def test_a_gate_is_four_samples_of_two_inputs_and_one_output():
    """One gate gives X (4, 2) and Y (4, 1) of float64, whatever the case of its name."""
    X, Y = datasets.gates("AND")
    assert (X.shape, Y.shape, X.dtype, Y.dtype) == ((4, 2), (4, 1), np.float64, np.float64)
    assert Y.ravel().tolist() == [0, 0, 0, 1]


def test_xor_is_the_gate_of_that_name():
    """`xor()` equals `gates("xor")`."""
    for short, long in zip(datasets.xor(), datasets.gates("xor"), strict=True):
        assert np.array_equal(short, long)


def test_what_is_returned_belongs_to_the_caller():
    """Changing one truth table leaves the next one as it should be."""
    X, Y = datasets.xor()
    X += 1
    Y += 1
    assert datasets.xor()[1].ravel().tolist() == [0, 1, 1, 0]
    assert datasets.xor()[0].sum() == 4


def test_unknown_gates_are_refused_with_the_nearest():
    """A name that is no gate is told which gates there are."""
    assert refusal(ArgumentError, datasets.gates, "xorr") == (
        "datasets.gates: there is no gate 'xorr'. Did you mean 'xor' or 'xnor' or 'or'?"
    )
    assert refusal(ArgumentError, datasets.gates, "if") == (
        "datasets.gates: there is no gate 'if'. Known: 'and', 'or', 'nand', 'nor', 'xor', 'xnor'."
    )
    assert refusal(ArgumentTypeError, datasets.gates, 3) == (
        'datasets.gates: a name must be a string such as "and"; got 3.'
    )


# What is drawn from chance


@drawn
def test_one_seed_gives_one_set(draw):
    """An int and a fresh generator of that seed give the same arrays; another seed, others."""
    X, Y = draw(40, rng=3)
    X_again, Y_again = draw(40, rng=np.random.default_rng(3))
    assert np.array_equal(X, X_again)
    assert np.array_equal(Y, Y_again)
    assert not np.array_equal(X, draw(40, rng=4)[0])


@drawn
def test_a_generator_goes_on(draw):
    """A generator given twice gives two different sets, and None never the same."""
    generator = np.random.default_rng(0)
    assert not np.array_equal(draw(40, rng=generator)[0], draw(40, rng=generator)[0])
    assert not np.array_equal(draw(40)[0], draw(40)[0])


@drawn
def test_the_global_random_state_is_left_alone(draw):
    """Drawing neither reads nor moves NumPy's global generator."""
    before = np.random.get_state()  # noqa: NPY002 - the state that must not move
    draw(10, rng=0)
    draw(10)
    after = np.random.get_state()  # noqa: NPY002
    assert np.array_equal(before[1], after[1])
    assert before[2:] == after[2:]


@drawn
@pytest.mark.parametrize("n", [1, 2, 7, np.int64(30)])
def test_samples_are_rows_of_float64(draw, n):
    """X is (n, n_inputs) and Y (n, n_outputs), float64 and finite, down to one sample."""
    X, Y = draw(n, rng=0)
    assert X.shape == (n, 2)
    assert Y.shape == (n, 3 if draw is datasets.blobs else 1)
    for array in (X, Y):
        assert array.dtype == np.float64
        assert np.isfinite(array).all()


@pytest.mark.parametrize("draw", [datasets.ring, datasets.moons], ids=["ring", "moons"])
def test_noise_is_added_to_the_same_points(draw):
    """Twice the noise moves every point of one seed twice as far, and labels stay."""
    exact, labels = draw(50, noise=0, rng=1)
    once, labels_once = draw(50, noise=0.1, rng=1)
    twice, _ = draw(50, noise=0.2, rng=1)
    assert np.allclose(twice - exact, 2 * (once - exact), atol=1e-14)
    assert not np.array_equal(once, exact)
    assert np.array_equal(labels, labels_once)


@pytest.mark.parametrize("draw", [datasets.ring, datasets.moons, datasets.blobs])
@pytest.mark.parametrize("n", [9, 10, 300])
def test_classes_are_of_equal_size_and_mixed(draw, n):
    """No class has two samples more than another, and they do not come one after the other."""
    _, Y = draw(n, rng=0)
    labels = Y.argmax(axis=1) if Y.shape[1] > 1 else Y[:, 0].astype(int)
    counts = np.bincount(labels)
    assert counts.max() - counts.min() <= 1
    assert (np.diff(labels) < 0).any()


# The survey


def test_survey_asks_about_whole_years_and_hundreds():
    """Education is one of 0 to 25, income one of 0, 100, ..., 9,900; every value occurs."""
    X, _ = datasets.survey(5000, rng=0)
    assert np.array_equal(np.unique(X[:, 0]), np.arange(26))
    assert np.array_equal(np.unique(X[:, 1]), np.arange(0, 10_000, 100))


def test_survey_without_noise_is_the_formula():
    """Without noise, dates = 0.8 education + 0.003 income + 2."""
    X, Y = datasets.survey(noise=0, rng=0)
    assert X.shape == (100, 2)
    assert np.allclose(Y[:, 0], 0.8 * X[:, 0] + 0.003 * X[:, 1] + 2, rtol=1e-15)


def test_survey_noise_is_relative():
    """dates / formula - 1 is normal, with mean 0 and the given deviation."""
    X, Y = datasets.survey(20_000, noise=0.15, rng=0)
    relative = Y[:, 0] / (X @ [0.8, 0.003] + 2) - 1
    assert abs(relative.mean()) < 3 * 0.15 / math.sqrt(20_000)
    assert relative.std() == pytest.approx(0.15, rel=0.02)
    assert np.corrcoef(np.abs(relative), X[:, 1])[0, 1] == pytest.approx(0, abs=0.03)


def test_survey_in_hundreds_asks_the_same_people():
    """The unit of income changes that column alone."""
    X, Y = datasets.survey(rng=0)
    X_hundreds, Y_hundreds = datasets.survey(rng=0, income_unit=100)
    assert np.array_equal(Y, Y_hundreds)
    assert np.array_equal(X[:, 0], X_hundreds[:, 0])
    assert np.array_equal(X[:, 1], 100 * X_hundreds[:, 1])
    assert X_hundreds[:, 1].max() <= 99


# Shapes in the plane


def test_ring_surrounds_the_disc():
    """Without noise, the disc lies within radius 0.5 and the ring between 0.75 and 1."""
    X, Y = datasets.ring(2000, rng=0)
    radius = np.hypot(X[:, 0], X[:, 1])
    disc, around = radius[Y[:, 0] == 0], radius[Y[:, 0] == 1]
    assert disc.max() <= 0.5
    assert around.min() >= 0.75
    assert around.max() <= 1


def test_ring_and_disc_are_filled_evenly():
    """A disc of half the area holds half of the points."""
    X, Y = datasets.ring(4000, rng=0)
    squared = (X**2).sum(axis=1)
    assert np.mean(squared[Y[:, 0] == 0] < 0.25 / 2) == pytest.approx(0.5, abs=0.04)
    assert np.mean(squared[Y[:, 0] == 1] < (0.75**2 + 1) / 2) == pytest.approx(0.5, abs=0.04)


def test_moons_are_half_circles_that_interleave():
    """Without noise, each moon is half of a unit circle, and its tip lies within the other."""
    X, Y = datasets.moons(1000, noise=0, rng=0)
    upper, lower = X[Y[:, 0] == 0], X[Y[:, 0] == 1]
    assert np.allclose(np.hypot(upper[:, 0], upper[:, 1]), 1)
    assert np.allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert lower[:, 0].min() < upper[:, 0].max()
    assert upper[:, 1].min() < lower[:, 1].max()


def test_blobs_lie_about_their_centers():
    """Each cluster has its center as mean and the spread as deviation in every coordinate."""
    centers = np.array([[0.0, 0.0, 0.0], [9.0, -9.0, 5.0]])
    X, Y = datasets.blobs(4000, centers=centers, spread=0.5, rng=0)
    for k, center in enumerate(centers):
        cluster = X[Y[:, k] == 1]
        assert np.allclose(cluster.mean(axis=0), center, atol=0.05)
        assert np.allclose(cluster.std(axis=0), 0.5, atol=0.03)


def test_blobs_are_one_hot():
    """Each row of Y holds one 1; the rest is 0."""
    _, Y = datasets.blobs(20, centers=5, rng=0)
    assert Y.shape == (20, 5)
    assert np.array_equal(np.sort(Y, axis=1), np.tile([0.0, 0, 0, 0, 1], (20, 1)))


def test_a_number_of_blobs_lie_on_a_circle():
    """k centers have radius 4 and equal distances, the first at (4, 0)."""
    X, Y = datasets.blobs(6, centers=3, spread=0, rng=0)
    places = np.array([X[Y[:, k] == 1][0] for k in range(3)])
    assert np.allclose(places[0], [4, 0])
    assert np.allclose(np.hypot(places[:, 0], places[:, 1]), 4)
    assert np.allclose(np.linalg.norm(places - np.roll(places, 1, axis=0), axis=1), 48**0.5)


# Bad input


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("n", [0, -3])
def test_counts_below_one_are_refused(name, n):
    """A number of samples must be 1, 2, 3, ..."""
    assert refusal(ArgumentError, DRAWN[name], n) == (
        f"datasets.{name}: n must be a positive whole number; got {n}."
    )


@pytest.mark.parametrize("n", [2.5, math.nan, "ten", None, True, [3]])
def test_what_is_no_count_is_refused(n):
    """What is no whole number is an error of type."""
    assert refusal(ArgumentTypeError, datasets.survey, n) == (
        f"datasets.survey: n must be a positive whole number; got {n!r}."
    )


@pytest.mark.parametrize("noise", [-0.1, math.nan, math.inf])
@pytest.mark.parametrize("name", ["survey", "ring", "moons"])
def test_noise_below_zero_or_not_finite_is_refused(name, noise):
    """Noise is a standard deviation."""
    assert refusal(ArgumentError, DRAWN[name], noise=noise) == (
        f"datasets.{name}: noise must be a finite number that is not negative; got {noise}."
    )


def test_other_numbers_out_of_range_are_refused():
    """Messages name the argument, what it must be and what it got."""
    assert refusal(ArgumentError, datasets.blobs, spread=-1) == (
        "datasets.blobs: spread must be a finite number that is not negative; got -1."
    )
    assert refusal(ArgumentError, datasets.survey, income_unit=0) == (
        "datasets.survey: income_unit must be a finite number greater than 0; got 0."
    )
    assert refusal(ArgumentTypeError, datasets.survey, income_unit="hundreds") == (
        "datasets.survey: income_unit must be a number greater than 0; got 'hundreds'."
    )
    assert refusal(ArgumentTypeError, datasets.ring, noise=True) == (
        "datasets.ring: noise must be a number that is not negative; got True."
    )


@drawn
@pytest.mark.parametrize(
    ("rng", "error"),
    [(-1, ArgumentError), (0.5, ArgumentTypeError), ("a", ArgumentTypeError)],
)
def test_what_no_chance_comes_from_is_refused(draw, rng, error):
    """`rng` is an int of at least 0, a Generator or None."""
    assert refusal(error, draw, rng=rng) == (
        f"datasets.{draw.__name__}: rng must be a whole number of at least 0, "
        f"a numpy.random.Generator or None; got {rng!r}."
    )


def test_centers_that_are_none_are_refused():
    """Centers are a count or a finite matrix."""

    def message(error, centers):
        return refusal(error, datasets.blobs, centers=centers)

    what = "datasets.blobs: centers must be"
    assert message(ArgumentError, 0) == f"{what} a positive whole number; got 0."
    assert message(ArgumentTypeError, "three") == f"{what} a positive whole number; got 'three'."
    assert message(ShapeError, [1.0, 2.0]) == f"{what} a table of numbers; got shape (2,)."
    assert message(ShapeError, [[]]) == f"{what} (n_classes, n_inputs); got (1, 0)."
    assert message(NotFiniteError, [["a", "b"]]) == f"{what} numbers; got [['a', 'b']]."
    assert message(NotFiniteError, [[0.0, math.nan]]) == (
        f"{what} finite numbers; got nan at [0, 1]."
    )


# IDX files


IDX_CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array):
    """Return the bytes of an IDX file, written here from the format's description."""
    code = IDX_CODES[array.dtype.str[1:]]
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.fixture
def write(tmp_path):
    """Return a function that writes bytes to a file and returns its path."""

    def to_file(data, name="data.idx"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return to_file


@pytest.mark.parametrize("dtype", IDX_CODES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_reading_an_idx_file_undoes_writing_it(write, dtype, pack):
    """All six types and any shape come back exactly, in the machine's byte order, writable."""
    array = np.arange(24).reshape(2, 3, 4).astype(dtype) - (0 if dtype == "u1" else 7)
    array = array.astype(dtype)
    got = datasets.read_idx(write(pack(idx_bytes(array))))
    assert np.array_equal(got, array)
    assert got.dtype == np.dtype(dtype)
    assert got.dtype.isnative
    got += 1


@settings(max_examples=50, deadline=None)  # a busy disk is no failure
@given(
    array=hnp.arrays(
        dtype=st.sampled_from(list(IDX_CODES)),
        shape=hnp.array_shapes(min_dims=1, max_dims=5, max_side=3),
    ),
    packed=st.booleans(),
)
def test_every_array_survives_the_way_through_a_file(tmp_path_factory, array, packed):
    """What is read has the bytes, type and shape of what was written, NaN included."""
    path = tmp_path_factory.mktemp("idx") / "any"
    data = idx_bytes(array)
    path.write_bytes(gzip.compress(data) if packed else data)
    got = datasets.read_idx(str(path))
    assert (got.shape, got.dtype, got.tobytes()) == (array.shape, array.dtype, array.tobytes())


def test_images_and_labels_become_samples(write):
    """Files of 28x28 images and of labels reshape to X (n, 784) and a one-hot Y (n, 10)."""
    pixels = np.random.default_rng(0).integers(0, 256, size=(5, 28, 28), dtype=np.uint8)
    digits = np.array([5, 0, 4, 1, 9], dtype=np.uint8)
    images = datasets.read_idx(write(gzip.compress(idx_bytes(pixels)), "images.gz"))
    labels = datasets.read_idx(write(idx_bytes(digits), "labels"))
    assert (images.reshape(len(images), -1) / 255).shape == (5, 784)
    assert np.array_equal(np.eye(10)[labels].argmax(axis=1), digits)


def test_every_cut_of_a_file_is_refused(write):
    """However short a file is cut, plain or packed, it is an error and never an array."""
    data = idx_bytes(np.arange(6, dtype=np.uint8).reshape(2, 3))
    for whole in (data, gzip.compress(data)):
        for length in range(len(whole)):
            path = write(whole[:length])
            with pytest.raises(ModelFileError, match=r"^datasets\.read_idx: '.*' "):
                datasets.read_idx(path)


def test_files_of_the_wrong_length_are_refused(write):
    """The numbers must be as many as the header says."""
    data = idx_bytes(np.arange(6, dtype=np.int16).reshape(2, 3))
    promise = "its header promises 2 x 3 numbers of type int16, 12 bytes"
    short = write(data[:-1], "short")
    assert refusal(ModelFileError, datasets.read_idx, short) == (
        f"datasets.read_idx: '{short}' is cut short: {promise}, but only 11 follow. Get it again."
    )
    long = write(data + b"\0", "long")
    assert refusal(ModelFileError, datasets.read_idx, long) == (
        f"datasets.read_idx: '{long}' is too long: {promise}, but more follow. Get it again."
    )
    headless = write(data[:9], "headless")
    assert refusal(ModelFileError, datasets.read_idx, headless) == (
        f"datasets.read_idx: '{headless}' is cut short: it ends within its header. Get it again."
    )


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        (b"", "nothing"),
        (b"\0\0\x08", "00 00 08"),
        (b"\x89PNG\r\n", "89 50 4e 47"),
        (b"\0\0\x0a\x01" + bytes(8), "00 00 0a 01"),
        (b"\0\x01\x08\x01" + bytes(8), "00 01 08 01"),
    ],
)
def test_foreign_files_are_refused(write, data, begins):
    """A file that does not begin like an IDX file is told how it begins."""
    path = write(data)
    assert refusal(ModelFileError, datasets.read_idx, path) == (
        f"datasets.read_idx: '{path}' is no IDX file: it begins with {begins}, but an IDX file "
        "with 00 00, one of 08, 09, 0b, 0c, 0d, 0e, and the number of dimensions."
    )


@pytest.mark.parametrize("n", [0, 33, 255])
def test_senseless_numbers_of_dimensions_are_refused(write, n):
    """An array has 1 to 32 dimensions."""
    path = write(bytes([0, 0, 8, n]) + struct.pack(">I", 1) * n + b"\0")
    assert refusal(ModelFileError, datasets.read_idx, path) == (
        f"datasets.read_idx: '{path}' has {n} dimensions; it must have 1 to 32."
    )


def test_files_without_numbers_are_refused(write):
    """A dimension of 0 leaves nothing to learn from, whatever the others claim."""
    path = write(bytes([0, 0, 8, 3]) + struct.pack(">III", 0, 2**32 - 1, 2**32 - 1))
    assert refusal(ModelFileError, datasets.read_idx, path) == (
        f"datasets.read_idx: '{path}' is empty: its header promises 0 x 4294967295 x 4294967295 "
        "numbers of type uint8."
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_header_takes_no_memory(write, pack):
    """A header that claims a gigabyte over ten bytes is refused with little memory taken."""
    path = write(pack(bytes([0, 0, 8, 1]) + struct.pack(">I", 2**30) + bytes(10)))
    tracemalloc.start()
    try:
        message = refusal(ModelFileError, datasets.read_idx, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert message == (
        f"datasets.read_idx: '{path}' is cut short: its header promises 1073741824 numbers of "
        "type uint8, 1073741824 bytes, but only 10 follow. Get it again."
    )
    assert peak < 5_000_000


def test_headers_beyond_the_limit_are_refused(write):
    """More than max_bytes is refused by the header alone; a raised limit lets it through."""
    array = np.zeros((100, 100), dtype=np.float64)
    path = write(gzip.compress(idx_bytes(array)))
    assert refusal(ModelFileError, datasets.read_idx, path, max_bytes=79_999) == (
        f"datasets.read_idx: '{path}' is too large: its header promises 100 x 100 numbers of "
        "type float64, 80000 bytes. Raise max_bytes if that is true."
    )
    assert np.array_equal(datasets.read_idx(path, max_bytes=80_000), array)
    hostile = write(bytes([0, 0, 14, 32]) + b"\xff" * 128 + bytes(8))
    claim = (2**32 - 1) ** 32 * 8
    assert refusal(ModelFileError, datasets.read_idx, hostile).endswith(
        f" numbers of type float64, {claim} bytes. Raise max_bytes if that is true."
    )


def test_damaged_gzip_files_are_refused(write):
    """A bit that flipped in the packed numbers or in their check sum never loads wrong."""
    packed = bytearray(gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8))))
    packed[-6] ^= 1
    path = write(bytes(packed))
    message = refusal(ModelFileError, datasets.read_idx, path)
    assert message.startswith(f"datasets.read_idx: '{path}' is a damaged gzip file: CRC check")
    assert message.endswith(". Get it again.")
    packed[40] ^= 0xFF
    assert "is a damaged gzip file" in refusal(
        ModelFileError, datasets.read_idx, write(bytes(packed))
    )


def test_paths_that_lead_nowhere_are_refused(tmp_path):
    """A missing file, a folder and what is no path each say so."""
    missing = tmp_path / "missing"
    assert refusal(ModelFileError, datasets.read_idx, missing) == (
        f"datasets.read_idx: '{missing}' cannot be read: No such file or directory. Check the path."
    )
    assert refusal(ModelFileError, datasets.read_idx, tmp_path) == (
        f"datasets.read_idx: '{tmp_path}' is a folder or a device, not a file. Check the path."
    )
    assert refusal(ModelFileError, datasets.read_idx, "a\0b") == (
        "datasets.read_idx: 'a\0b' cannot be read: embedded null byte. Check the path."
    )
    assert refusal(ArgumentTypeError, datasets.read_idx, 3) == (
        "datasets.read_idx: path must be a path; got 3."
    )
    assert refusal(ArgumentError, datasets.read_idx, missing, max_bytes=0) == (
        "datasets.read_idx: max_bytes must be a positive whole number; got 0."
    )


def test_the_door_of_the_datasets_lists_them_all():
    """Every public name is there, and documented with an example."""
    for name in datasets.__all__:
        assert ">>> " in getattr(datasets, name).__doc__
