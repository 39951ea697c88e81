"""MANIFEST.XML judged: read as far as it goes, then its statement, then its entries."""

from __future__ import annotations

from dataclasses import dataclass

from formats import xml
from formats.errors import Failure
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import Members
from formats.judging.pdlgc.container import MANIFEST
from formats.judging.pdlgc.manifest.elements import ManifestTree
from formats.judging.pdlgc.manifest.entries import ListedArchive, judge_entries
from formats.judging.pdlgc.manifest.rules import MANIFEST_RULES
from formats.judging.pdlgc.manifest.statement import ExportStatement, judge_statement

MAX_MANIFEST = 64 << 20
"""Bytes of a manifest; 99,999 patients take 30 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedManifest:
    """What a manifest says; ``elements`` are the names of its elements in lower case."""

    statement: ExportStatement
    listed: tuple[ListedArchive, ...]
    elements: frozenset[str]


def judge_manifest(members: Members, judging: Judging) -> JudgedManifest | None:
    """Judge MANIFEST.XML, and return what it says; nothing where it is not there or cannot be read."""
    name = members.find(MANIFEST)
    if not name:
        judging.leave(MANIFEST_RULES, ABSENT)
        return None
    where = members.where(name)
    try:
        data = members.read(name, MAX_MANIFEST)
        root, fault = xml.parse_recovered(data, what=name, limit=MAX_MANIFEST)
    except (Failure, OSError) as failure:
        found = failure if isinstance(failure, Failure) else str(failure)
        judging.check("manifest-well-formed", False, where, found)
        judging.leave((one for one in MANIFEST_RULES if one != "manifest-well-formed"), UNREADABLE)
        return None
    judging.check("manifest-well-formed", not fault, where, fault)
    tree = ManifestTree(root, where, judging)
    statement = judge_statement(tree, judging)
    return JudgedManifest(
        statement=statement, listed=tuple(judge_entries(tree, judging)), elements=tree.names
    )
