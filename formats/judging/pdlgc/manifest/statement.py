"""What a manifest says of the export as a whole: identifiers, codes, author, counts (PDLGC §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formats.judging.judgement import Judging
from formats.judging.pdlgc.manifest.elements import ALIASES, ManifestTree, local, stated_text
from formats.judging.values import components, is_date_time, is_oid
from formats.xml import Element

TYPES = frozenset({"UNITAIRE", "CIBLE", "MASSIF"})
STATUSES = frozenset({"COMPLETE", "PARTIAL", "SAMPLE"})
TELECOMS = frozenset({"TEL", "EMAIL", "FAX"})
AUTHOR_RULES = (
    *("manifest-institution", "manifest-institution-form", "manifest-contact", "manifest-telecom"),
    *("manifest-system", "manifest-system-components", "manifest-system-id"),
)
_SYSTEM_ISSUER = "1.2.250.1.71.4.2.1"
_AUTHORITY = re.compile(r"&([^&^]+)&ISO")
_INVARIANT = re.compile(r"(?:0|3|4|5|6)\d*", re.ASCII)
_NATIONAL = re.compile(r"[0-9]\d*(?:/\S+)?", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_XON_ID, _XCN_TYPE = 9, 12


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportStatement:
    """What a manifest says of the export: its type, who made it, how many archives it counts, if it does."""

    type: str = ""
    institution: str = ""
    patients: int | None = None
    transverse: int | None = None


def judge_statement(tree: ManifestTree, judging: Judging) -> ExportStatement:
    """Judge what stands before the list of archives."""
    root = tree.root
    _single(tree, root, "exportId", "manifest-export-id", judging)
    kind = _coded(tree, "exportType", TYPES, "manifest-export-type", judging)
    _coded(tree, "exportStatus", STATUSES, "manifest-export-status", judging)
    _judge_period(tree, kind, judging)
    judging.check("manifest-comments", len(tree.below(root, "comments")) <= 1, tree.where)
    institution = _judge_author(tree, judging)
    patients, transverse = _judge_counts(tree, kind, judging)
    known = (
        {one.casefold() for one in ALIASES} | {"manifest"} | {a for each in ALIASES.values() for a in each}
    )
    foreign = next((one for one in root.iter() if local(one).casefold() not in known), None)
    judging.check(
        "manifest-unknown", foreign is None, tree.place(foreign), "" if foreign is None else local(foreign)
    )
    judging.check("manifest-names", True, tree.where)
    return ExportStatement(type=kind, institution=institution, patients=patients, transverse=transverse)


def _single(tree: ManifestTree, node: Element | None, name: str, rule: str, judging: Judging) -> str:
    """Judge that there is one element ``name`` with a text, and return it."""
    found = tree.below(node, name)
    text = stated_text(found[0]) if found else ""
    judging.check(rule, len(found) == 1 and text, tree.place(found[0] if found else None), text or name)
    return text


def _coded(tree: ManifestTree, name: str, codes: frozenset[str], rule: str, judging: Judging) -> str:
    found = tree.below(tree.root, name)
    text = stated_text(found[0]) if found else ""
    judging.check(
        rule, len(found) == 1 and text in codes, tree.place(found[0] if found else None), text or name
    )
    return text


def _judge_period(tree: ManifestTree, kind: str, judging: Judging) -> None:
    start, end = tree.below(tree.root, "exportStartTime"), tree.below(tree.root, "exportEndTime")
    texts = [stated_text(one) for one in (*start, *end)]
    holds = len(start) <= 1 and len(end) <= 1 and all(map(is_date_time, texts))
    if holds and start and end:
        holds = texts[0][:10] <= texts[1][:10]
    judging.check("manifest-period", holds, tree.place(next(iter((*start, *end)), None)), " – ".join(texts))
    judging.check("manifest-period-use", not texts or kind == "CIBLE", tree.where, kind)


def _judge_author(tree: ManifestTree, judging: Judging) -> str:
    author = tree.first(tree.root, "author")
    if author is None:
        judging.check("manifest-author", False, tree.where, "author")
        judging.leave(AUTHOR_RULES)
        return ""
    vendor, system = tree.first(author, "lgcSoftwareVendor"), tree.first(author, "lgcSystem")
    whole = [len(tree.below(tree.root, "author")) == 1]
    whole += [len(tree.below(author, name)) == 1 for name in ("lgcSoftwareVendor", "lgcSystem")]
    judging.check("manifest-author", all(whole), tree.place(author))
    institution = ""
    if vendor is not None or tree.below(author, "institution"):
        institution = _single(
            tree, author if vendor is None else vendor, "institution", "manifest-institution", judging
        )
    if institution:
        judging.check("manifest-institution-form", _is_xon(institution), tree.place(vendor), institution)
    if vendor is None:
        judging.leave(("manifest-contact", "manifest-telecom"))
    else:
        _judge_contact(tree, vendor, judging)
    if system is None:
        judging.leave(("manifest-system", "manifest-system-components", "manifest-system-id"))
    else:
        _judge_system(tree, system, judging)
    return institution


def _is_xon(text: str) -> bool:
    parts = components(text)
    authority = _AUTHORITY.fullmatch(parts[5]) if len(parts) > _XON_ID else None
    return bool(
        authority and is_oid(authority[1]) and parts[0].strip() and parts[6] and parts[_XON_ID].isdigit()
    )


def _judge_contact(tree: ManifestTree, vendor: Element, judging: Judging) -> None:
    contact = next((one for one in vendor if local(one) == "contact"), None)
    names = [stated_text(one) for one in contact if local(one) == "name"] if contact is not None else []
    judging.check("manifest-contact", len(names) == 1 and names[0], tree.place(contact))
    telecoms = [one for one in contact if local(one) == "telecom"] if contact is not None else []
    if contact is None:
        judging.leave(("manifest-telecom",))
        return
    judging.check("manifest-telecom", telecoms, tree.place(contact))
    for one in telecoms:
        kinds = [stated_text(part) for part in one if local(part) == "type"]
        values = [stated_text(part) for part in one if local(part) == "value"]
        holds = len(kinds) == 1 and kinds[0] in TELECOMS and len(values) == 1 and values[0]
        judging.check("manifest-telecom", holds, tree.place(one), f"{kinds} {values}")


def _judge_system(tree: ManifestTree, system: Element, judging: Judging) -> None:
    text, place = stated_text(system), tree.place(system)
    parts = components(text)
    issued = next((number for number, part in enumerate(parts) if _AUTHORITY.fullmatch(part)), -1)
    issuer = _AUTHORITY.fullmatch(parts[issued]) if issued >= 0 else None
    short = issued == 7
    holds = (
        (short or issued == 8)
        and issuer is not None
        and issuer[1] == _SYSTEM_ISSUER
        and len(parts) == _XCN_TYPE + 1 - short
        and parts[-1] == "RI"
        and _NATIONAL.fullmatch(parts[0])
        and parts[1].strip()
    )
    judging.check("manifest-system", holds, place, text)
    judging.check("manifest-system-components", not short, place, text)
    judging.check("manifest-system-id", _INVARIANT.fullmatch(parts[0]), place, parts[0])


def _judge_counts(tree: ManifestTree, kind: str, judging: Judging) -> tuple[int | None, int | None]:
    statistics = tree.first(tree.root, "statistics")
    counts: list[int | None] = []
    for name in ("patientArchiveCount", "transverseArchiveCount"):
        found = tree.below(statistics, name)
        text = stated_text(found[0]) if found else ""
        number = int(text) if _COUNT.fullmatch(text) else None
        none = name.startswith("transverse") and kind == "UNITAIRE" and number == 0
        judging.check(
            "manifest-counts", len(found) == 1 and (number or none), tree.place(statistics), f"{name} {text}"
        )
        counts.append(number)
    judging.check("manifest-transverse-none", counts[1] != 0, tree.place(statistics), "0")
    return counts[0], counts[1]
