"""A scene as text for Graphviz: what is drawn, with its numbers, looks, ranks and places.

``dot`` lays it out anew, rank by rank; ``neato -n2`` keeps the places of the drawing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from neurosim.drawing import formulas
from neurosim.drawing.backends.svg import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosim.drawing.backends.page import Page
    from neurosim.drawing.scene import Node, Scene, Stroke, Text

__all__ = ["dot_of"]

FONT = {"fontname": "DejaVu Sans"}
EPSILON = 1e-6
# What texts say of a layer; their `of` is its name.
OF_LAYERS = frozenset({"layer", "ellipsis", "left out"})


def dot_of(page: Page) -> str:
    """Return a directed graph in the DOT language."""
    scene = page.scene
    body = [*_head(scene), *_nodes(scene), *_edges(scene)]
    return "digraph neurosim {\n" + "".join(f"  {line}\n" for line in body) + "}\n"


def _head(scene: Scene) -> Iterator[str]:
    yield f"rankdir={'LR' if _to_the_right(scene) else 'TB'};"
    around = _around(scene)
    look = {
        "labelloc": "b",
        "bgcolor": scene.paper,
        "comment": _quoted(scene.description),
        **FONT,
        **_ink(around),
        "ranksep": "1",
    }
    label = "<br/>".join(_told(scene, text) for text in around)
    yield f"graph [label=<{label}>, {_attributes(look)}];"
    yield f'node [shape=box, style="rounded,filled", margin="0.08,0.04", {_attributes(FONT)}];'
    yield f"edge [{_attributes(FONT)}, arrowsize=0.5];"


def _told(scene: Scene, text: Text) -> str:
    """Return a text in its colour, as HTML: of a legend after its mark."""
    words = escaped(_one_line(_read(text))) or " "  # an element must not be empty
    ink = f'<font color="{text.color}">{words}</font>'
    marks = [stroke for stroke in scene.strokes if _is_mark(stroke, text)]
    signs = (f'<font color="{mark.color}">{_sign(mark)}</font> ' for mark in marks)
    return "".join(signs) + ink


def _is_mark(stroke: Stroke, text: Text) -> bool:
    """Whether a stroke stands right before a text."""
    (low, high), right = (stroke.points[:, 1].min(), stroke.points[:, 1].max()), text.x - text.size
    end = stroke.points[:, 0].max()
    return bool(right <= end < text.x and low - EPSILON <= text.y <= high + EPSILON)


def _sign(mark: Stroke) -> str:
    """Return what a mark looks like, as letters."""
    line, dashed, circle = "\u2501\u2501", "\u254d\u254d", "\u25ef"
    return circle if len(mark.points) > 2 else dashed if mark.dashed else line


def _to_the_right(scene: Scene) -> bool:
    """Whether the edges lead to the right rather than down."""
    across = sum(abs(float(path[-1][0] - path[0][0])) for path in scene.edges.paths)
    down = sum(abs(float(path[-1][1] - path[0][1])) for path in scene.edges.paths)
    return across >= down


def _around(scene: Scene) -> list[Text]:
    """Return the texts that stand at no neuron, edge or layer."""
    told = {node.label for node in scene.nodes} | set(scene.edges.labels)
    told |= {text.of for text in scene.texts if text.role in OF_LAYERS}
    return [text for text in scene.texts if text.of not in told]


def _nodes(scene: Scene) -> Iterator[str]:
    texts, ranks = _texts_by_label(scene), defaultdict(list)
    for node in scene.nodes:
        name = _name(node.label)
        yield f"{name} [{_attributes(_node_look(scene, node, texts[node.label]))}];"
        ranks[_rank(scene, node.x, node.y)].append(name)
    for (layer, role), found in _headings(scene).items():
        lines = sorted(found, key=lambda text: -text.y)
        name = _name(f"{role} {layer}")
        places = [_rank(scene, text.x, text.y) for text in lines]
        middle = sum(places) / len(places)
        ranks[min(ranks, key=lambda rank: abs(rank - middle))].append(name)
        look = {"shape": "plaintext", "style": "solid", "label": _lines(lines), **_ink(lines)}
        yield f"{name} [{_attributes(look)}];"
    for _, names in sorted(ranks.items()):
        yield f"{{ rank=same; {' '.join(f'{name};' for name in names)} }}"


def _rank(scene: Scene, x: float, y: float) -> float:
    return round(x if _to_the_right(scene) else -y, 3)


def _headings(scene: Scene) -> dict[tuple[str, str], list[Text]]:
    """Return what is said of layers: their headings, and apart from these what is left out."""
    layers = {text.of for text in scene.texts if text.role in OF_LAYERS}
    labels = {node.label for node in scene.nodes}
    found: defaultdict[tuple[str, str], list[Text]] = defaultdict(list)
    for text in scene.texts:
        if text.of in layers - labels:
            role = "left out" if text.role in ("ellipsis", "left out") else "layer"
            found[text.of, role].append(text)
    return found


def _node_look(scene: Scene, node: Node, texts: list[Text]) -> dict[str, str]:
    lines = sorted(texts, key=lambda text: (text.role != "label", -text.y))
    return {
        "label": _lines(lines),
        "tooltip": _quoted(node.label),
        "fillcolor": node.fill,
        "color": _faded(node.outline, node.alpha),
        "penwidth": _number(node.width),
        "pos": f"{_number(node.x - scene.left)},{_number(node.y - scene.bottom)}!",
        **_ink(lines),
    }


def _edges(scene: Scene) -> Iterator[str]:
    edges, texts = scene.edges, _texts_by_label(scene)
    labels = {node.number: node.label for node in scene.nodes}
    for k, label in enumerate(edges.labels):
        source, target = labels[int(edges.sources[k])], labels[int(edges.targets[k])]
        look = {
            "color": _faded(edges.colors[k], float(edges.alphas[k])),
            "penwidth": _number(float(edges.widths[k])),
            "tooltip": _quoted(f"{label}: {float(edges.weights[k])!r}"),
        }
        look |= {"style": "dashed"} if edges.dashed[k] else {}
        if texts[label]:
            look |= {"label": _lines(texts[label]), **_ink(texts[label])}
        yield f"{_name(source)} -> {_name(target)} [{_attributes(look)}];"


def _texts_by_label(scene: Scene) -> defaultdict[str, list[Text]]:
    found: defaultdict[str, list[Text]] = defaultdict(list)
    for text in scene.texts:
        found[text.of].append(text)
    return found


def _ink(texts: list[Text]) -> dict[str, str]:
    """Return the colour of the first text, and its size."""
    if not texts:
        return {}
    ink = _faded(texts[0].color, texts[0].alpha)
    return {"fontcolor": ink, "fontsize": _number(texts[0].size)}


def _lines(texts: Iterable[Text]) -> str:
    r"""Return the lines of a label, top to bottom, joined by the order for a new line."""
    return r"\n".join(_quoted(_read(text)) for text in texts)


def _read(text: Text) -> str:
    return formulas.plain(text.text) if text.math else text.text


def _name(label: str) -> str:
    """Return the name of a node: between quotes, where only these and what ends a line count."""
    return '"' + _one_line(label).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted(text: str) -> str:
    """Return a text for a value between quotes, where & begins an entity."""
    entities = _one_line(text).replace("&", "&amp;")
    return entities.replace("\\", "\\\\").replace('"', '\\"')


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _attributes(pairs: dict[str, str]) -> str:
    return ", ".join(f'{name}="{value}"' for name, value in pairs.items())


def _faded(color: str, alpha: float) -> str:
    """Return a colour with its opacity as a fourth pair of digits."""
    return color if alpha >= 1 else f"{color}{round(255 * alpha):02x}"


def _number(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
