"""Pages of the player, for the tests: kept by name, opened in a real browser, read as a person does."""

import json
import re
import shutil

import numpy as np
import pytest

import neurosim as ns

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def small():
    """The trace of a 2-2-1 network."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
    return net.trace([0.0, 1.0], [1.0], ns.SGD(0.5))


def softmax():
    """Of softmax outputs, a batch and an optimizer with a memory."""
    loss = ns.CategoricalCrossEntropy()
    net = ns.Network.layered(
        [2, 3, 2], hidden=ns.TanhNeuron, output=ns.SoftmaxNeuron, loss=loss, rng=2
    )
    return net.trace(_INPUTS, np.eye(2)[[0, 1, 1, 0]], ns.Adam(0.05))


def digits():
    """Of a 64-16-10 network."""
    net = ns.Network.layered([64, 16, 10], hidden=ns.SigmoidNeuron, output=ns.SigmoidNeuron, rng=1)
    return net.trace(np.linspace(-1.0, 1.0, 64), np.eye(10)[3], ns.SGD(0.1))


def training(steps=30):
    """A training."""
    net = ns.Network.layered([2, 2, 1], hidden=ns.TanhNeuron, output=ns.SigmoidNeuron, rng=1)
    return ns.trace_training(net, _INPUTS, [[0.0], [1.0], [1.0], [0.0]], ns.SGD(1.0), steps)


def data_of(page):
    """What a page's scripts read."""
    return json.loads(_DATA.search(page)[1])


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; tests skip without."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


class Reader:
    """A person who looks at a page; whatever goes wrong there or leaves it is kept."""

    def __init__(self, browser, file, **how):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **how})
        self.page = self.context.new_page()
        self.troubles, self.requests = [], []
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    def by(self, grouping):
        """Choose what is stepped by."""
        self.page.select_option("#by", grouping)

    def slide(self, position):
        """Move the slider."""
        self.page.locator("#slider").fill(str(position))

    def text(self, selector):
        """What stands there."""
        return self.page.locator(selector).first.inner_text()

    @property
    def place(self):
        """Where one is, counted from 0, and of how many."""
        at, of = self.text("#place").split(" of ")
        return int(at) - 1, int(of)

    @property
    def values(self):
        """The results of the current equations, in full and as they are shown."""
        found = self.page.eval_on_selector_all(
            "#now .value[data-value]", "all => all.map(e => [e.dataset.value, e.textContent])"
        )
        return [(float(full.replace("Infinity", "inf")), text) for full, text in found]

    def shown(self, role, label):
        """A number in the drawing; None while it is not known."""
        return self.page.evaluate(
            """([role, label]) => {
              const all = [...document.querySelectorAll("svg g.text")];
              const one = all.find(e => e.dataset.role === role && e.dataset.label === label);
              return getComputedStyle(one).visibility === "hidden"
                ? null : one.querySelector("text").textContent;
            }""",
            [role, label],
        )

    def close(self):
        """Close the page, which must have been quiet and alone."""
        self.context.close()
        assert self.troubles == []
        assert len(self.requests) == 1, self.requests


def as_shown(value, digits=6):
    """A number as the page writes it."""
    return f"{value:.{digits}g}".replace("-", "−")


def check_walk(reader, trace):
    """Assert that every step shows the trace's own number, in full and rounded."""
    reader.by("step")
    assert reader.place[1] == len(trace)
    for position, step in enumerate(trace):
        reader.slide(position)
        assert reader.values == [(step.value, as_shown(step.value))]
