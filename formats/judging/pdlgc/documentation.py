"""DOCUMENTATION/ of a portability archive (PDLGC §8): documents that can be read, a mapping that names every member."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from formats import xml
from formats.errors import Failure
from formats.judging.judgement import ABSENT, Judging
from formats.judging.members import Members
from formats.judging.pdlgc.profiles import WITH_XML
from formats.judging.rules import must, rule_table, should
from formats.words import Words

MAX_DOCUMENT = 16 << 20
"""Bytes of one document that is read for names of files; a longer one is not examined."""
MAX_SCHEMES, MAX_KINDS, MAX_WILDCARDS, MAX_SCHEME = 2_000, 5_000, 6, 200
DOCUMENTATION_RULES = rule_table(
    "PDLGC §8",
    must(
        "documentation-readable",
        "Les documents XML et JSON de DOCUMENTATION/ sont bien formés et aucun n’est vide.",
        "Documents of DOCUMENTATION/ in XML and JSON are well-formed, and none is empty.",
        profiles=WITH_XML,
    ),
    should(
        "documentation-mapping",
        "DOCUMENTATION/ a une table de correspondance (MAPPING…) qu’un programme lit.",
        "DOCUMENTATION/ has a mapping (MAPPING…) that programs read.",
        Words("Le guide ne fixe ni nom ni format.", "The guide gives neither a name nor a format."),
        profiles=WITH_XML,
    ),
    should(
        "documentation-covers",
        "La table de correspondance nomme chaque sorte de fichier de l’archive.",
        "The mapping names every kind of file of the archive.",
        Words(
            "Cherché dans ses textes : un nom, ou un schéma de noms (*, ?, nnnnn, <champ>).",
            "Looked for in its texts: a name, or a scheme of names (*, ?, nnnnn, <field>).",
        ),
        profiles=WITH_XML,
    ),
)
NO_MAPPING = Words("aucune table qu’un programme lit", "there is no mapping that programs read")
TOO_MANY = Words("trop de sortes de fichiers", "there are too many kinds of files")
_READ = frozenset({".xml", ".json", ".csv", ".txt", ".ndj", ".ndjson"})
_WILD = re.compile(r"\*+|\?|([nN#x0-9])\1{2,}|<[^<>]{1,60}>|\{[^{}]{1,60}\}")
_DIGITS = re.compile(r"\d")
_CONTAINER = re.compile(r"^[^/]*\.ZIP/", re.IGNORECASE)
"""The archive that a name may have before it."""


class ArchiveKinds:
    """Kinds of files of the whole archive: their names, every digit as 0; of PDF twins one kind."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.overflow = False

    def add(self, name: str, where: str) -> None:
        """Note a file by its name in its archive."""
        parts = PurePosixPath(name).parts
        kind = "PDF/*.PDF" if len(parts) > 1 and parts[0].upper() == "PDF" else _DIGITS.sub("0", name.upper())
        if kind not in self.names:
            self.overflow = self.overflow or len(self.names) >= MAX_KINDS
            if not self.overflow:
                self.names[kind] = where


def judge_documentation(
    members: Members, documents: tuple[str, ...], judging: Judging
) -> list[re.Pattern[str]] | None:
    """Judge the documents by themselves; return the name schemes of the mapping, if there is one."""
    if not documents:
        judging.leave(DOCUMENTATION_RULES, ABSENT)
        return None
    schemes: dict[str, re.Pattern[str]] = {}
    mapped = False
    for name in documents:
        suffix = PurePosixPath(name).suffix.lower()
        where = members.where(name)
        if suffix not in _READ or members.size(name) > MAX_DOCUMENT:
            judging.check("documentation-readable", members.size(name), where)
            continue
        try:
            data = members.read(name, MAX_DOCUMENT)
            texts = list(_texts(data, suffix, name))
        except (Failure, OSError, ValueError, RecursionError, csv.Error) as fault:
            judging.check(
                "documentation-readable",
                False,
                where,
                fault if isinstance(fault, Failure) else type(fault).__name__,
            )
            continue
        judging.check("documentation-readable", data.strip(), where)
        if "MAP" in PurePosixPath(name).name.upper():
            mapped = True
            for text in texts:
                if len(schemes) < MAX_SCHEMES and text not in schemes:
                    pattern = name_scheme(text)
                    if pattern is not None:
                        schemes[text] = pattern
    judging.check("documentation-mapping", mapped, members.where("DOCUMENTATION/"))
    return list(schemes.values()) if mapped else None


def judge_coverage(schemes: list[re.Pattern[str]] | None, kinds: ArchiveKinds, judging: Judging) -> None:
    """Judge whether every kind of file is named by one of ``schemes``."""
    if schemes is None or kinds.overflow:
        judging.leave(("documentation-covers",), TOO_MANY if kinds.overflow else NO_MAPPING)
        return
    for kind, where in kinds.names.items():
        base = PurePosixPath(kind).name
        holds = any(one.fullmatch(kind) or one.fullmatch(base) for one in schemes)
        judging.check("documentation-covers", holds, where, kind)


def name_scheme(text: str) -> re.Pattern[str] | None:
    """Return what names a scheme such as ``DOCnnnnn.*`` stands for, in capitals with every digit as 0."""
    text = _CONTAINER.sub("", text.strip().replace("\\", "/"))
    named = "." in text or "*" in text or text == text.upper()
    if not 0 < len(text) <= MAX_SCHEME or "\n" in text or not named:
        return None
    made, end, wild = "", 0, 0
    for found in _WILD.finditer(text):
        made += re.escape(_plain(text[end : found.start()]))
        part = found[0]
        if part[0] in "*<{":
            made, wild = f"{made}.*", wild + 1
        else:
            made += "." if part == "?" else f"0{{{len(part)}}}"
        end = found.end()
    return re.compile(made + re.escape(_plain(text[end:]))) if wild <= MAX_WILDCARDS else None


def _plain(text: str) -> str:
    return _DIGITS.sub("0", text.upper())


def _texts(data: bytes, suffix: str, name: str) -> Iterator[str]:
    """Yield the texts of a document of any form."""
    if suffix == ".xml":
        for node in xml.parse(data, what=name, limit=MAX_DOCUMENT, bare=True).iter():
            yield node.text or ""
            yield from map(str, node.attrib.values())
        return
    text = data.decode("utf-8-sig")
    if suffix == ".json":
        yield from _json_texts(json.loads(text))
    else:
        sample = text[:4096]
        delimiter = max(";,\t", key=sample.count)
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield from row


def _json_texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
            yield from map(str, one)
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str):
            yield one
