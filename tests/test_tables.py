"""Tables: CSV files read as columns, and what a model keeps of them."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest

import neurosim as ns
from neurosim.tables import (
    Input,
    NumberColumn,
    Schema,
    Target,
    TextColumn,
    inputs_of,
    read_header,
    read_table,
    require_categories,
    split,
)

SCHEMA = Schema(
    (Input("age"), Input("town", ("Graz", "Linz"), (0.25, 0.75))), (Target("dates"),), ("name",)
)


@pytest.fixture
def write(tmp_path):
    """Write a CSV file; return its name."""

    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def read(file, texts=(), separator=","):
    """Read all columns of a file."""
    kinds = {n: TextColumn if n in texts else None for n in read_header(file, separator)}
    return read_table(file, kinds, separator)


def network(schema=SCHEMA):
    """A network of 3 inputs and one output that carries a schema."""
    net = ns.Network.layered([3, 2, 1], hidden=ns.TanhNeuron, output=ns.LinearNeuron, rng=1)
    net.table = schema
    return net


# -- reading --------------------------------------------------------------------------------------


def test_the_first_value_of_a_column_tells_numbers_from_texts(write):
    """Numbers become float64 and texts codes; a missing cell is NaN or -1, in whichever word."""
    table = read(write(' a ,b,c,d\n1,,n/a,\n-2.5e3,NA,"Linz, at night",\n null , Graz,7,\n'))
    a, b, c, d = table.columns.values()
    assert table.n_rows == 3
    assert [type(column) for column in (a, b, c, d)] == [
        NumberColumn,
        TextColumn,
        TextColumn,
        NumberColumn,
    ]
    np.testing.assert_array_equal(a.values, [1.0, -2500.0, np.nan])
    assert (a.distinct(), b.distinct(), c.distinct()) == (
        [-2500, 1],
        ["Graz"],
        ["7", "Linz, at night"],
    )
    assert c.codes(["7", "Linz, at night"]).tolist() == [-1, 1, 0]
    assert [column.missing().tolist() for column in (a, b, c, d)] == [
        [False, False, True],
        [True, True, False],
        [True, False, False],
        [True, True, True],
    ]


def test_reading_in_pieces_is_reading_at_once(write, monkeypatch):
    """However few cells are held at a time, the columns are the same."""
    rows = "".join(f"{'' if i < 5 else i},{'' if i < 7 else 'xyz'[i % 3]}\n" for i in range(20))
    file = write("a,b\n" + rows + "\n\n")
    whole = read(file)
    monkeypatch.setattr("neurosim.tables.reader._CELLS", 4)
    parts = read(file)
    for name in ("a", "b"):
        one, other = whole.columns[name], parts.columns[name]
        assert one.distinct() == other.distinct()
        assert one.codes(one.distinct()).tolist() == other.codes(one.distinct()).tolist()
    assert (parts.n_rows, parts.columns["a"].values[5]) == (20, 5.0)


def test_a_byte_order_mark_windows_lines_and_other_separators_are_read(write):
    """Files of spreadsheets are read: with a BOM, CRLF, semicolons."""
    table = read(write(b"\xef\xbb\xbfa;b\r\n1;x\r\n2;y\r\n"), separator=";")
    assert list(table.columns) == ["a", "b"]
    assert table.columns["a"].values.tolist() == [1.0, 2.0]


def test_numbers_can_be_read_as_texts(write):
    """A column that is asked for as texts is one, whatever its cells look like."""
    table = read(write("zip,y\n1010,1\n4020,2\n"), texts=("zip",))
    assert table.columns["zip"].distinct() == ["1010", "4020"]


BAD_FILES = [
    ("", "{file!r} is empty."),
    (
        "\na,b\n",
        "{file!r} has no header: its first row is ''. Write the names of the columns above the "
        "data.",
    ),
    (
        "1,2\n3,4\n",
        "{file!r} has no header: its first row is '1,2'. Write the names of the columns above the "
        "data.",
    ),
    ("a,b,a\n1,2,3\n", "{file!r}: columns 1 and 3 have one name, 'a'; rename one of them."),
    ("a,,c\n1,2,3\n", "{file!r}: column 2 has no name in the header."),
    (
        "a;b\n1;2\n",
        "{file!r} has one column, 'a;b', if columns are separated by ','; pass --separator ';'.",
    ),
    ("a,b\n\n", "{file!r} has a header, but no rows below it."),
    ("a,b\n1,2\n3\n", "{file!r}, row 3 has 1 cell, but the header names 2 columns."),
    (
        "a,b\n1,2\n3,4,5\n",
        "{file!r}, row 3 has 3 cells, but the header names 2 columns. Does a number have a decimal "
        "comma (1,5 instead of 1.5)?",
    ),
    ("a,b\n1,2\n\n3,4\n", "{file!r}, row 3 is blank, but the header names 2 columns."),
    (
        b"a,b\n1,2\nM\xfcller,4\n",
        "{file!r}, row 3: no text in UTF-8; save the table as CSV in UTF-8.",
    ),
    (
        'a,b\n"1,5",2\n',
        "{file!r}, row 2, column 'a': '1,5' has a decimal comma; write numbers with a point: 1.5.",
    ),
    (
        'a,b\n,2\n1.5,2\n"-2,5",2\n',
        "{file!r}, row 4, column 'a': '-2,5' has a decimal comma; write numbers with a point: "
        "-2.5.",
    ),
    (
        "a,b\n1,2\n1_000,2\n",
        "{file!r}, row 3, column 'a': '1_000' is no number, as others in this column are; correct "
        "it, or leave it empty where it is missing. If they are categories, train with --text 'a'.",
    ),
    (
        "a,b\nunknown,2\n1,2\n2,2\n",
        "{file!r}, row 2, column 'a': 'unknown' is no number, as others in this column are; correct "
        "it, or leave it empty where it is missing. If they are categories, train with --text 'a'.",
    ),
    ("a,b\n1,2\n1e999,2\n", "{file!r}, row 3, column 'a': '1e999' is no finite number."),
    (
        'a,b\n1,"' + 200_000 * "x" + '"\n',
        "{file!r}, line 2: no CSV (field larger than field limit (131072)); is a quote not closed?",
    ),
    (
        "a,b\n" + "".join(f"x{i},1\n" for i in range(1001)),
        "{file!r}, column 'a': more than 1000 different texts, beginning with 'x0', are no "
        "categories; leave the column out with --ignore 'a'.",
    ),
]


@pytest.mark.parametrize(("content", "message"), BAD_FILES, ids=range(len(BAD_FILES)))
def test_a_bad_file_is_refused_with_its_place(write, content, message):
    """What is no table names the file, the row and the column."""
    file = write(content)
    with pytest.raises(ns.NeurosimError) as caught:
        read(file)
    assert str(caught.value) == message.format(file=file)


def test_files_that_cannot_be_tables_are_refused(tmp_path):
    """A missing file, a folder and a model file say what they are."""
    for file, message in (
        (tmp_path / "no.csv", "{!r} cannot be read (No such file or directory)."),
        (tmp_path, "{!r} cannot be read (Is a directory)."),
        (tmp_path / "net.json", "{!r} is a model file, no table; give a CSV file here."),
    ):
        with pytest.raises(ns.ModelFileError) as caught:
            read_header(str(file))
        assert str(caught.value) == message.format(str(file))


# -- from columns to numbers ----------------------------------------------------------------------


def test_columns_become_inputs_numbers_as_they_are_texts_one_hot(write):
    """X has a column for a number and one for each category, in the schema's order, not the file's."""
    table = read(write("town,age,dates\nLinz,20,1\nGraz,30,2\n,40,3\n"))
    assert SCHEMA.labels == ["age", "town[Graz]", "town[Linz]"]
    X = SCHEMA.matrix(table)
    assert X.tolist() == [[20, 0, 1], [30, 1, 0], [40, 0.25, 0.75]]
    np.testing.assert_array_equal(SCHEMA.matrix(table, np.array([2, 0])), X[[2, 0]])
    assert SCHEMA.target_matrix(table, 1).tolist() == [[1.0], [2.0], [3.0]]


def test_targets_with_classes_are_zeros_and_ones(write):
    """One output tells the second of two classes; several have a column for each class."""
    table = read(write("x,t,n\n1,b,3\n2,a,1\n"))
    schema = Schema((Input("x"),), (Target("t", ("a", "b")),))
    assert schema.target_matrix(table, 1).tolist() == [[1.0], [0.0]]
    assert schema.target_matrix(table, 2).tolist() == [[0.0, 1.0], [1.0, 0.0]]
    numbers = Schema((Input("x"),), (Target("n", (1, 2, 3)),))
    assert numbers.target_matrix(table, 3).tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    unknown = Schema((Input("x"),), (Target("n", (1, 2)),))
    with pytest.raises(ns.ArgumentError) as caught:
        unknown.target_matrix(table, 1)
    assert str(caught.value) == (
        f"{table.file!r}, row 2, column 'n': '3' does not occur in the training table. "
        "Known: '1', '2'."
    )


def test_means_are_those_of_the_rows_to_learn_from(write):
    """A missing number takes the mean of the training rows, a missing text the categories' shares."""
    table = read(write("a,t,y\n1,u,0\n3,v,0\n,,0\n99,v,0\n"))
    inputs, left_out = inputs_of(table, ["a", "t"], np.array([0, 1, 2]), impute=True)
    assert inputs == [Input("a", None, (2.0,)), Input("t", ("u", "v"), (0.5, 0.5))]
    assert left_out == {}
    X = Schema(tuple(inputs), ()).matrix(table)
    assert X.tolist() == [[1, 1, 0], [3, 0, 1], [2, 0.5, 0.5], [99, 0, 1]]


def test_without_imputing_a_missing_value_is_refused(write):
    """The first missing value is named, with what can be done."""
    table = read(write("a,b\n1,2\n,3\n4,5\n"))
    with pytest.raises(ns.NotFiniteError) as caught:
        inputs_of(table, ["b", "a"], np.arange(3), impute=False)
    assert str(caught.value) == (
        f"{table.file!r}, row 3, column 'a': missing; fill it in, delete the row, leave the column "
        "out with --ignore 'a', or pass --impute mean."
    )


def test_columns_that_say_nothing_are_left_out_with_the_reason(write):
    """A column that is the same, or empty, in every training row is no input; one must be left."""
    table = read(write("a,b,c,d\n5,same,,1\n5,same,,2\n6,same,,3\n"))
    rows = np.array([0, 1])
    inputs, left_out = inputs_of(table, ["a", "b", "c", "d"], rows, impute=False)
    assert inputs == [Input("d")]
    assert left_out == {
        "a": "is 5 in every row to learn from",
        "b": "is 'same' in every row to learn from",
        "c": "is empty in every row to learn from",
    }
    with pytest.raises(ns.ArgumentError) as caught:
        inputs_of(table, ["a"], rows, impute=False)
    assert str(caught.value) == (
        f"{table.file!r} has no column to learn from beside the target ('a' is 5 in every row to "
        "learn from)."
    )


def test_texts_that_are_names_are_no_categories(write):
    """From 20 rows on, texts of which more than half are different are refused."""
    table = read(write("n,t\n" + "".join(f"p{i % 11},t{i % 10}\n" for i in range(20))))
    require_categories(table, ["t"])
    with pytest.raises(ns.ArgumentError) as caught:
        require_categories(table, ["t", "n"])
    assert str(caught.value) == (
        f"{table.file!r}, column 'n': 11 different texts in 20 rows, beginning with 'p0', are no "
        "categories; leave the column out with --ignore 'n'."
    )


def test_the_split_is_a_partition_that_keeps_every_category_to_learn_from(write):
    """Both parts make the whole, the share is right, one seed gives one split."""
    rows = "".join(f"{i},{'rare' if i == 7 else 'ab'[i % 2]},{int(i == 3)}\n" for i in range(50))
    table = read(write("x,t,y\n" + rows))
    for seed in range(20):
        training, held_back = split(table, 0.2, ["y"], np.random.default_rng(seed))
        assert sorted([*training, *held_back]) == list(range(50))
        assert len(held_back) == 10
        assert {3, 7} <= set(training.tolist())
        again = split(table, 0.2, ["y"], np.random.default_rng(seed))
        assert again[0].tolist() == training.tolist()
    training, held_back = split(table, 0.0, ["y"], np.random.default_rng(0))
    assert (len(training), len(held_back)) == (50, 0)


# -- what a model keeps ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_a_schema_is_saved_copied_and_pickled_with_its_network(tmp_path, suffix):
    """Save and load, copy and pickle keep the schema, of layered networks and of others."""
    layered = network()
    graph = network()
    graph.disconnect("input[0]", "hidden1[0]")
    graph.table = SCHEMA
    for net in (layered, graph):
        net.save(tmp_path / f"net{suffix}")
        for other in (
            ns.load(tmp_path / f"net{suffix}"),
            net.copy(),
            copy.deepcopy(net),
            pickle.loads(pickle.dumps(net)),
            ns.Network.from_config(json.loads(json.dumps(net.config()))),
        ):
            assert other.table == SCHEMA


def test_a_network_without_a_table_has_none(tmp_path):
    """Nothing is written of a table that there is not."""
    net = network(None)
    net.save(tmp_path / "net.json")
    assert "table" not in net.config()
    assert ns.load(tmp_path / "net.json").table is None


def test_the_digest_covers_the_table(tmp_path):
    """A table changed by hand is refused."""
    path = tmp_path / "net.json"
    network().save(path)
    path.write_text(path.read_text().replace("Linz", "Wien"))
    with pytest.raises(ns.ModelFileError) as caught:
        ns.load(path)
    assert str(caught.value) == (
        f"{str(path)!r} is damaged or was changed by hand: its digest does not match. Use a good "
        "copy; to write a network by hand use Network.from_config."
    )


WHAT = "Network.from_config: table"
BAD_TABLES = [
    (5, f"{WHAT} must be a dict; got 5."),
    ({}, f"{WHAT} must be a dict of inputs, targets, unused; got {{}}."),
    (
        {"inputs": [], "targets": [], "unused": []},
        f"{WHAT} must have inputs and a target, or several targets that are numbers; got "
        "{'inputs': [], 'targets': [], 'unused': []}.",
    ),
    (
        {"inputs": [{"name": "a"}], "targets": [], "unused": []},
        f"{WHAT}: inputs must be a dict of column, categories, means; got {{'name': 'a'}}.",
    ),
    (
        {"inputs": [{"column": "a", "means": [1, 2]}], "targets": [], "unused": []},
        f"{WHAT}: inputs: means must be 1 numbers; got 2.",
    ),
    (
        {"inputs": [{"column": "a"}], "targets": [{"column": "a"}], "unused": []},
        f"{WHAT} must have different columns; got ['a', 'a'].",
    ),
    (
        {"inputs": [{"column": "a"}], "targets": [{"column": "b"}], "unused": []},
        f"{WHAT} is of 1 inputs and 1 outputs, but the network has 3 and 1.",
    ),
    (
        {"inputs": [], "targets": [{"column": "b", "classes": ["x", 1]}], "unused": []},
        f"{WHAT}: targets: classes must be different texts, or whole numbers; got ['x', 1].",
    ),
    (
        {"inputs": [], "targets": [], "unused": ["a", "a"]},
        f"{WHAT}: unused must be different texts; got ['a', 'a'].",
    ),
]


@pytest.mark.parametrize(("table", "message"), BAD_TABLES, ids=range(len(BAD_TABLES)))
def test_a_bad_table_in_a_configuration_is_refused(table, message):
    """Plain data that is no schema, or not that of this network, is named."""
    with pytest.raises(ns.NeurosimError) as caught:
        ns.Network.from_config({**network(None).config(), "table": table})
    assert str(caught.value) == message


def test_other_columns_than_those_of_the_training_table_are_named():
    """Order does not matter, targets and unused columns may be there; all else is refused."""
    SCHEMA.check_header(["town", "age"], "new.csv")
    SCHEMA.check_header(["name", "dates", "town", "age"], "new.csv")
    start = "'new.csv' has other columns than the training table: "
    for header, message in (
        (["town"], "it lacks 'age'."),
        (["name"], "it lacks 'age', 'town'."),
        (["town", "age", "zip"], "it has 'zip', which the training table had not."),
        (
            ["towns", "age"],
            "it lacks 'town' and it has 'towns', which the training table had not. "
            "Did you mean 'town'?",
        ),
    ):
        with pytest.raises(ns.ShapeError) as caught:
            SCHEMA.check_header(header, "new.csv")
        assert str(caught.value) == start + message
