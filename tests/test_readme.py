"""The README and the documentation are run: what they print is what a reader gets."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np

import neurosim as ns

ROOT = Path(__file__).parent.parent


def test_the_readme_prints_what_it_says():
    """Every example in the README gives exactly the numbers printed under it."""
    result = doctest.testfile(
        str(ROOT / "README.md"),
        module_relative=False,
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )
    assert result.attempted > 20
    assert result.failed == 0


def run(page):
    """Run the examples of a page; return what they have defined."""
    text = (ROOT / page).read_text(encoding="utf-8")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(text, {"__name__": page}, page, page, 0)
    runner = doctest.DocTestRunner(optionflags=flags)
    result = runner.run(test, clear_globs=False)
    assert result.failed == 0
    assert result.attempted > 20
    return test.globs


def test_what_the_page_on_extending_defines_obeys_the_laws():
    """The page's own kinds, losses, optimizer and schedule run in every engine, in files and in
    traces, alone and all together.
    """
    page = "docs/extending.md"
    found = [item for item in run(page).values() if isinstance(item, type)]
    own = [item for item in found if item.__module__ == page]
    kinds, losses, optimizers, schedules = (
        [item for item in own if issubclass(item, base)]
        for base in (ns.Neuron, ns.Loss, ns.Optimizer, ns.Schedule)
    )
    assert [len(of) for of in (kinds, losses, optimizers, schedules)] == [2, 1, 1, 1]
    rate = schedules[0](0.1, 10)
    X, Y = np.random.default_rng(0).normal(size=(2, 6, 2))
    for kind in kinds:
        net, twin = (
            ns.Network.layered([2, 3, 2], hidden=kind, output=kind, loss=losses[0](), rng=1)
            for _ in range(2)
        )
        assert ns.check_gradient(net, X, Y).ok
        assert len(net.trace(X, Y, optimizers[0](rate)).text()) > 100
        net.fit(X, Y, optimizer=optimizers[0](rate), epochs=5, engine="vectorized")
        twin.fit(X, Y, optimizer=optimizers[0](rate), epochs=5, engine="graph")
        np.testing.assert_allclose(net.parameters, twin.parameters, rtol=1e-12)
        again = ns.Network.from_config(net.config(), kinds=[*kinds, *losses])
        np.testing.assert_array_equal(again.predict(X), net.predict(X))


def test_every_link_leads_somewhere():
    """Every file that README, CONTRIBUTING and the docs link to exists."""
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
