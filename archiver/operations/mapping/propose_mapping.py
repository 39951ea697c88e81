"""Propose a mapping of a source, from the names and contents of its tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from archiver import disk
from formats.databases.opening import OpeningOptions
from formats.databases.servers.address import shown_place
from formats.names import comparable
from formats.sources.mapped.open import open_tables
from formats.sources.mapped.proposal.propose import ProposedMapping, propose_mapping
from formats.sources.mapped.read import TablesEmpty
from formats.words import translate

ENGLISH: Callable[[str], str] = partial(translate, language="en")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposeMappingRequest:
    """The tables at ``source``, those of ``software``, and where the mapping is written."""

    source: str
    software: str
    target: Path
    password: str = field(default="", repr=False)
    translate: Callable[[str], str] = ENGLISH
    """The language of the comments."""


def write_proposal(request: ProposeMappingRequest) -> ProposedMapping:
    """Write a mapping that a person goes through, and return it; the source is read alone.

    Raises:
        TablesEmpty: when the source has no rows; whatever opening it raises.
        AlreadyExists: when something lies at the target.
    """
    name = re.sub("[^a-z0-9]", "", comparable(request.software).lower())
    name = (name if name[:1].isalpha() else f"x{name}")[:40]
    with open_tables(request.source, OpeningOptions(password=request.password)) as source:
        proposed = propose_mapping(source, name=name, software=request.software, translate=request.translate)
    if not proposed.kinds and not proposed.undescribed:
        raise TablesEmpty(place=shown_place(request.source))
    disk.write_text(request.target, proposed.text)
    return proposed


def proposed_json(proposed: ProposedMapping, target: Path) -> dict[str, Any]:
    """Return the outcome as a JSON document."""
    return {
        "mapping_proposed": 1,
        "path": str(target),
        "kinds": proposed.kinds,
        "undescribed": list(proposed.undescribed),
        "undecided": proposed.undecided,
    }
