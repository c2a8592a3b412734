"""Draw the ideas of the pages: `python -m figures` writes all figures.

A module `<stem>` holds `figures()`, which returns the SVG of each drawing
of that page by its name. Arrays are drawn by `Drawing`, data is plotted by
Matplotlib and passed through `themed`. Colours are `currentColor` and the
variables of `docs/assets/handbook.css`, so that a figure inside a page
follows its palette. All are WIDTH wide: on a phone one unit is a pixel.
"""

import io
import math
import re
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

WIDTH = 340
TEXT = 13  # no text of a figure is smaller than SMALL
SMALL = 11.5
# what a figure is drawn with where there is no style sheet
COLOURS = {"blue": "#3949ab", "orange": "#b45309", "green": "#15803d"}


def ink(colour: str | None) -> str:
    """Return the CSS of a colour by its name; None is the text's."""
    if colour is None:
        return "currentColor"
    return f"var(--figure-{colour}, {COLOURS[colour]})"


def number(value: float) -> str:
    """Return a coordinate, to a hundredth."""
    return f"{round(float(value), 2) + 0.0:g}"


def rounded(X: ArrayLike) -> list[list[str]]:
    """Return the numbers of a matrix to a hundredth, as texts."""
    return [
        [f"{round(x, 2) + 0.0:g}".replace("-", "−") for x in row]
        for row in np.asarray(X).tolist()
    ]


def document(
    name: str, height: float, title: str, description: str, body: str
) -> str:
    """Return an SVG that says what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink" role="img"'
        f' viewBox="0 0 {WIDTH} {number(height)}"'
        f' aria-labelledby="{name}-title {name}-desc"'
        f' fill="currentColor" font-size="{TEXT}">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(description)}</desc>\n'
        f"{body}\n</svg>\n"
    )


class Drawing:
    """A drawing of arrays: cells, labels and arrows."""

    def __init__(
        self, name: str, height: float, title: str, description: str
    ) -> None:
        self.name, self.height = name, height
        self.title, self.description = title, description
        self.parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str | None = None,
        anchor: str = "middle",
        size: float = TEXT,
        mono: bool = False,
        bold: bool = False,
    ) -> None:
        """Write a line centred on the height y."""
        style = f"fill:{ink(colour)}"
        if mono:
            style += ";font-family:var(--md-code-font-family, monospace)"
        if bold:
            style += ";font-weight:bold"
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y + 0.35 * size)}"'
            f' text-anchor="{anchor}" font-size="{number(size)}"'
            f' style="{style}">{escape(text)}</text>'
        )

    def cells(
        self,
        values: object,
        x: float,
        y: float,
        *,
        colours: object = None,
        width: float = 36,
        height: float = 26,
        size: float = TEXT,
        faint: object = False,
    ) -> None:
        """Draw an array, 1-D as a row; its top left corner is (x, y).

        values are texts or numbers; colours and faint are one for all or
        broadcast against the cells.
        """
        texts = np.atleast_2d(np.asarray(values, dtype=object))
        shades = np.broadcast_to(
            np.asarray(colours, dtype=object), texts.shape
        )
        pale = np.broadcast_to(np.asarray(faint), texts.shape)
        for (i, j), text in np.ndenumerate(texts):
            colour = shades[i, j]
            left, top = x + j * width, y + i * height
            fill = "none" if colour is None else ink(colour)
            dashes = ";stroke-dasharray:3 3" if pale[i, j] else ""
            self.parts.append(
                f'<rect x="{number(left)}" y="{number(top)}"'
                f' width="{number(width)}" height="{number(height)}"'
                f' style="fill:{fill};fill-opacity:0.18;'
                f'stroke:{ink(colour)}{dashes}"/>'
            )
            self.text(
                left + width / 2, top + height / 2, str(text), size=size
            )

    def line(
        self,
        *points: tuple[float, float],
        colour: str | None = None,
        arrow: bool = False,
        width: float = 1.5,
        dashed: bool = False,
    ) -> None:
        """Draw a line through the points, with a head at its end."""
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        dashes = ";stroke-dasharray:4 3" if dashed else ""
        self.parts.append(
            f'<path d="{path}" style="fill:none;stroke:{ink(colour)};'
            f'stroke-width:{number(width)}{dashes}"/>'
        )
        if arrow:
            (x0, y0), (x1, y1) = points[-2:]
            angle = math.atan2(y1 - y0, x1 - x0)
            sides = [
                (x1 - 7 * math.cos(angle + a), y1 - 7 * math.sin(angle + a))
                for a in (-0.45, 0.45)
            ]
            head = " ".join(
                f"{number(x)},{number(y)}" for x, y in [(x1, y1), *sides]
            )
            self.parts.append(
                f'<polygon points="{head}" style="fill:{ink(colour)}"/>'
            )

    def svg(self) -> str:
        """Return the drawing."""
        return document(
            self.name,
            self.height,
            self.title,
            self.description,
            "\n".join(self.parts),
        )


# Matplotlib knows no CSS: a colour that nothing else has stands for each
STAND_INS = {
    None: "#010101",
    "blue": "#010102",
    "orange": "#010103",
    "green": "#010104",
}
mpl.rcParams |= {
    "svg.fonttype": "none",
    "font.size": 12,
    "axes.titlesize": 12,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "text.color": STAND_INS[None],
    "axes.edgecolor": STAND_INS[None],
    "axes.labelcolor": STAND_INS[None],
    "xtick.color": STAND_INS[None],
    "ytick.color": STAND_INS[None],
}


def plot(height: float, **subplots: Any) -> tuple[Figure, Any]:
    """Return a Matplotlib figure of WIDTH, and its axes."""
    figure = Figure(figsize=(WIDTH / 72, height / 72))
    return figure, figure.subplots(**subplots)


def themed(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a Matplotlib figure as an SVG that follows the palette."""
    stream = io.StringIO()
    figure.patch.set_visible(False)
    for axes in figure.axes:
        axes.patch.set_visible(False)
    figure.savefig(stream, format="svg", metadata={"Date": None})
    body = stream.getvalue()
    height = float(re.search(r'viewBox="0 0 \S+ (\S+)"', body)[1])
    body = body[body.index(">", body.index("<svg")) + 1 :]
    body = body.removesuffix("</svg>\n").strip()
    body = re.sub(r"\s*<(metadata|style).*?</\1>", "", body, flags=re.S)
    body = re.sub(
        r' transform="rotate\(-0 [^"]*"|<defs>\s*</defs>', "", body
    )
    body = re.sub(r"\s*<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r" font-family: [^;\"]*;?", "", body)  # the page's own
    used = set(re.findall(r'(?:url\(|href=")#(\w+)', body))
    for unused in set(re.findall(r' id="([^"]+)"', body)) - used:
        body = body.replace(f' id="{unused}"', "")
    # Matplotlib hashes floats, whose last bits depend on the processor
    found = re.findall(r' id="([^"]+)"', body)
    ids = {old: f"{name}-{n}" for n, old in enumerate(found)}
    body = re.sub(
        r'(?<= id=")[^"]+|(?<=url\(#)[^)]+|(?<=href="#)[^"]+',
        lambda match: ids[match[0]],
        body,
    )
    body = re.sub(  # in the tags, not in the text between them
        r"-?\d+\.\d{2,}(?=[^<>]*>)",
        lambda match: number(round(float(match[0]), 1)),
        body,
    )
    body = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size:\1px", body)
    while True:  # groups that say nothing, the innermost first
        lean = re.sub(
            r"<g>\s*((?:(?!</?g\b).)*?)\s*</g>", r"\1", body, flags=re.S
        )
        if lean == body:
            break
        body = lean
    body = re.sub(r"\s+", " ", body).replace("> <", ">\n<")
    for colour, stand_in in STAND_INS.items():
        body = body.replace(stand_in, ink(colour))
    return document(name, height, title, description, body)
