"""The strict reader of ``manifest.json``: what it must say is checked, what it says besides is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any, NoReturn

from archiver.errors import ManifestInvalid
from archiver.package import layout
from archiver.package.manifest import (
    FORMAT,
    MAX_VOLUMES,
    Handover,
    Identifier,
    Manifest,
    Organisation,
    Scope,
    Unit,
    Volume,
)
from formats.words import mark

MAX_MANIFEST_BYTES = 128 << 20
"""500,000 units of about 200 bytes are 100 MB."""
MAX_TEXT = 1024
"""Characters of one text; a name or a code is shorter."""
MAX_COUNT = (1 << 53) - 1
"""The largest whole number every JSON reader agrees about (RFC 8259, section 6)."""
MAX_REVISION = 999
"""Revisions of one package; each keeps the lists and signatures of all before it."""

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHA512 = re.compile(r"[0-9a-f]{128}")
_NEW_YEAR = re.compile(r"[0-9]{4}-01-01")
"""The only day a manifest tells of a year, so that it tells no more."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may leave half a character behind (RFC 8259, section 8.2)."""
_KNOWN = frozenset(
    {"format", "package", "created", "legal_ground", "controller_before", "controller_after", "sender"}
    | {"revision", "replaces", "receiver", "scope", "counts", "keyrings", "keyring_commitment", "units"}
    | {"signers", "set"}
)


_UNIT_KEYS = frozenset({"id", "member", "size", "sha256", "destroy_from", "hold"})


def read_manifest(data: bytes) -> Manifest:
    """Return what ``data`` says.

    Raises:
        ManifestInvalid: with the reason, and the key where it lies.
    """
    whole = _Object(_json(data), "")
    if whole.text("format") != FORMAT:
        _refuse(mark("it is of another version of the format"), "format")
    package = whole.text("package")
    if not layout.is_package_id(package):
        _refuse(mark("the package has no plain identifier"), "package")
    revision, replaces = _revision(whole)
    handover, units = _handover(whole), _units(whole.list("units"))
    _compare_years(handover.volume, units)
    return Manifest(
        package_id=package,
        handover=handover,
        keyrings=_keyrings(whole),
        units=units,
        revision=revision,
        replaces=replaces,
        signers=_signers(whole),
    )


def _refuse(reason: str, key: str = "") -> NoReturn:
    raise ManifestInvalid(where=f"{layout.MANIFEST} {key}".strip(), reason=reason)


def _json(data: bytes) -> Any:
    if len(data) > MAX_MANIFEST_BYTES:
        _refuse(mark("it is longer than any manifest"))
    try:
        text = data.decode("utf-8")
        if _SURROGATE.search(text):
            _refuse(mark("a character is written as half of one; UTF-8 has room for all of it"))
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise ManifestInvalid(where=layout.MANIFEST, reason=mark("it is not plain JSON")) from fault


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse(mark("an object has the same key twice"))
    return found


def _no_number(name: str) -> NoReturn:
    _refuse(mark("it holds a number that is none"), name)


class _Object:
    """A JSON object whose keys are asked for with the type they must have."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            _refuse(mark("an object is missing"), where)
        self._value: dict[str, Any] = value
        self._where = where

    def at(self, key: str) -> str:
        """Return the path of ``key`` as a person reads it."""
        return f"{self._where}.{key}" if self._where else key

    def has(self, key: str) -> bool:
        """Say whether ``key`` is there."""
        return key in self._value

    def get(self, key: str) -> Any:
        """Return the value of ``key``, which must be there."""
        if key not in self._value:
            _refuse(mark("a key is missing"), self.at(key))
        return self._value[key]

    def text(self, key: str, shape: re.Pattern[str] | None = None) -> str:
        """Return the non-empty text of ``key``, in the form ``shape``."""
        value = self.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
            _refuse(mark("a text is missing, empty or too long"), self.at(key))
        if shape and not shape.fullmatch(value):
            _refuse(mark("a text does not have its form"), self.at(key))
        return value

    def count(self, key: str) -> int:
        """Return the whole number of ``key``, zero or more."""
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_COUNT:
            _refuse(mark("a whole number is missing or out of range"), self.at(key))
        return value

    def truth(self, key: str) -> bool:
        """Return the yes or no of ``key``."""
        value = self.get(key)
        if not isinstance(value, bool):
            _refuse(mark("a yes or no is missing"), self.at(key))
        return value

    def new_year(self, key: str) -> date | None:
        """Return the 1 January of ``key``, or nothing for ``null``."""
        if self.get(key) is None:
            return None
        try:
            return date.fromisoformat(self.text(key, _NEW_YEAR))
        except ValueError:
            _refuse(mark("a text does not have its form"), self.at(key))

    def list(self, key: str) -> list[Any]:
        """Return the list of ``key``."""
        value = self.get(key)
        if not isinstance(value, list):
            _refuse(mark("a list is missing"), self.at(key))
        return value

    def object(self, key: str) -> _Object:
        """Return the object of ``key``."""
        return _Object(self.get(key), self.at(key))

    def counts(self) -> dict[str, int]:
        """Return this object as numbers per kind."""
        for key in self._value:
            if not _CODE.fullmatch(key):
                _refuse(mark("a kind is not a plain word"), self.at(key))
        return {key: self.count(key) for key in self._value}

    def unknown(self, known: frozenset[str]) -> Mapping[str, Any]:
        """Return what this object says besides the ``known`` keys."""
        return {key: value for key, value in self._value.items() if key not in known}


def _revision(whole: _Object) -> tuple[int, str]:
    """Return which revision it is and the digest of the manifest before; the first has neither key."""
    if not whole.has("revision") and not whole.has("replaces"):
        return 1, ""
    revision = whole.count("revision")
    if not 1 < revision <= MAX_REVISION:
        _refuse(mark("a whole number is missing or out of range"), "revision")
    return revision, whole.text("replaces", _SHA256)


def _volume(whole: _Object) -> Volume | None:
    """Return which volume of which set the package is; ``null`` says that it is one by itself."""
    if whole.get("set") is None:
        return None
    found = whole.object("set")
    set_id, volume, of = found.text("id"), found.count("volume"), found.count("of")
    if not layout.is_package_id(set_id):
        _refuse(mark("the set has no plain identifier"), found.at("id"))
    if not 1 <= volume <= of or not 2 <= of <= MAX_VOLUMES:
        _refuse(mark("a whole number is missing or out of range"), found.at("volume"))
    year = None if found.get("retention_year") is None else found.count("retention_year")
    if year is not None and not MINYEAR <= year < MAXYEAR:
        _refuse(mark("a whole number is missing or out of range"), found.at("retention_year"))
    unknown = found.unknown(frozenset({"id", "volume", "of", "retention_year"}))
    return Volume(set_id=set_id, volume=volume, of=of, retention_year=year, unknown=unknown)


def _compare_years(volume: Volume | None, units: tuple[Unit, ...]) -> None:
    """Refuse a volume of one year that holds a unit of another."""
    if volume is None or volume.retention_year is None:
        return
    first = date(volume.retention_year + 1, 1, 1)
    for number, unit in enumerate(units):
        if unit.destroy_from != first:
            _refuse(mark("a unit is not of the year of its volume"), f"units[{number}].destroy_from")


def _signers(whole: _Object) -> tuple[str, ...]:
    """Return the fingerprints of both signers; where one signs alone there is no key."""
    if not whole.has("signers"):
        return ()
    found = whole.list("signers")
    if len(found) != 2 or not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in found):
        _refuse(mark("it does not name two signers by their fingerprints"), "signers")
    if found[0] == found[1]:
        _refuse(mark("it names one signer as both"), "signers")
    return tuple(found)


def _handover(whole: _Object) -> Handover:
    return Handover(
        created=_moment(whole, "created"),
        legal_ground=whole.text("legal_ground", _CODE),
        controller_before=_organisation(whole.object("controller_before")),
        controller_after=_perhaps(whole, "controller_after"),
        sender=_organisation(whole.object("sender")),
        receiver=_perhaps(whole, "receiver"),
        scope=_scope(whole.object("scope")),
        counts=whole.object("counts").counts(),
        keyring_commitment=whole.text("keyring_commitment", _SHA512),
        volume=_volume(whole),
        unknown=whole.unknown(_KNOWN),
    )


def _moment(whole: _Object, key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(whole.text(key))
    except ValueError as fault:
        raise ManifestInvalid(where=f"{layout.MANIFEST} {key}", reason=mark("a time is not one")) from fault
    if moment.tzinfo is None:
        _refuse(mark("a time has no zone"), key)
    return moment


def _perhaps(whole: _Object, key: str) -> Organisation | None:
    return None if whole.get(key) is None else _organisation(whole.object(key))


def _organisation(found: _Object) -> Organisation:
    rows = [_Object(row, found.at("identifiers")) for row in found.list("identifiers")]
    return Organisation(
        name=found.text("name"),
        identifiers=tuple(map(_identifier, rows)),
        unknown=found.unknown(frozenset({"name", "identifiers"})),
    )


def _identifier(row: _Object) -> Identifier:
    return Identifier(
        system=row.text("system"),
        value=row.text("value"),
        unknown=row.unknown(frozenset({"system", "value"})),
    )


def _scope(found: _Object) -> Scope:
    return Scope(
        kind=found.text("kind", _CODE),
        left_out=found.object("left_out").counts(),
        unknown=found.unknown(frozenset({"kind", "left_out"})),
    )


def _keyrings(whole: _Object) -> tuple[str, ...]:
    names = whole.list("keyrings")
    if not names or not all(isinstance(name, str) and layout.is_keyring(name) for name in names):
        _refuse(mark("it does not say where its keyring lies"), "keyrings")
    if layout.KEYRING not in names or len(set(names)) != len(names):
        _refuse(mark("it does not say where its keyring lies"), "keyrings")
    return tuple(names)


def _units(rows: list[Any]) -> tuple[Unit, ...]:
    units = tuple(_unit(_Object(row, f"units[{number}]")) for number, row in enumerate(rows))
    if len({unit.id for unit in units}) != len(units):
        _refuse(mark("a unit is listed twice"), "units")
    return units


def _unit(row: _Object) -> Unit:
    unit_id = row.text("id")
    if not layout.is_unit_id(unit_id):
        _refuse(mark("a unit has no identifier of 26 base-32 characters"), row.at("id"))
    if row.text("member") != layout.unit_member(unit_id):
        _refuse(mark("a unit does not lie where its identifier says"), row.at("member"))
    return Unit(
        id=unit_id,
        member=row.text("member"),
        size=row.count("size"),
        sha256=row.text("sha256", _SHA256),
        destroy_from=row.new_year("destroy_from"),
        hold=row.truth("hold"),
        unknown=row.unknown(_UNIT_KEYS),
    )
