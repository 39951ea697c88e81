"""Codes that OpenMolar writes on a tooth, each read into what it is, its surfaces and its material.

A code is one word: letters of surfaces (``MOD``), or a head (``CR``, ``GI`` …), and behind a comma the material,
behind a stroke the surfaces of what a laboratory made. The lists are those of openmolar1's ``allowed.py``, of its
dialogs and of the panel of its chart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from formats.sources.openmolar.code_lists import (
    BRIDGES,
    OF_SURFACES,
    POSTS,
    STATUS,
    SURFACES,
    WHOLE,
    WORK,
)


class Group(StrEnum):
    """What a code tells: how the tooth is, what was done to it, a remark; ``UNKNOWN`` is none of the lists."""

    STATUS = "status"
    WORK = "work"
    REMARK = "remark"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCode:
    """A code that was read: ``item`` is what it is, in one word, ``surfaces`` the letters of the model."""

    group: Group
    item: str = ""
    surfaces: str = ""
    material: str = ""
    text: str = ""


_FILLING = re.compile(r"(?P<surfaces>[MODBLPI]+)(?:,(?P<material>.*))?")
_HEAD = re.compile(r"(?P<head>[A-Z]+\+?)(?:(?P<sign>[,/])(?P<rest>.*))?")
REMARK = "!"
UNKNOWN = ReadCode(group=Group.UNKNOWN, item="unknown")


def read_code(code: str) -> ReadCode:
    """Return what ``code`` says; brackets, ``#`` and ``&`` around it are signs of the screen."""
    if code.startswith(REMARK):
        return ReadCode(group=Group.REMARK, text=code[1:].replace("_", " "))
    bare = code.strip("#&()").upper()
    if bare in STATUS:
        return ReadCode(group=Group.STATUS, item=STATUS[bare])
    if bare in WHOLE:
        return ReadCode(group=Group.WORK, item=WHOLE[bare])
    if bare.startswith("BR/"):
        return _bridge(bare.removeprefix("BR/").lstrip("("))
    return _headed(bare) or _filling(bare) or UNKNOWN


def _bridge(rest: str) -> ReadCode:
    head, _, material = rest.partition(",")
    if head in BRIDGES:
        return ReadCode(group=Group.WORK, item=BRIDGES[head], material=material)
    kind, stroke, written = head.partition("/")
    surfaces = _letters(written)
    if stroke and kind in OF_SURFACES and surfaces:
        return ReadCode(group=Group.WORK, item="bridge-retainer", surfaces=surfaces, material=kind)
    return UNKNOWN


def _headed(bare: str) -> ReadCode | None:
    match = _HEAD.fullmatch(bare)
    if match is None:
        return None
    head, sign, rest = match["head"], match["sign"], match["rest"] or ""
    if sign == "/" and head in OF_SURFACES:
        item, own = OF_SURFACES[head]
        written, _, material = rest.partition(",")
        if not written or _letters(written):
            return ReadCode(group=Group.WORK, item=item, surfaces=_letters(written), material=material or own)
        return None
    if head not in WORK or sign == "/":
        return None
    post = head == "CR" and rest in POSTS
    return ReadCode(group=Group.WORK, item="post" if post else WORK[head], material=rest)


def _filling(bare: str) -> ReadCode | None:
    match = _FILLING.fullmatch(bare)
    if match is None:
        return None
    material = match["material"] or ""
    return ReadCode(group=Group.WORK, item="filling", surfaces=_letters(match["surfaces"]), material=material)


def _letters(written: str) -> str:
    """Return the surfaces of ``written``, each once, or nothing where a letter is none."""
    if not all(letter in SURFACES for letter in written):
        return ""
    return "".join(dict.fromkeys(SURFACES[letter] for letter in written))
