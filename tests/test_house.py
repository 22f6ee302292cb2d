"""The house: who may import whom, what loading it costs, and what every module says of itself."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import neurosim as ns

ROOT = Path(ns.__file__).parent

# Every part of the house imports only parts above it; a package counts as one part.
TABLE = """
errors erf
checks functions
recording
programs
definitions
mapped
units files randomness normalization blas
initializers tables
neurons
losses datasets regularizers
regularization
layers
wiring
grouping
building
edge samples
places
directory graph rewiring
engines
network
fine_tuning
learning
configuration
storage gradcheck summary estimators
tracing
whatif
drawing
cli
__main__
"""

# One-line façades import inside a function what stands below them, so that no arrow is a circle:
# Network.fit, .evaluate, .replace_output, .trace, .draw, .save, .summary, .config and from_config, History.plot,
# RateSweep.plot, Trace.draw, LossCurve.plot, BeforeAfter.draw; a learner's own configuration, and names, which are looked up in the door.
FACADES = {
    "network": {
        "configuration",
        "drawing",
        "fine_tuning",
        "learning",
        "storage",
        "summary",
        "tracing",
    },
    "learning": {"configuration", "drawing"},
    "whatif": {"drawing"},
    "tracing": {"drawing"},
    "configuration": {"neurosim"},
    "cli": {"neurosim"},
}

EXTERNAL = {
    "numpy": None,
    "networkx": {"graph", "building", "configuration"},
    "matplotlib": {"drawing", "cli"},
    "mpl_toolkits": {"drawing"},
    "threadpoolctl": {"blas"},
    "tqdm": {"learning"},
    "sklearn": {"estimators"},
    "optuna": {"learning"},
    "numba": {"engines"},
    "llvmlite": {"engines"},
}
LATE = {"matplotlib", "mpl_toolkits", "optuna", "threadpoolctl", "tqdm"}

MODULES = sorted(ROOT.rglob("*.py"))


def part_of(path):
    """The part of the house that a file belongs to."""
    inside = path.relative_to(ROOT)
    return "neurosim" if inside == Path("__init__.py") else inside.parts[0].removesuffix(".py")


def imports_of(path):
    """Yield (module, whether inside a function) for every import that runs."""
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), False)


def _imports(node, inside):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from ((alias.name, inside) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            if child.module == "neurosim":
                yield from ((f"neurosim.{alias.name}", inside) for alias in child.names)
            else:
                yield child.module, inside
        yield from _imports(child, inside or isinstance(child, ast.FunctionDef | ast.Lambda))


def test_every_part_has_a_place():
    """The table names every part of the house, once."""
    rows = [name for line in TABLE.split("\n") for name in line.split()]
    assert len(rows) == len(set(rows))
    assert set(rows) == {part_of(path) for path in MODULES} - {"neurosim"}


def test_the_map_in_the_readme_names_every_folder():
    """The house in README.md shows every package of neurosim, with a slash."""
    text = (ROOT.parent / "README.md").read_text(encoding="utf-8")
    house = text.split("## The house")[1].split("```")[0]
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert {name for name in folders if f"{name}/" not in house} == set()


def test_arrows_point_one_way():
    """Every import inside the house goes to a part above; only the façades listed look down."""
    level = {name: i for i, line in enumerate(TABLE.split("\n")) for name in line.split()}
    level["neurosim"] = len(TABLE)
    looking_down = {}
    for path in MODULES:
        part = part_of(path)
        for module, inside in imports_of(path):
            if module.split(".")[0] != "neurosim":
                continue
            other = (module + ".neurosim").split(".")[1]
            other = other if other in level else "neurosim"
            if other == part or level[other] < level[part]:
                continue
            assert inside, f"{path.name} imports {module}, which stands below it"
            looking_down.setdefault(part, set()).add(other)
    assert looking_down == FACADES


def test_other_libraries_are_used_where_they_belong():
    """NumPy everywhere, networkx for graphs; drawing and the progress bar load theirs late."""
    standard = set(sys.stdlib_module_names) | {"neurosim"}
    for path in MODULES:
        part = part_of(path)
        for module, inside in imports_of(path):
            name = module.split(".")[0]
            if name in standard:
                continue
            assert name in EXTERNAL, (path.name, name)
            assert EXTERNAL[name] is None or part in EXTERNAL[name], (path.name, name)
            assert inside or name not in LATE, (path.name, name)


def test_importing_it_loads_no_extra():
    """`import neurosim` loads neither matplotlib nor any optional package."""
    extras = [
        "matplotlib",
        "scipy",
        "sklearn",
        "numba",
        "pandas",
        "tqdm",
        "IPython",
        "threadpoolctl",
        "torch",
        "jax",
    ]
    program = (
        "import sys, neurosim\n"
        "neurosim.Network.layered([2, 1], hidden=None, output=neurosim.LinearNeuron).graph\n"
        f"print([name for name in {extras} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_networkx_is_loaded_with_the_first_graph():
    """Whoever never asks for the graph never waits for networkx."""
    program = (
        "import sys, neurosim\n"
        "net = neurosim.Network.layered([2, 1], hidden=None, output=neurosim.LinearNeuron, rng=1)\n"
        "net.fit([[1, 0]], [[1]], optimizer=neurosim.SGD(0.1))\n"
        "print('networkx' in sys.modules, len(net.graph), 'networkx' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "3", "True"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_and_offers(path):
    """A module has a docstring and ``__all__``, whose functions and classes are documented."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    if path.name == "__main__.py" or len(tree.body) == 1:
        return
    module = importlib.import_module(
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    )
    for name in module.__all__:
        item = getattr(module, name)
        documented = not (inspect.isclass(item) or inspect.isfunction(item)) or item.__doc__
        assert documented, name


def test_the_library_never_prints_and_never_draws_from_the_global_stream():
    """No function prints, save the command line's; randomness comes from a generator only."""
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if part_of(path) != "cli":
            assert "print" not in calls, path
        for call in calls:
            assert not call.startswith("random."), (path, call)
            made = call.removeprefix("np.random.")
            assert made == call or made in ("default_rng", "Generator"), (path, call)


def test_every_zip_is_strict_and_no_set_is_iterated_where_floats_are_added():
    """`zip` always says strict, and no loop or comprehension runs over a set."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "zip":
                assert "strict" in {keyword.arg for keyword in node.keywords}, path
            if isinstance(node, ast.For | ast.comprehension):
                over = node.iter
                is_set = isinstance(over, ast.Set | ast.SetComp) or (
                    isinstance(over, ast.Call) and ast.unparse(over.func) in ("set", "frozenset")
                )
                assert not is_set, (path, ast.unparse(over))


def test_the_door_lists_just_what_it_offers():
    """``__all__`` is the sorted list of what the door imports, and holds every error."""
    public = {
        name
        for name, item in vars(ns).items()
        if not name.startswith("_")
        if not (inspect.ismodule(item) and name not in ("datasets", "errors", "functions"))
    }
    assert set(ns.__all__) == public
    assert set(ns.errors.__all__) <= set(ns.__all__)
    assert len(ns.__all__) == len(set(ns.__all__))
