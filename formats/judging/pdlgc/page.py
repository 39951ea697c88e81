"""INDEX.HTM of a patient's archive (PDLGC §3): XHTML that names who sends, and leads to README.TXT."""

from __future__ import annotations

import re
from html.entities import name2codepoint

from formats import xml
from formats.errors import Failure
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import Members
from formats.judging.rules import must, rule_table, should
from formats.words import Words
from formats.xml import Element

MAX_INDEX_BYTES = 64 << 20
"""Bytes of INDEX.HTM, with pictures inlined."""
XHTML = "http://www.w3.org/1999/xhtml"
PAGE_RULES = rule_table(
    "PDLGC §3",
    must("index-xhtml", "INDEX.HTM est du XHTML bien formé.", "INDEX.HTM is well-formed XHTML."),
    should(
        "index-strict",
        "INDEX.HTM n’emploie que les éléments de XHTML 1.0 Strict.",
        "INDEX.HTM uses elements of XHTML 1.0 Strict only.",
        Words(
            "Le guide permet d’autres contenus ; un élément de HTML 5 s’affiche, mais n’est pas du XHTML 1.0 Strict.",
            "The guide allows more content; an element of HTML 5 is shown, but is not XHTML 1.0 Strict.",
        ),
    ),
    must(
        "index-sender",
        "INDEX.HTM dit « Emetteur : NOM (identifiant) ».",
        "INDEX.HTM says “Emetteur : NAME (identifier)”.",
    ),
    must("index-readme", "INDEX.HTM a un lien vers README.TXT.", "INDEX.HTM has a link to README.TXT."),
)
_DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+html(?:\s+PUBLIC\s+(?:"[^"<>]*"|'[^'<>]*')\s*(?:"[^"<>]*"|'[^'<>]*')?)?\s*>""",
    re.IGNORECASE,
)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,8});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HEAD = 2048
_SENDER = re.compile(r"[EÉ]metteur\s*:\s*(\S[^()]{0,200})\(\s*([^()]{1,120}?)\s*\)", re.IGNORECASE)
_NAMES = (
    "a abbr acronym address area b base bdo big blockquote body br button caption cite code col colgroup dd del dfn "
    "div dl dt em fieldset form h1 h2 h3 h4 h5 h6 head hr html i img input ins kbd label legend li link map meta "
    "noscript object ol optgroup option p param pre q samp script select small span strong style sub sup table tbody "
    "td textarea tfoot th thead title tr tt ul var"
)
STRICT_ELEMENTS = frozenset(_NAMES.split())
"""Elements of XHTML 1.0 Strict (W3C, 2002, annex A.1)."""


def judge_page(members: Members, judging: Judging) -> None:
    """Judge INDEX.HTM at the root of ``members``, where it is."""
    name = members.find("INDEX.HTM")
    if not name:
        judging.leave(PAGE_RULES, ABSENT)
        return
    where = members.where(name)
    try:
        data = members.read(name, MAX_INDEX_BYTES)
    except (Failure, OSError):
        judging.leave(PAGE_RULES, UNREADABLE)
        return
    try:
        root = xml.parse(plain_xhtml(data), what=name, limit=MAX_INDEX_BYTES, bare=True)
    except Failure as failure:
        judging.check("index-xhtml", False, where, failure)
        judging.leave(rule for rule in PAGE_RULES if rule != "index-xhtml")
        return
    if not judging.check("index-xhtml", root.tag == f"{{{XHTML}}}html", where, str(root.tag)):
        judging.leave(rule for rule in PAGE_RULES if rule != "index-xhtml")
        return
    foreign = next((str(one.tag) for one in root.iter() if not _is_strict(one)), "")
    judging.check("index-strict", not foreign, where, foreign.rsplit("}", 1)[-1])
    body = root.find(f"{{{XHTML}}}body")
    text = " ".join("".join(map(str, (root if body is None else body).itertext())).split())
    judging.check("index-sender", _SENDER.search(text), where)
    links = (one.get("href", "") for one in root.iter(f"{{{XHTML}}}a"))
    judging.check("index-readme", any(_leads_to_readme(one) for one in links), where)


def plain_xhtml(data: bytes) -> bytes:
    """Return XHTML without the document type that every page names, and with its entities as numbers."""
    head = _DOCTYPE.sub(b"", data[:_HEAD], count=1)
    return _ENTITY.sub(_as_number, head + data[_HEAD:])


def _as_number(found: re.Match[bytes]) -> bytes:
    name = found[1].decode("ascii")
    if name in _XML_ENTITIES or name not in name2codepoint:
        return found[0]
    return f"&#{name2codepoint[name]};".encode()


def _is_strict(node: Element) -> bool:
    return str(node.tag).removeprefix(f"{{{XHTML}}}") in STRICT_ELEMENTS


def _leads_to_readme(link: str) -> bool:
    return link.strip().removeprefix("./").upper() == "README.TXT"
