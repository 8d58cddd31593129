"""Bars and columns as inline SVG, in percents so that text keeps its size on a phone; a table stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from bot.dashboard.markup import Html, tag, together
from bot.dashboard.words import word

ROW = 44
"""Height of one bar with its label, in CSS pixels."""
PLOT = 120
"""Height of the tallest column."""
MOST_VALUES = 13
"""With more columns than this, their numbers would touch; the table has them."""

Bar = tuple[str, int | None]
"""A label and what is shown; None is hidden."""


def bars(title: str, values: Sequence[Bar], longest_first: bool = True) -> Html:
    """Bars, the longest first unless their labels have an order. What is hidden has no bar: the table has it."""
    shown = [(label, n) for label, n in values if n is not None]
    if longest_first:
        shown.sort(key=lambda bar: -bar[1])
    most = max((n for _, n in shown), default=1)
    rows = together(_bar(number, label, n, most) for number, (label, n) in enumerate(shown))
    return _svg(title, word("site.chart_desc", bars=_said(shown)), len(shown) * ROW, rows)


def columns(title: str, values: Sequence[Bar], labels: int) -> Html:
    """Columns in the order of time, a label under `labels` of them at most. A period that is hidden is a gap."""
    most = max((n for _, n in values if n is not None), default=1)
    every = -(-len(values) // labels)
    parts = (_column(number, bar, most, len(values), number % every == 0) for number, bar in enumerate(values))
    floor = tag("line", x1="0", x2="100%", y1=PLOT + 20, y2=PLOT + 20, class_="floor")
    said = _said([(label, n) for label, n in values if n is not None])
    return _svg(title, word("site.columns_desc", bars=said), PLOT + 44, together([*parts, floor]))


def _bar(number: int, label: str, n: int, most: int) -> Html:
    top = number * ROW
    return tag(
        "g",
        tag("text", label, x="0", y=top + 16),
        tag("text", n, x="100%", y=top + 16, text_anchor="end", class_="value"),
        tag("rect", x="0", y=top + 23, width="100%", height="12", class_="track"),
        tag("rect", x="0", y=top + 23, width=f"{100 * n / most:.1f}%", height="12", class_="bar"),
    )


def _column(number: int, bar: Bar, most: int, columns_in_all: int, labelled: bool) -> Html:
    label, n = bar
    step = 100 / columns_in_all
    middle = f"{(number + 0.5) * step:.2f}%"
    height = 0 if n is None else PLOT * n / most
    left, width = f"{(number + 0.12) * step:.2f}%", f"{0.76 * step:.2f}%"
    column = tag("rect", x=left, y=f"{PLOT + 20 - height:.1f}", width=width, height=f"{height:.1f}", class_="bar")
    few = columns_in_all <= MOST_VALUES
    value = tag("text", n, x=middle, y=f"{PLOT + 14 - height:.1f}", text_anchor="middle", class_="value small")
    below = tag("text", label, x=middle, y=PLOT + 38, text_anchor="middle", class_="small")
    return tag("g", column if n else "", value if n and few else "", below if labelled else "")


def _svg(title: str, description: str, height: int, content: Html) -> Html:
    number = blake2b(f"{title} {description}".encode(), digest_size=6).hexdigest()
    names = (f"chart-{number}-title", f"chart-{number}-desc")
    heads = together([tag("title", title, id=names[0]), tag("desc", description, id=names[1])])
    return tag(
        "svg", heads, content, role="img", aria_labelledby=" ".join(names), width="100%", height=height, class_="chart"
    )


def _said(shown: Sequence[tuple[str, int]]) -> str:
    return ", ".join(word("site.bar", label=label, value=n) for label, n in shown) or word("site.all_hidden")
