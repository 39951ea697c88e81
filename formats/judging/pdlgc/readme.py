"""README.TXT of a portability archive and of its parts (PDLGC §2)."""

from __future__ import annotations

import re
import unicodedata

from formats.errors import Failure
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import Members
from formats.judging.rules import must, rule_table, should
from formats.words import Words

MAX_README_BYTES = 4 << 20
"""Bytes of README.TXT; the examples have under 4 KB."""
_HEADINGS = Words(
    "Le guide ne donne les titres qu’en exemple : leurs mots sont cherchés.",
    "The guide gives the headings as an example only: their words are looked for.",
)
README_RULES = rule_table(
    "PDLGC §2",
    must("readme-ascii", "README.TXT est en ASCII 7 bits.", "README.TXT is in 7-bit ASCII."),
    must(
        "readme-lines", "Les lignes de README.TXT finissent par CR LF.", "Lines of README.TXT end in CR LF."
    ),
    must(
        "readme-author",
        "README.TXT nomme l’auteur de l’export.",
        "README.TXT names who made the export.",
        _HEADINGS,
    ),
    must(
        "readme-application",
        "README.TXT nomme l’application qui l’a fait.",
        "README.TXT names the application that made it.",
        _HEADINGS,
    ),
    must(
        "readme-instructions",
        "README.TXT donne des instructions.",
        "README.TXT gives instructions.",
        _HEADINGS,
    ),
    must("readme-tree", "README.TXT montre l’arborescence.", "README.TXT shows the tree.", _HEADINGS),
    should(
        "readme-contact",
        "README.TXT donne un courriel et un téléphone de contact.",
        "README.TXT gives an e-mail address and a telephone number.",
    ),
)
_WORDS = {
    "readme-author": re.compile(r"fournisseur|editeur|emetteur|auteur|author|vendor|sender"),
    "readme-application": re.compile(r"application|logiciel|software"),
    "readme-instructions": re.compile(r"instruction|mode d.emploi|utilisation"),
    "readme-tree": re.compile(r"arborescence|tree|contenu de l.archive|contents"),
}
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}")
_TELEPHONE = re.compile(r"\+?\d(?:[ .-]?\d){7,14}")
_BARE_LINE = re.compile(rb"(?<!\r)\n|\r(?!\n)")


def judge_readme(members: Members, judging: Judging) -> None:
    """Judge README.TXT at the root of ``members``, where it is."""
    name = members.find("README.TXT")
    if not name:
        judging.leave(README_RULES, ABSENT)
        return
    where = members.where(name)
    try:
        data = members.read(name, MAX_README_BYTES)
    except (Failure, OSError):
        judging.leave(README_RULES, UNREADABLE)
        return
    odd = next((number for number, byte in enumerate(data) if byte > 0x7E or byte < 9), None)
    judging.check("readme-ascii", odd is None, where, "" if odd is None else f"{odd}: 0x{data[odd]:02X}")
    bare = _BARE_LINE.search(data)
    judging.check("readme-lines", bare is None and b"\r\n" in data, where, f"{bare.start()}" if bare else "")
    text = _folded(data)
    for rule, words in _WORDS.items():
        judging.check(rule, words.search(text), where)
    judging.check("readme-contact", _MAIL.search(text) and _TELEPHONE.search(text), where)


def _folded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    spread = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in spread if not unicodedata.combining(one))
