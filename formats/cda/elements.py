"""Elements of a clinical document: elements_at, coded values, times, and text that a reference points to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from formats.cda.codes import NAMESPACE, XSI_TYPE, system_uri
from formats.model.dates import AnyDate, AnyMoment, PartialDate
from formats.xml import Element

ZONE = "Europe/Paris"
"""Zone of a time that carries none (CI-SIS asks for one; mainland France is where most are written)."""
_STAMP = re.compile(r"(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)?(\d\d)?(?:[.,]\d*)?)?([+-]\d{4}|Z)?", re.ASCII)
_BLANK = re.compile(r"\s+")


@cache
def _clark(path: str) -> str:
    """Return ``a/b`` with the namespace before each name; ``.`` and ``*`` stay."""
    names = (part if part in {"", ".", "*"} else f"{{{NAMESPACE}}}{part}" for part in path.split("/"))
    return "/".join(names)


def child(node: Element | None, path: str) -> Element | None:
    """Return the first element at ``path`` below ``node``, if there is one."""
    return None if node is None else node.find(_clark(path))


def elements_at(node: Element | None, path: str) -> list[Element]:
    """Return the elements at ``path`` below ``node``, in their order."""
    return [] if node is None else node.findall(_clark(path))


def local_name(node: Element) -> str:
    """Return the name of an element of CDA; with its namespace, that of any other."""
    return str(node.tag).removeprefix(f"{{{NAMESPACE}}}")


def attribute(node: Element | None, name: str = "value") -> str:
    """Return an attribute without the blanks around it; empty where there is none."""
    return "" if node is None else node.get(name, "").strip()


def plain(node: Element | None) -> str:
    """Return the text of ``node`` and of what lies in it, with single blanks."""
    return "" if node is None else _BLANK.sub(" ", "".join(map(str, node.itertext()))).strip()


def absent(node: Element | None) -> bool:
    """Tell whether there is no element, or one that only says why its value is missing."""
    return node is None or bool(node.get("nullFlavor"))


def instance_identifier(node: Element | None) -> str:
    """Return an instance identifier as ``root^extension`` or ``root``; empty where it has none."""
    root, extension = attribute(node, "root"), attribute(node, "extension")
    return "^".join(filter(None, (root, extension)))


def value_type(node: Element) -> str:
    """Return the data type that ``xsi:type`` states, without a prefix."""
    return node.get(XSI_TYPE, "").rsplit(":", 1)[-1]


# -- coded values -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """A coded value (CD): ``oid`` its code system, ``label`` in the words of the document.

    ``name`` is what the document calls the code system. ``other`` says that it is something for which there is no
    code (``nullFlavor`` OTH), and not that nothing is said.
    """

    oid: str = ""
    code: str = ""
    label: str = ""
    name: str = ""
    other: bool = False

    @property
    def system(self) -> str:
        """The URI of the code system; empty without a code."""
        return system_uri(self.oid, self.name) if self.code else ""

    def __bool__(self) -> bool:
        return bool(self.code or self.label or self.other)


class References:
    """What the references of a document point to: elements of its narrative, by their ``ID``."""

    def __init__(self, root: Element) -> None:
        self._marked: Mapping[str, Element] = {one.get("ID", ""): one for one in root.iter() if one.get("ID")}

    def text(self, node: Element | None) -> str:
        """Return the text of ``node`` (``text``, ``originalText``), or what its reference points to."""
        place = attribute(child(node, "reference")).removeprefix("#")
        if place:
            return plain(self._marked.get(place))
        return plain(node)

    def coded(self, node: Element | None) -> Coded:
        """Return the coded value of ``node``; one without a code is its text, or its first translation."""
        if node is None:
            return Coded()
        wording = self.text(child(node, "originalText"))
        label = attribute(node, "displayName") or wording
        code, oid = attribute(node, "code"), attribute(node, "codeSystem")
        if code:
            return Coded(oid=oid, code=code, label=label, name=attribute(node, "codeSystemName"))
        translated = (self.coded(one) for one in elements_at(node, "translation"))
        found = next(filter(None, translated), Coded())
        uncoded = attribute(node, "nullFlavor") == "OTH"
        return replace(found, label=label or found.label, other=uncoded)


# -- times --------------------------------------------------------------------------------


def stamp_date(text: str) -> AnyDate | None:
    """Return the date of a time stamp (TS), as precise as it is written; ``None`` where it is none."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, month, of_month = (int(part) if part else None for part in found.group(1, 2, 3))
    try:
        if year and month and of_month:
            return date(year, month, of_month)
        return PartialDate(year or 0, month)
    except ValueError:
        return None


def stamp_moment(text: str, zone: str = ZONE) -> AnyMoment | None:
    """Return the moment of a time stamp (TS), or its date where it has no time of day; ``None`` where it is none."""
    found, on = _STAMP.fullmatch(text), stamp_date(text)
    if found is None or found[4] is None or not isinstance(on, date):
        return on
    try:
        hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
        at = time(hour, minute, second)
        return datetime.combine(on, at, tzinfo=_offset(found[7], zone))
    except ValueError:
        return None


def _offset(text: str | None, zone: str) -> timezone | ZoneInfo:
    if not text:
        return ZoneInfo(zone)
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:])))


@dataclass(frozen=True, slots=True)
class Interval:
    """When something began and ended; a point in time is its beginning, and ``point`` says so."""

    low: AnyDate | None = None
    high: AnyDate | None = None
    point: bool = False


def effective_interval(node: Element | None) -> Interval:
    """Return the ``effectiveTime`` of a statement."""
    if node is None:
        return Interval()
    if attribute(node):
        return Interval(stamp_date(attribute(node)), None, True)
    low, high = (stamp_date(attribute(child(node, name))) for name in ("low", "high"))
    return Interval(low or stamp_date(attribute(child(node, "center"))), high)


def first_interval(statement: Element) -> Interval:
    """Return the first ``effectiveTime`` of a statement that tells when."""
    found = (effective_interval(one) for one in elements_at(statement, "effectiveTime"))
    return next((one for one in found if one.low or one.high), Interval())


def faulty_stamps(root: Element) -> Iterator[str]:
    """Yield what stands where a time stamp should and is none."""
    for name in ("effectiveTime", "time", "birthTime"):
        for node in root.iter(_clark(name)):
            places = (node, *(child(node, part) for part in ("low", "high", "center")))
            for text in filter(None, map(attribute, places)):
                if stamp_date(text) is None:
                    yield text
