"""A medium of documents judged (IHE ITI TF-2, 3.32): its tree, and each of its submissions."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from formats.digests import SHA1, SHA256
from formats.judging.judgement import ABSENT, Judging
from formats.judging.members import Members, whole_members
from formats.judging.rules import must, rule_table, should
from formats.judging.xdm.documents import SHORT_NAME, JudgeDocument, JudgeMetadata, judge_subset
from formats.judging.xdm.rules import METADATA_RULES

MEDIUM_RULES = rule_table(
    "IHE ITI TF-2, 3.32 (XDM)",
    must("medium-root", "IHE_XDM/ est à la racine du support.", "IHE_XDM/ lies at the root of the medium."),
    must("medium-readme", "README.TXT est à la racine.", "README.TXT lies at the root."),
    must("medium-index", "INDEX.HTM est à la racine.", "INDEX.HTM lies at the root."),
    must("medium-subset", "IHE_XDM/ contient au moins un SUBSETnn.", "IHE_XDM/ holds at least one SUBSETnn."),
    must("medium-metadata", "Chaque SUBSET a un METADATA.XML.", "Every SUBSET has a METADATA.XML."),
    must(
        "medium-documents", "Chaque SUBSET a au moins un document.", "Every SUBSET has at least one document."
    ),
    should("medium-names", "Tous les noms suivent la règle 8.3.", "All names keep the rule 8.3."),
)
_SUBSET = re.compile(r"(IHE_XDM/[^/]+/)", re.IGNORECASE)


def judge_medium(
    whole: Members,
    judging: Judging,
    judge_document: JudgeDocument,
    judge_metadata: JudgeMetadata | None = None,
) -> None:
    """Judge the medium ``whole``."""
    within = next((name for name in whole.names if "IHE_XDM/" in name.upper()), "")
    prefix = within[: within.upper().index("IHE_XDM/")] if within else ""
    judging.check("medium-root", within and not prefix, whole.place, prefix)
    members = whole.at(prefix)
    measured = dict(whole_members(members, (SHA1, SHA256), judging))
    judging.check("medium-readme", members.find("README.TXT"), members.place)
    judging.check("medium-index", members.find("INDEX.HTM"), members.place)
    folders = list(dict.fromkeys(found[1] for one in members.names if (found := _SUBSET.match(one))))
    judging.check("medium-subset", folders, members.place)
    if not folders:
        judging.leave(("medium-metadata", "medium-documents", *METADATA_RULES), ABSENT)
    for folder in folders:
        judging.check("medium-metadata", members.find(f"{folder}METADATA.XML"), members.where(folder))
        subset = judge_subset(members, folder, measured, judging, judge_document, judge_metadata)
        judging.check("medium-documents", subset.files, members.where(folder))
    for name in members.names:
        parts = PurePosixPath(name).parts
        holds = all(SHORT_NAME.fullmatch(part.upper()) for part in parts)
        judging.check("medium-names", holds, members.where(name), name)
