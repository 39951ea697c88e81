"""XML as text, written piece by piece: elements whose content may be longer than memory, and one place that escapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NewType

Markup = NewType("Markup", str)
"""XML that is well-formed as content; only this module makes it from text of others."""
NOTHING = Markup("")
DECLARATION = Markup('<?xml version="1.0" encoding="UTF-8"?>\n')

_UNWRITABLE = re.compile("[^\t\n\r -\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]")
"""What XML 1.0 (2.2) has no place for, or discourages."""
_TELLING = re.compile(f'[&<>"\t\n\r]|{_UNWRITABLE.pattern}')
"""What stands for something else in a text or an attribute, or cannot be there."""
_BLANKS = re.compile(r"[\t\n\r]")


def writable(value: str) -> str:
    """Return ``value`` with U+FFFD for what XML cannot hold."""
    return _UNWRITABLE.sub("\ufffd", value)


def text_markup(value: str) -> Markup:
    """Return ``value`` as character data; what XML cannot hold becomes U+FFFD."""
    if not _TELLING.search(value):
        return Markup(value)
    value = writable(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(value.replace("\r", "&#13;"))


def _attribute(name: str, value: str) -> str:
    if not _TELLING.search(value):
        return f' {name}="{value}"'
    quoted = text_markup(_BLANKS.sub(" ", value)).replace('"', "&quot;")
    return f' {name}="{quoted}"'


def start_tag(name: str, attributes: Mapping[str, str] | None = None) -> Markup:
    """Return a start tag; attributes without a value are left out."""
    if not attributes:
        return Markup(f"<{name}>")
    found = "".join([_attribute(key, value) for key, value in attributes.items() if value])
    return Markup(f"<{name}{found}>")


def end_tag(name: str) -> Markup:
    """Return an end tag."""
    return Markup(f"</{name}>")


def element(name: str, /, *content: Markup, **attributes: str) -> Markup:
    """Return an element; attributes without a value are left out, ``xsi_type`` is ``xsi:type``."""
    if "xsi_type" in attributes:
        attributes = {"xsi:type" if key == "xsi_type" else key: one for key, one in attributes.items()}
    inside = "".join(content)
    opened = start_tag(name, attributes)
    return Markup(f"{opened}{inside}</{name}>") if inside else Markup(f"{opened[:-1]}/>")


def text_element(name: str, value: str, /, **attributes: str) -> Markup:
    """Return an element with a text; nothing without one."""
    return element(name, text_markup(value), **attributes) if value.strip() else NOTHING


def join_markup(parts: Iterable[Markup]) -> Markup:
    """Return the parts one after the other."""
    return Markup("".join(parts))
