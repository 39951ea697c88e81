"""Every trait of the patients of a practice, and where one of them shows in bytes that anybody may read.

A trait of eight letters and digits or more is looked for as a stretch of bytes, in every
encoding and spelling, inside Base64, Base32 and hexadecimal digits too, and as a digest.
A shorter one (a first name, a number in the practice) would be met by chance inside a
signature; it is looked for as a word of the texts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
import sqlite3
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import AnyStr, Generic

from tests.open_bytes import Open

LONG = 8
"""Letters and digits from which on a trait is not met by chance: 64^8 against some hundred kilobytes."""
DIGEST = 16
"""Bytes of a digest that are looked for: a shortened one gives a person away as well."""

Columns = Mapping[str, tuple[str, ...]]

SOURCE_NAMES: Columns = {
    "patient": (
        "PatNum", "LName", "FName", "MiddleI", "Preferred", "Birthdate", "SSN", "City", "Zip", "HmPhone",
        "WkPhone", "WirelessPhone", "Email", "ChartNumber", "MedicaidID",
    ),
}  # fmt: skip
SOURCE_TEXTS: Columns = {
    "patient": (
        "Address", "Address2", "ImageFolder", "AddrNote", "FamFinUrgNote", "MedUrgNote", "ApptModNote",
        "SchoolName", "EmploymentNote",
    ),
    "document": ("Description", "FileName", "Note"),
    "commlog": ("Note",),
    "popup": ("Description",),
}  # fmt: skip
"""What the tables of Open Dental say of patients, column by column."""
FIELDS = ("INS", "BirthName", "BirthPlace")
"""Free fields of a patient that hold a trait; ``INS-OID`` names a register, ``INS-STATUS`` a confidence."""
STORE_NAMES: Columns = {
    "patients": (
        "id", "traits_birth_family_name", "traits_birth_given_names", "traits_used_family_name",
        "traits_used_given_name", "traits_birth_date", "traits_birth_place", "deceased_on",
    ),
    "patients_earlier_traits": (
        "traits_birth_family_name", "traits_birth_given_names", "traits_used_family_name",
        "traits_used_given_name", "traits_birth_date", "traits_birth_place",
    ),
    "patients_identifiers": ("value",),
    "patients_addresses": ("postal_code", "city"),
    "patients_contacts": ("value",),
    "related_persons": ("id", "family_name", "given_name"),
    "related_persons_contacts": ("value",),
    "related_persons_addresses": ("postal_code", "city"),
    "coverages": ("member",),
    "image_studies": ("patient_name", "patient_number"),
}  # fmt: skip
STORE_TEXTS: Columns = {
    "patients": ("ins_comments",),
    "patients_addresses": ("lines",),
    "related_persons": ("note",),
    "related_persons_addresses": ("lines",),
    "documents": ("id", "title", "original_name", "note", "attachment_sha256"),
    "image_files": ("id", "title", "original_name", "note", "attachment_sha256"),
    "image_studies": ("id", "study_instance_uid", "study_id", "accession", "description"),
    "image_studies_series": ("series_instance_uid", "description"),
    "image_studies_series_instances": ("sop_instance_uid", "attachment_sha256"),
    "consents": ("signed_by", "text"),
    "quotes": ("title", "signed_by", "note"),
    "invoices": ("payer", "note"),
    "notes": ("text",),
}  # fmt: skip
"""What our own store says of them; lists lie in it as JSON."""
NOTHING = frozenset({"", "0", "0001-01-01"})
"""What stands in a column that says nothing."""
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
MONTHS_IN_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


# -- the traits ---------------------------------------------------------------------------


def traits_of(source: Path, store: Path, files: Iterable[Path]) -> Traits:
    """Return every trait as the Open Dental tables, our own store and the names of ``files`` spell it."""
    names = {*_columns(source, SOURCE_NAMES), *_columns(store, STORE_NAMES)}
    with closing(sqlite3.connect(source)) as db:
        marks = ", ".join("?" * len(FIELDS))
        query = f"SELECT FieldValue FROM patfield WHERE FieldName IN ({marks})"
        names |= {str(value) for (value,) in db.execute(query, FIELDS)}
    texts = {*_columns(source, SOURCE_TEXTS), *_columns(store, STORE_TEXTS)}
    texts |= {part for path in files for part in (path.name, path.stem)}
    days = {day for name in names for day in _dates(name)}
    return Traits(names=_spellings(names) - days, texts=_spellings(texts) | days)


def _spellings(found: Iterable[str]) -> frozenset[str]:
    texts = {text.strip() for text in found} - NOTHING
    return frozenset(texts.union(*map(_other_spellings, texts)))


def _columns(path: Path, tables: Columns) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as db:
        for table, columns in tables.items():
            for column in columns:
                for (value,) in db.execute(f'SELECT DISTINCT "{column}" FROM "{table}"'):
                    yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("["):
        with suppress(json.JSONDecodeError):
            yield from map(str, json.loads(value))
            return
    if value is not None:
        yield str(value)


def _dates(text: str) -> set[str]:
    """Return the day ``text`` names in every spelling people use."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return set()
    y, m, d = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
    if day == date(1, 1, 1):
        return set()
    spellings = {f"{d}/{m}/{y}", f"{m}/{d}/{y}", f"{d}{m}{y}", f"{y}{m}{d}", f"{y}-{m}-{d}", f"{y}/{m}/{d}"}
    french, english = MONTHS[day.month - 1], MONTHS_IN_ENGLISH[day.month - 1]
    return spellings | {f"{day.day} {french} {y}", f"{english} {day.day}, {y}", f"{day.day} {english} {y}"}


def _other_spellings(text: str) -> set[str]:
    """Return how a telephone number or an INS is written besides: abroad, without its key."""
    digits = re.sub(r"[\s.+-]", "", text)
    if not digits.isdecimal():
        return set()
    abroad = {f"33{digits[1:]}"} if len(digits) == 10 and digits.startswith("0") else set()
    return abroad | ({digits[:13]} if len(digits) == 15 else set())


# -- spelling -----------------------------------------------------------------------------


def folded(text: str) -> str:
    """Return ``text`` in small letters without accents."""
    text = text.casefold().translate({0x142: "l", 0x153: "oe", 0xE6: "ae", 0x131: "i", 0x111: "d"})
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def squeezed(text: str) -> str:
    """Return the letters and digits of ``text``, folded: hyphens and blanks are a matter of taste."""
    return "".join(filter(str.isalnum, folded(text)))


def words(text: str) -> set[str]:
    """Return the words of ``text``, folded."""
    return set(re.findall(r"[^\W_]+", folded(text)))


# -- looking ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What would give a patient away: ``names`` even as a single word, ``texts`` as a whole."""

    names: frozenset[str]
    texts: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Search:
    """Looks for traits; ``public`` are whole phrases that somebody decided to publish."""

    traits: Traits
    public: tuple[str, ...] = ()

    def found(self, part: Open, random: Iterable[str] = ()) -> set[str]:
        """Return every trait that shows in ``part``; ``random`` are texts that are drawn by lot or counted."""
        return self._stretches(part.raw) | self._digests(part.raw) | self._words(part.texts, random)

    def _stretches(self, raw: bytes) -> set[str]:
        plain = "\n".join(dict.fromkeys(folded(text) for one in readings(raw) for text in spelled(one)))
        for phrase in self.public:
            plain = plain.replace(folded(phrase), "\n")
        pressed = "".join(one for one in plain if one.isalnum() or one == "\n")
        return met(_pressed(self.traits), pressed) | met(_written(self.traits), plain)

    def _digests(self, raw: bytes) -> set[str]:
        return {f"a digest of {trait}" for trait in met(_digests_of(self.traits), b"\n".join(readings(raw)))}

    def _words(self, texts: Iterable[str], random: Iterable[str]) -> set[str]:
        text = folded("\n".join(one for text in texts for one in (text, *unescaped(text))))
        for phrase in (*random, *self.public):
            text = text.replace(folded(phrase), " ")
        return {f"the word {one}" for one in words_of_names(self.traits) & words(text)}


class Sought(Generic[AnyStr]):
    """What is looked for at once: each stretch with the trait that it gives away, by its first letters or bytes."""

    def __init__(self, stretches: Iterable[tuple[AnyStr, str]], least: int) -> None:
        self.least = least
        self.by_start: dict[AnyStr, list[tuple[AnyStr, str]]] = {}
        for stretch, trait in stretches:
            self.by_start.setdefault(stretch[:least], []).append((stretch, trait))


def met(sought: Sought[AnyStr], content: AnyStr) -> set[str]:
    """Return the traits of which a stretch stands in ``content``, which is gone through once for all of them."""
    least, by_start = sought.least, sought.by_start
    return {
        trait
        for place in range(len(content) - least + 1)
        if (start := content[place : place + least]) in by_start
        for stretch, trait in by_start[start]
        if content.startswith(stretch, place)
    }


@cache
def _pressed(traits: Traits) -> Sought[str]:
    found = ((squeezed(trait), trait) for trait in traits.names | traits.texts)
    return Sought((pair for pair in found if len(pair[0]) >= LONG), LONG)


@cache
def _written(traits: Traits) -> Sought[str]:
    """Return short texts with a dot or dash in them, such as ``bw1.png``: pressed they would be too short."""
    found = ((folded(trait), trait) for trait in traits.texts)
    return Sought((pair for pair in found if len(pair[0]) >= LONG - 1 and not pair[0].isalnum()), LONG - 1)


@cache
def words_of_names(traits: Traits) -> set[str]:
    """Return every word of every name."""
    return {word for trait in traits.names for word in words(trait)}


@cache
def _digests_of(traits: Traits) -> Sought[bytes]:
    found = {}
    for trait in traits.names | traits.texts:
        for spelling in {trait, trait.upper(), folded(trait), squeezed(trait)}:
            for name in ("md5", "sha1", "sha256", "sha512"):
                found[hashlib.new(name, spelling.encode("utf-8", "replace")).digest()[:DIGEST]] = trait
        if re.fullmatch(r"[0-9a-f]{64}|[0-9a-f-]{36}", trait):
            found[bytes.fromhex(trait.replace("-", ""))[:DIGEST]] = trait
    return Sought(found.items(), DIGEST)


def readings(raw: bytes) -> list[bytes]:
    """Return ``raw`` and what its stretches of Base64, Base32 and hexadecimal digits say."""
    found = [raw]
    for stretch in re.findall(rb"[A-Za-z0-9+/_-]{10,}", raw):
        plain = stretch.translate(bytes.maketrans(b"-_", b"+/"))
        found += [_whole_digits(base64.b64decode, plain[skipped:], 4) for skipped in range(4)]
    for stretch in re.findall(rb"[A-Z2-7]{16,}", raw.upper()):
        found.append(_whole_digits(base64.b32decode, stretch, 8))
    for stretch in re.findall(rb"(?:[0-9A-Fa-f]{2}[ :]?){8,}", raw):
        digits = stretch.translate(None, b" :")
        found += [bytes.fromhex(one[: len(one) // 2 * 2].decode("ascii")) for one in (digits, digits[1:])]
    return found


def _whole_digits(decode: Callable[[bytes], bytes], digits: bytes, group: int) -> bytes:
    """Decode as many of ``digits`` as make whole bytes; writers of short texts leave their padding out."""
    for fewer in range(group):
        part = digits[: len(digits) - fewer]
        with suppress(binascii.Error):
            return decode(part + b"=" * (-len(part) % group))
    return b""


def spelled(raw: bytes) -> list[str]:
    """Return ``raw`` read as every encoding that could hold a name, and without any escapes."""
    text = raw.decode("utf-8", "ignore")
    wide = [raw[start:].decode(code, "ignore") for code in ("utf-16-le", "utf-16-be") for start in (0, 1)]
    return [text, raw.decode("latin-1"), *wide, *unescaped(text)]


def unescaped(text: str) -> Iterator[str]:
    """Yield ``text`` without the escapes of JSON, XML and addresses, where it has any."""
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), text)
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield urllib.parse.unquote(text)
