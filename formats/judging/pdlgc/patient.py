"""A patient's archive judged (PDLGC §1, W3–W5): its tree, its submissions, its documents, its PDFs."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from formats.digests import SHA1, SHA256
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import Members, whole_members
from formats.judging.pdlgc.documentation import ArchiveKinds
from formats.judging.pdlgc.page import PAGE_RULES, judge_page
from formats.judging.pdlgc.pdfs import PDF_RULES, judge_pdfs
from formats.judging.pdlgc.profiles import JULY_2026, NEW, WITH_XML
from formats.judging.pdlgc.readme import README_RULES, judge_readme
from formats.judging.rules import must, remark, rule_table
from formats.judging.xdm.documents import SHORT_NAME, JudgeDocument, JudgeMetadata, judge_subset
from formats.judging.xdm.entries import DescribedFile
from formats.judging.xdm.rules import METADATA_RULES

PATIENT_RULES = rule_table(
    "PDLGC §1",
    must(
        "patient-readme",
        "Une archive de patient a un README.TXT.",
        "An archive of a patient has a README.TXT.",
    ),
    must(
        "patient-index",
        "Une archive de patient a un INDEX.HTM.",
        "An archive of a patient has an INDEX.HTM.",
        profiles=WITH_XML,
    ),
    must(
        "patient-subset",
        "Une archive de patient a un dossier IHE_XDM/SUBSET01.",
        "An archive of a patient has a folder IHE_XDM/SUBSET01.",
        profiles=WITH_XML,
    ),
    must("patient-metadata", "Chaque SUBSET a un METADATA.XML.", "Every SUBSET has a METADATA.XML."),
    must(
        "patient-documents",
        "Chaque SUBSET a au moins un document.",
        "Every SUBSET has at least one document.",
    ),
    must(
        "patient-summary",
        "Chaque archive de patient a un volet de synthèse médicale (VSM, CDA de niveau 3).",
        "Every archive of a patient has a medical summary (VSM, CDA level 3).",
        profiles=NEW,
    ),
    must("patient-pdf", "PDF/ contient au moins un PDF.", "PDF/ holds at least one PDF.", profiles=WITH_XML),
    remark(
        "patient-other",
        "Une archive de patient ne contient rien d’autre.",
        "An archive of a patient holds nothing else.",
        profiles=WITH_XML,
    ),
    must(
        "patient-short-names",
        "Tous les noms hors de PDF/ suivent la règle 8.3.",
        "All names outside PDF/ keep the rule 8.3.",
        profiles=frozenset({JULY_2026}),
    ),
)
_SUBSET = re.compile(r"(IHE_XDM/SUBSET\d{1,6}/)", re.IGNORECASE | re.ASCII)
SUMMARY_FORMAT = "urn:asip:ci-sis:vsm:2012"
_ROOT = ("README.TXT", "INDEX.HTM")
OF_A_PATIENT = (
    *PATIENT_RULES,
    *PAGE_RULES,
    *README_RULES,
    *METADATA_RULES,
    *(one for one in PDF_RULES if one != "pdf-a"),
)


def judge_patient(
    members: Members | None,
    kinds: ArchiveKinds,
    judging: Judging,
    judge_document: JudgeDocument,
    judge_metadata: JudgeMetadata | None = None,
) -> None:
    """Judge the archive of a patient; one that cannot be opened is not examined."""
    if members is None:
        judging.leave(OF_A_PATIENT, UNREADABLE)
        return
    measured = dict(whole_members(members, (SHA1, SHA256), judging))
    for rule, name in zip(("patient-readme", "patient-index"), _ROOT, strict=True):
        judging.check(rule, members.find(name), members.place, name)
    judge_readme(members, judging)
    judge_page(members, judging)
    folders = list(dict.fromkeys(matched[1] for one in members.names if (matched := _SUBSET.match(one))))
    judging.check("patient-subset", any(one.upper() == "IHE_XDM/SUBSET01/" for one in folders), members.place)
    described: list[DescribedFile] = []
    documents = 0
    for folder in folders:
        judging.check("patient-metadata", members.find(f"{folder}METADATA.XML"), members.where(folder))
        found = judge_subset(members, folder, measured, judging, judge_document, judge_metadata)
        judging.check("patient-documents", found.files, members.where(folder))
        documents += max(len(found.files), len(found.described))
        described += found.described
    if not folders:
        judging.leave(("patient-metadata", "patient-documents", "patient-summary", *METADATA_RULES), ABSENT)
    elif described:
        summary = any(one.format == SUMMARY_FORMAT for one in described)
        judging.check("patient-summary", summary, members.place, SUMMARY_FORMAT)
    else:
        judging.leave(("patient-summary",), UNREADABLE)
    pdfs = [one for one in members.below("PDF/") if one.upper().endswith(".PDF")]
    judging.check("patient-pdf", pdfs, members.place, "PDF/")
    judge_pdfs(members, documents, tuple(described), judging)
    _judge_names(members, folders, kinds, judging)


def _judge_names(members: Members, folders: list[str], kinds: ArchiveKinds, judging: Judging) -> None:
    other = ""
    for name in members.names:
        kinds.add(name, members.where(name))
        parts = PurePosixPath(name).parts
        in_subset = any(name.startswith(folder) for folder in folders)
        of_pdf = parts[0].upper() == "PDF" and len(parts) > 1
        if not (in_subset or of_pdf or name.upper() in _ROOT):
            other = other or name
        if not of_pdf:
            holds = all(SHORT_NAME.fullmatch(part) for part in parts)
            judging.check("patient-short-names", holds, members.where(name), name)
        fixed = parts[0] if not in_subset else "/".join(parts[:2])
        if in_subset or of_pdf or name.upper() in _ROOT:
            judging.check("name-case", fixed == fixed.upper(), members.where(name), fixed)
    judging.check("patient-other", not other, members.place, other)
