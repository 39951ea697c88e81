"""PDF/ of a patient's archive (PDLGC §7): one twin of each document, named by the rule, that says it is PDF/A-1."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from formats.errors import Failure
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import Members
from formats.judging.pdlgc.profiles import NEW
from formats.judging.rules import must, outside_rule, rule_table, should
from formats.judging.xdm.entries import DescribedFile
from formats.names import comparable
from formats.words import Words

MAX_LABEL = 40
"""Characters of the label of the type of document in the name of a PDF."""
PDF_RULES = rule_table(
    "PDLGC §7",
    must(
        "pdf-name",
        "Un PDF s’appelle <AAAAMMJJ>_<libellé du typeCode, 40 caractères au plus>_<NOM>_<prénom>[_<numéro>].pdf.",
        "A PDF is called <YYYYMMDD>_<label of the typeCode, 40 characters at most>_<NAME>_<given name>[_<number>].pdf.",
        Words(
            "Juillet : noms libres. Rien n’est dit des accents, des caractères interdits, ni de deux documents du même "
            "jour et du même type (§7).",
            "July: any name. Nothing is said of accents, of forbidden characters, nor of two documents of one day and "
            "type (§7).",
        ),
        profiles=NEW,
    ),
    must(
        "pdf-patient",
        "Le nom d’un PDF porte le nom et le prénom du patient.",
        "The name of a PDF has the name and given name of the patient.",
        profiles=NEW,
    ),
    must(
        "pdf-twin",
        "Chaque document du SUBSET a un PDF jumeau, de sa date et de son type.",
        "Every document of the SUBSET has one PDF twin, of its date and type.",
        profiles=NEW,
    ),
    should(
        "pdf-alone",
        "Il n’y a pas plus de PDF que de documents.",
        "There are no more PDFs than documents.",
    ),
    must(
        "pdf-whole",
        "Un PDF commence par %PDF-1. et finit par %%EOF.",
        "A PDF begins with %PDF-1. and ends in %%EOF.",
    ),
    must(
        "pdf-a-claim",
        "Un PDF se dit PDF/A-1 dans ses métadonnées XMP (pdfaid:part 1, niveau A ou B).",
        "A PDF says in its XMP metadata that it is PDF/A-1 (pdfaid:part 1, level A or B).",
        Words("Le niveau n’est pas dit : les deux sont admis.", "The level is not said: both are taken."),
    ),
    must(
        "pdf-a-features",
        "Un PDF n’a, hors de ses flux, rien de ce que PDF/A-1 défend : chiffrement, flux d’objets ou de références, "
        "LZW, fichiers joints, calques, JavaScript, actions qui lancent ou chargent quelque chose.",
        "A PDF has, outside its streams, nothing that PDF/A-1 forbids: encryption, object or reference streams, "
        "LZW, files within, layers, JavaScript, actions that launch or load something.",
        Words("ISO 19005-1, 6.1.3 à 6.1.13 et 6.6.1.", "ISO 19005-1, 6.1.3 to 6.1.13 and 6.6.1."),
    ),
    outside_rule(
        "pdf-a",
        "Un PDF est PDF/A-1 en tout.",
        "A PDF is PDF/A-1 in every respect.",
        Words(
            "Demande un validateur complet (veraPDF, Apache Preflight), qui n’est pas ici.",
            "Needs a whole validator (veraPDF, Apache Preflight), which is not here.",
        ),
    ),
)
TOO_LONG = Words("le fichier est trop long pour être parcouru", "the file is too long to be looked through")
_NAME = re.compile(r"(\d{8})_([^_]+)_([^_]+)_([^_]+)(?:_([^_]+))?\.pdf", re.IGNORECASE | re.ASCII)
_PART = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']1[\"']|>\s*1\s*<)")
_LEVEL = re.compile(rb"pdfaid:conformance\s*(?:=\s*[\"'][AaBb][\"']|>\s*[AaBb]\s*<)")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_FORBIDDEN = re.compile(
    rb"/(?:Encrypt|ObjStm|XRef|LZWDecode|EmbeddedFiles|OCProperties|JavaScript|Launch|ImportData)(?![A-Za-z0-9_])"
)
"""Names that stand in no PDF/A-1 file: without object streams every dictionary lies open, outside the streams."""
MAX_PDF_BYTES = 32 << 20
"""Bytes of a PDF that is looked through for them, in memory; a scan of 100 pages has less."""
_OVERLAP, _PIECE, _TAIL = 128, 1 << 18, 1024


def judge_pdfs(
    members: Members, documents: int, described: tuple[DescribedFile, ...], judging: Judging
) -> None:
    """Judge the PDFs of a patient's archive with ``documents`` in its SUBSETs, of which entries say ``described``."""
    names = [one for one in members.below("PDF/") if not one.endswith("/")]
    if not names:
        judging.leave((one for one in PDF_RULES if one != "pdf-a"), ABSENT)
        return
    keys: Counter[tuple[str, str]] = Counter()
    unnamed = 0
    for name in names:
        key = _judge_name(members, name, described, judging)
        if key is None:
            unnamed += 1
        else:
            keys[key] += 1
        _judge_content(members, name, judging)
    judging.check("pdf-alone", len(names) <= documents, members.where("PDF/"), f"{len(names)} > {documents}")
    if not described:
        judging.leave(("pdf-twin",), UNREADABLE)
        return
    for one in described:
        key = (one.service, _label(one.label))
        if keys[key]:
            keys[key] -= 1
            judging.check("pdf-twin", True, one.place)
        elif unnamed:
            unnamed -= 1
            judging.leave(("pdf-twin",), UNREADABLE)
        else:
            judging.check("pdf-twin", False, one.place, f"{one.service}_{one.label[:MAX_LABEL]} ({one.file})")


def _label(text: str) -> str:
    return comparable(text[:MAX_LABEL])


def _judge_name(
    members: Members, name: str, described: tuple[DescribedFile, ...], judging: Judging
) -> tuple[str, str] | None:
    base = name.rsplit("/", 1)[-1]
    found = _NAME.fullmatch(base)
    holds = (
        found is not None
        and _is_day(found[1])
        and len(found[2]) <= MAX_LABEL
        and found[3] == found[3].upper()
    )
    judging.check("pdf-name", holds, members.where(name))
    if found is None or not holds:
        return None
    persons = {(comparable(one.family), comparable(one.given)) for one in described if one.family}
    if not persons:
        judging.leave(("pdf-patient",), UNREADABLE)
    else:
        holds = (comparable(found[3]), comparable(found[4])) in persons
        judging.check("pdf-patient", holds, members.where(name), f"{found[3]} {found[4]}")
    return found[1], _label(found[2])


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 – a day
    except ValueError:
        return False
    return True


def _judge_content(members: Members, name: str, judging: Judging) -> None:
    where = members.where(name)
    head, tail, part, level = b"", b"", False, False
    try:
        with members.open(name) as stream:
            while piece := stream.read(_PIECE):
                head = head or piece[:8]
                window = tail + piece
                part, level = part or bool(_PART.search(window)), level or bool(_LEVEL.search(window))
                tail = window[-max(_OVERLAP, _TAIL) :]
    except (Failure, OSError):
        judging.leave(("pdf-whole", "pdf-a-claim", "pdf-a-features"), UNREADABLE)
        return
    if judging.check(
        "pdf-whole", head.startswith(b"%PDF-1.") and b"%%EOF" in tail, where, head.decode("latin-1")
    ):
        judging.check("pdf-a-claim", part and level, where)
        _judge_features(members, name, judging)
    else:
        judging.leave(("pdf-a-features",), UNREADABLE)


def _judge_features(members: Members, name: str, judging: Judging) -> None:
    try:
        data = members.read(name, MAX_PDF_BYTES)
    except (Failure, OSError):
        judging.leave(("pdf-a-features",), TOO_LONG)
        return
    found = _FORBIDDEN.search(_STREAM.sub(b"", data))
    judging.check("pdf-a-features", not found, members.where(name), found[0].decode("ascii") if found else "")
