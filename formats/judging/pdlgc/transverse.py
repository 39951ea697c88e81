"""TRANSVERSE.ZIP of a portability archive (PDLGC §1): what is about the practice and not about one patient."""

from __future__ import annotations

from pathlib import PurePosixPath

from formats.judging.judgement import ABSENT, Judging
from formats.judging.members import Members
from formats.judging.pdlgc.profiles import WITH_XML
from formats.judging.rules import must, remark, rule_table
from formats.words import Words

TRANSVERSE_RULES = rule_table(
    "PDLGC §1",
    must(
        "transverse-readme",
        "TRANSVERSE.ZIP a un README.TXT.",
        "TRANSVERSE.ZIP has a README.TXT.",
        profiles=WITH_XML,
    ),
    must(
        "transverse-documents",
        "TRANSVERSE/ est dans TRANSVERSE.ZIP et contient au moins un document.",
        "TRANSVERSE/ lies in TRANSVERSE.ZIP and holds at least one document.",
        profiles=WITH_XML,
    ),
    remark(
        "transverse-other",
        "TRANSVERSE.ZIP ne contient rien d’autre.",
        "TRANSVERSE.ZIP holds nothing else.",
        profiles=WITH_XML,
    ),
    remark(
        "transverse-unit",
        "L’export d’un seul patient n’a ni agenda ni traces.",
        "The export of one patient has neither agenda nor traces.",
        Words(
            "Texte de juillet, disparu du guide : seul le Référentiel le dirait encore (§10.1).",
            "Text of July, gone from the guide: only the Référentiel would still say it (§10.1).",
        ),
        profiles=WITH_XML,
    ),
)
_OF_PRACTICE = frozenset({".ics", ".log", ".syslog"})


def judge_transverse(members: Members | None, kind: str, judging: Judging) -> None:
    """Judge the archive beside the patients'; ``kind`` is the type of the export."""
    if members is None:
        judging.leave(TRANSVERSE_RULES, ABSENT)
        return
    judging.check("transverse-readme", members.find("README.TXT"), members.place)
    documents = members.below("TRANSVERSE/")
    judging.check("transverse-documents", documents, members.place)
    known = {*documents, members.find("README.TXT")}
    other = next((name for name in members.names if name not in known), "")
    judging.check("transverse-other", not other, members.place, other)
    odd = next((one for one in documents if PurePosixPath(one).suffix.lower() in _OF_PRACTICE), "")
    judging.check("transverse-unit", kind != "UNITAIRE" or not odd, members.place, odd)
