"""The tree of a portability archive: its name, what lies at its root, how parts are called (PDLGC §1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from formats.judging.judgement import Judging
from formats.judging.members import Members
from formats.judging.pdlgc.profiles import JUNE, WITH_XML
from formats.judging.rules import must, remark, rule_table, should
from formats.words import Words

README, MANIFEST, SIGNATURE, TRANSVERSE = "README.TXT", "MANIFEST.XML", "SIGN.XML", "TRANSVERSE.ZIP"
DOCUMENTATION = "DOCUMENTATION/"
JUNE_MANIFEST, JUNE_SUMS, JUNE_DOCUMENTATION, JUNE_TRANSVERSE = (
    "MANIFEST.JSON",
    "CHECKSUMS.TXT",
    "EXPORT_DOC/",
    "SUBSET_TR/",
)
CONTAINER_RULES = rule_table(
    "PDLGC §1",
    must(
        "archive-name",
        "Le fichier s’appelle PA, puis date et heure : PAaaaammjjThhmmss.ZIP.",
        "The file is called PA, then date and time: PAyyyymmddThhmmss.ZIP.",
        Words("UTC ou heure locale : le guide ne le dit pas.", "UTC or local time: the guide does not say."),
    ),
    must(
        "archive-root",
        "Les éléments sont à la racine de l’archive, sans dossier autour.",
        "The parts lie at the root of the archive, without a folder around them.",
    ),
    must(
        "name-case",
        "Les noms que le guide fixe sont en capitales.",
        "Names that the guide gives are in capitals.",
    ),
    must("archive-readme", "README.TXT est à la racine.", "README.TXT lies at the root."),
    must(
        "archive-manifest",
        "MANIFEST.XML est à la racine.",
        "MANIFEST.XML lies at the root.",
        profiles=WITH_XML,
    ),
    must("archive-signature", "SIGN.XML est à la racine.", "SIGN.XML lies at the root.", profiles=WITH_XML),
    must(
        "archive-documentation",
        "DOCUMENTATION/ est à la racine et contient au moins un document.",
        "DOCUMENTATION/ lies at the root and holds at least one document.",
        profiles=WITH_XML,
    ),
    must(
        "archive-transverse",
        "TRANSVERSE.ZIP est à la racine.",
        "TRANSVERSE.ZIP lies at the root.",
        Words(
            "Le guide se contredit (§10.1, §10.6) : il veut une archive transverse, qu’un export unitaire n’a pas de "
            "quoi remplir, et l’appelle dossier ou ZIP. L’absence n’est admise que d’un export UNITAIRE qui compte 0.",
            "The guide contradicts itself (§10.1, §10.6): it wants a transverse archive, which an export of one "
            "patient has nothing to fill with, and calls it a folder or a ZIP. It may be absent only from a "
            "UNITAIRE export that counts 0.",
        ),
        profiles=WITH_XML,
    ),
    must(
        "archive-patients",
        "Au moins une archive de patient, PATnnnnn.ZIP.",
        "At least one archive of a patient, PATnnnnn.ZIP.",
    ),
    must(
        "patient-archive-name",
        "Une archive de patient s’appelle PAT et cinq chiffres, à partir de 00001.",
        "An archive of a patient is called PAT and five digits, from 00001 on.",
    ),
    should(
        "patient-archive-numbers",
        "Les numéros des archives de patients se suivent à partir de 00001.",
        "Numbers of patients' archives follow each other from 00001 on.",
    ),
    remark(
        "archive-other",
        "Rien d’autre que ce que le guide nomme n’est à la racine.",
        "Nothing but what the guide names lies at the root.",
    ),
    must("june-manifest", "MANIFEST.JSON est à la racine.", "MANIFEST.JSON lies at the root.", profiles=JUNE),
    must("june-sums", "CHECKSUMS.TXT est à la racine.", "CHECKSUMS.TXT lies at the root.", profiles=JUNE),
    must(
        "june-documentation",
        "EXPORT_DOC/ est à la racine et contient au moins un document.",
        "EXPORT_DOC/ lies at the root and holds at least one document.",
        profiles=JUNE,
    ),
)
_NAME = re.compile(r"PA(\d{8}T\d{6})\.ZIP", re.ASCII)
_LOOSE = re.compile(r"PAT\d{1,9}\.ZIP", re.IGNORECASE | re.ASCII)
_STRICT = re.compile(r"PAT(\d{5})\.ZIP", re.ASCII)
_FIXED = (README, MANIFEST, SIGNATURE, TRANSVERSE, JUNE_MANIFEST, JUNE_SUMS)
_FOLDERS = (DOCUMENTATION, JUNE_DOCUMENTATION, JUNE_TRANSVERSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class PortabilityTree:
    """The members of a portability archive below its root; ``patients`` are its patients' archives by their names."""

    members: Members
    patients: tuple[str, ...]
    documentation: tuple[str, ...]

    @property
    def transverse(self) -> str:
        """The name of the archive beside the patients', as it is written; empty where there is none."""
        return self.members.find(TRANSVERSE)

    def parts(self) -> Iterator[str]:
        """Yield the names of the archives within it."""
        yield from filter(None, (self.transverse,))
        yield from self.patients


def judge_container(whole: Members, name: str, judging: Judging) -> PortabilityTree:
    """Judge the tree, and return its parts."""
    judging.check("archive-name", _is_name(name), name, name)
    prefix = whole.root((MANIFEST, SIGNATURE, JUNE_MANIFEST)) if not whole.find(README) else ""
    judging.check("archive-root", not prefix, whole.place, prefix)
    members = whole.at(prefix)
    patients = tuple(sorted(one for one in members.names if _LOOSE.fullmatch(one)))
    documentation = members.below(DOCUMENTATION) or members.below(JUNE_DOCUMENTATION)
    for rule, file in (
        ("archive-readme", README),
        ("archive-manifest", MANIFEST),
        ("archive-signature", SIGNATURE),
        ("june-manifest", JUNE_MANIFEST),
        ("june-sums", JUNE_SUMS),
    ):
        judging.check(rule, members.find(file), members.place, file)
    judging.check("archive-documentation", members.below(DOCUMENTATION), members.place, DOCUMENTATION)
    judging.check("june-documentation", members.below(JUNE_DOCUMENTATION), members.place, JUNE_DOCUMENTATION)
    judging.check("archive-patients", patients, members.place)
    _judge_names(members, patients, judging)
    return PortabilityTree(members=members, patients=patients, documentation=tuple(documentation))


def judge_transverse_presence(container: PortabilityTree, judging: Judging, *, may_lack: bool) -> None:
    """Judge whether the archive beside the patients' is there; ``may_lack``: an export of one patient counts none."""
    judging.check("archive-transverse", container.transverse or may_lack, container.members.place, TRANSVERSE)


def _is_name(name: str) -> bool:
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    try:
        datetime.strptime(found[1], "%Y%m%dT%H%M%S")  # noqa: DTZ007 – the zone is not stated
    except ValueError:
        return False
    return True


def _judge_names(members: Members, patients: tuple[str, ...], judging: Judging) -> None:
    numbers = []
    for one in patients:
        found = _STRICT.fullmatch(one.upper())
        if (
            judging.check("patient-archive-name", found and found[1] != "00000", members.where(one), one)
            and found
        ):
            numbers.append(int(found[1]))
    wanted = range(1, len(numbers) + 1) if len(numbers) == len(patients) else numbers
    odd = next((number for number, one in zip(numbers, wanted, strict=True) if number != one), None)
    judging.check(
        "patient-archive-numbers", odd is None, members.place, "" if odd is None else f"PAT{odd:05}"
    )
    for one in members.names:
        parts = PurePosixPath(one).parts
        known = one.upper() in _FIXED or _LOOSE.fullmatch(one)
        folder = len(parts) > 1 and f"{parts[0].upper()}/" in _FOLDERS
        judging.check("archive-other", known or folder, members.where(one))
        if known or folder:
            judging.check("name-case", parts[0] == parts[0].upper(), members.where(one), parts[0])
