"""Laws of the examination of BLAS: what it tells is so, and its advice fits the processor."""

import json
import subprocess
import sys

import pytest

import neurosim as ns
from neurosim.blas import better_kernel, loaded_blas, restart
from neurosim.blas.examination import BlasReport
from neurosim.blas.libraries import Blas
from neurosim.blas.measured import product_rate, rate_with
from neurosim.blas.processor import KERNELS, VARIABLE, features, processor_name, usable_kernels
from neurosim.cli import entry

MODERN = frozenset.union(*KERNELS.values())
OPENBLAS = Blas("openblas", "0.3.31", "Haswell", 2)


def report(other_rate, other="SkylakeX", blas=OPENBLAS):
    """What is found where other kernels have this rate."""
    return BlasReport("a processor", blas, 250.0, other, other_rate)


def test_the_loaded_blas_is_numpys():
    """What is told of BLAS is what threadpoolctl finds in this process."""
    from threadpoolctl import threadpool_info

    blas = loaded_blas()
    kernels = [pool.get("architecture") for pool in threadpool_info()]
    assert blas is None or blas.kernel == "unknown" or blas.kernel in kernels


def test_a_faster_kernel_is_advised_with_the_line_to_set():
    """Kernels at least a tenth faster are worth a line, which the report spells out."""
    found = report(470.0)
    assert (found.ok, found.line) == (False, f"export {VARIABLE}=SkylakeX")
    assert str(found).splitlines()[1:] == [
        str(found).splitlines()[1],
        "A float32 product of 1024 x 1024 matrices reaches 250 GFLOP/s.",
        "With SkylakeX kernels it reaches 470: 1.88 x.",
        "This BLAS does not know the processor and took the kernels of an older one. Set",
        "    export OPENBLAS_CORETYPE=SkylakeX",
        "in the shell before Python starts. (BLAS reads it when NumPy is loaded: later is too "
        "late. The last digits of results may change, as sums are added up in another order.)",
    ]
    assert "openblas 0.3.31, Haswell kernels, 2 threads" in str(found)


def test_a_choice_in_the_environment_is_told():
    """Where somebody has asked for slower kernels, the report says who: the variable."""
    found = BlasReport("a processor", OPENBLAS, 250.0, "SkylakeX", 470.0, "Haswell")
    assert (
        "OPENBLAS_CORETYPE is set to Haswell here, which asks for the slower ones. Set"
        in str(found).splitlines()
    )


@pytest.mark.parametrize("rate", [None, 100.0, 260.0])
def test_kernels_that_are_no_faster_are_not_advised(rate):
    """What is slower, hardly faster or cannot be measured gives no line."""
    found = report(rate)
    assert (found.ok, found.line) == (True, None)
    assert str(found).endswith("Nothing to set: no faster kernels were found.")


def test_a_blas_without_a_name_is_told_as_such():
    """Where BLAS does not tell of itself, the report says so, and advises nothing."""
    found = report(None, other=None, blas=None)
    assert "multiplies with a BLAS that does not tell its name." in str(found)
    assert found.ok


def test_only_kernels_that_the_processor_can_run_are_proposed():
    """A kernel is proposed only if every one of its instructions is there."""
    assert better_kernel("Haswell", MODERN) == "SkylakeX"
    assert better_kernel("SkylakeX", MODERN) is None
    assert better_kernel("Haswell", KERNELS["Haswell"]) is None
    assert better_kernel("Haswell", MODERN - {"avx512vl"}) is None
    assert better_kernel("Sandybridge", KERNELS["Haswell"]) == "Haswell"
    assert better_kernel("neoversen1", MODERN) is None
    assert usable_kernels(frozenset()) == []


def test_instructions_are_those_of_all_cores(tmp_path):
    """A processor whose cores differ has what all of them have."""
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("model name\t: Fast\nflags\t: fma avx2\n\nflags\t: avx2\n")
    assert features(cpuinfo) == {"avx2"}
    assert processor_name(cpuinfo) == "Fast"
    assert features(tmp_path / "missing") == frozenset()
    assert processor_name(tmp_path / "missing")


def test_rates_are_measured_here_and_in_another_process():
    """A rate is positive; of kernels that BLAS does not have there is none."""
    assert product_rate(64, 2) > 0
    assert rate_with("no such kernel") is None


def test_the_examination_asks_for_the_rate_of_what_is_missing():
    """Other kernels are measured exactly where the processor has them and BLAS did not take them."""
    asked = []
    found = ns.examine_blas(available=MODERN, measure=lambda kernel: asked.append(kernel) or 1e9)
    expected = None if found.blas is None else better_kernel(found.blas.kernel, MODERN)
    assert asked == ([] if expected is None else [expected])
    assert found.other == expected
    assert found.ok is (expected is None)


def test_the_command_prints_the_report(capsys):
    """``neurosim doctor-blas`` prints what was found, and succeeds."""
    process = subprocess.run(
        [sys.executable, "-m", "neurosim", "doctor-blas"], capture_output=True, text=True
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("Processor: ")


@pytest.mark.parametrize(
    ("arguments", "environment", "starts"),
    [
        (["train", "x.csv"], {}, True),
        (["train", "x.csv"], {VARIABLE: "Haswell"}, False),
        (["draw", "m.json"], {}, False),
        ([], {}, False),
    ],
)
def test_heavy_commands_start_with_better_kernels(monkeypatch, arguments, environment, starts):
    """Training starts once more with better kernels, unless somebody has chosen some."""
    started = []
    monkeypatch.setattr(restart, "loaded_blas", lambda: OPENBLAS)
    monkeypatch.setattr(restart, "features", lambda: MODERN)
    monkeypatch.setattr(entry, "main", lambda: 0)
    monkeypatch.setattr(entry.sys, "argv", ["neurosim", *arguments])
    monkeypatch.delenv(VARIABLE, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(restart.os, "execve", lambda *what: started.append(what))
    assert entry.run() == 0
    assert [environment[VARIABLE] for _, _, environment in started] == ["SkylakeX"] * starts


def test_the_same_command_goes_on_in_the_new_process(tmp_path):
    """The command line works the same where it starts once more."""
    data = tmp_path / "data.csv"
    data.write_text("a,b,y\n" + "\n".join(f"{i},{i % 3},{i % 2}" for i in range(30)))
    model = tmp_path / "m.json"
    command = ["train", str(data), "--target", "y", "--epochs", "2", "--save", str(model)]
    process = subprocess.run(
        [sys.executable, "-m", "neurosim", *command], capture_output=True, text=True
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert json.loads(model.read_text())
