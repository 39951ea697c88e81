"""Style of the drawings of the page, for a program that knows no variables of CSS and a PDF without transparency."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

FONT = "Libertinus Serif"
_VARIABLE = re.compile(r"--([a-z]+): (#[0-9a-f]{3,6})")
_USE = re.compile(r"var\(--([a-z]+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIDE = re.compile(r'(class="side"[^>]*>)(\w)/\w<')
_DROPPED = ("font-family", "opacity", "display", "min-width", "max-width", "margin", "width")
"""Declarations that a page needs and a drawing on paper does not; PDF/A-1 has no transparency."""


@cache
def drawing_style() -> str:
    """Return the rules of the page's charts, their colours written out."""
    folder = files("formats.pdlgc.page")
    sheets = [folder.joinpath(name).read_text("utf-8") for name in ("style.css", "chart.css")]
    colours = dict(_VARIABLE.findall("".join(sheets)))
    rules = _RULE.findall(sheets[1].partition("@media")[0])
    return "".join(f"{selector.strip()} {{ {_declarations(body, colours)} }}\n" for selector, body in rules)


def _declarations(body: str, colours: dict[str, str]) -> str:
    plain = _USE.sub(lambda use: colours.get(use[1], "#000"), body)
    return "; ".join(
        one.strip()
        for one in plain.split(";")
        if one.strip() and not one.strip().startswith(("--", *_DROPPED))
    )


def styled_drawing(svg: str) -> str:
    """Return a drawing of the page as it stands alone, its sides in French."""
    start, end, inside = _SIDE.sub(r"\1\2<", svg).partition(">")
    return f'{start} font-family="{FONT}"{end}<style>{drawing_style()}</style>{inside}'
