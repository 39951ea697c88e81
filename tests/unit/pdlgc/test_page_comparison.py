"""A page is made again from the data it came with, and compared; the rules that decide whether it can be are kept."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from formats.model.identity import Identifier, IdentifierType
from formats.pdlgc.errors import PageMismatch
from formats.pdlgc.page import generator
from formats.pdlgc.page.generator import PAGE_VERSION, generator_of, zone_rules
from formats.pdlgc.page.page import PIECE_CHARACTERS, index_page
from formats.pdlgc.page.unsafe_content import check_page
from formats.pdlgc.page_comparison import compare_page
from formats.pdlgc.sender import Sender
from tests.dossiers import full_dossier, patient_variants
from tests.unit.pdlgc.bodies import SENDER, STATED, WRITTEN_AT
from tests.unit.pdlgc.test_page import HOSTILE, empty

WHOLE = full_dossier()
LINKS = {
    one.sha256: f"IHE_XDM/SUBSET01/DOC{number:05}.PDF" for number, one in enumerate(WHOLE.attachments(), 1)
}
VERSIONS = {
    1: "57e5bfd16c78c5494588d39bc75c2101889c6bda9f8c3cf06631de25b850ca25",
    2: "65a8f68ba5b22b3bbe634e9d4aa4ba4da6f7628e3d8475e2616d87f26470bf81",
    3: "95dbc710f22982331b779f80d4585b928f094506de446dcd4a2849129c3ba36c",
    4: "aa472927f2c5059cbc6cae9f5692b01d0cf66adc392bdeb56422dfd00d02c98f",
    5: "95803f7ed4b87f7f554fe9c649ffb71480fce3a6e4c262a0c2a14c8922b73067",
    6: "90c8a69faa57b2b6f0279f99741b60618326b48d41a7090bbeaf454f37b0bc7e",
    7: "48acd4cca49ffe57613f77bcd7ee5caf476d48d158f2e4e4609dd1cc3cdd571e",
    8: "5168d643ddd10c452c45b633b3bd906d97a1eb61ee831203b87013c5674195d4",
    9: "7a44b850d643d4aa0ba8b0b362719477c22e40cb465cedf039fad7a2011fa7e3",
    10: "15e4835d8271d8692b522223aac15fdb620b98b0f2fc46f34e98c4aff1ab93dd",
    11: "b8502d848e8f1cedc909fa579c0a9a697d5744068417ef80d4f390ae5893d454",
    12: "a66a5f5b042106e19cedc93a9faeb53bda766a41912386825f7bc005298e1f7c",
}
"""SHA-256 of the pages of each version, the digest of the time zone's rules left out."""


def made(dossier=WHOLE, sender: Sender = SENDER) -> bytes:
    return b"".join(index_page(dossier, links=LINKS, sender=sender, written_at=WRITTEN_AT))


def compared(page: bytes, dossier=WHOLE, sender: Sender = STATED, at: datetime = WRITTEN_AT) -> bool:
    return compare_page(io.BytesIO(page), dossier, links=LINKS, sender=sender, written_at=at)


def test_a_changed_page_is_a_version_of_its_own() -> None:
    """Whoever changes what a page looks like raises ``PAGE_VERSION`` and adds the digest that this test prints."""
    pages = [made(one) for one in (WHOLE, empty(), *patient_variants())]
    known = re.compile(rb"; zone [0-9a-f]{16}")
    digest = hashlib.sha256(known.sub(b"", b"".join(pages))).hexdigest()
    assert VERSIONS[PAGE_VERSION] == digest
    assert max(VERSIONS) == PAGE_VERSION


@pytest.mark.parametrize("dossier", [WHOLE, empty()], ids=["full", "empty"])
def test_our_own_page_is_the_one_the_data_make(dossier) -> None:
    assert compared(made(dossier), dossier)


def test_a_long_page_is_compared_to_its_end() -> None:
    notes = tuple(replace(WHOLE.notes[0], id=f"note-{number}", text="é" * 900) for number in range(300))
    dossier = replace(WHOLE, notes=notes)
    page = made(dossier)
    assert len(page) > 4 * PIECE_CHARACTERS
    assert compared(page, dossier)
    cut = page.rindex(b"\n", 0, -9)
    for other in (page[:cut], page[:-1], page + b"\n", page.replace(b"note-", b"", 1)[:-1] + b"!"):
        with pytest.raises(PageMismatch):
            compared(other, dossier)


@pytest.mark.parametrize("name", ["a; page 1; zone 0000000000000000", HOSTILE, "«Logiciel» & fils 2.0", ""])
def test_any_name_of_a_program_is_read_back_from_the_page(name: str) -> None:
    page = made(sender=replace(SENDER, software=name, software_version=""))
    check_page(io.BytesIO(page))
    assert compared(page)


OTHER = {
    "another name": lambda page: page.replace(b"DURAND-EXEMPLE", b"MARTIN-EXEMPLE"),
    "an allergy left out": lambda page: page.replace("Pénicilline".encode(), b""),
    "another sum": lambda page: page.replace(b"500,01", b"600,01"),
    "another hour": lambda page: page.replace(b"\xc2\xa010:00</time>", b"\xc2\xa011:00</time>", 1),
    "another link": lambda page: page.replace(b'href="IHE_XDM/SUBSET01/DOC00001.PDF"', b'href="README.TXT"', 1),
    "another who made it": lambda page: page.replace(b"des Tilleuls", b"des Lilas"),
    "a space more": lambda page: page.replace(b"<main>", b"<main> "),
    "text behind it": lambda page: page + b" ",
    "the last byte gone": lambda page: page[:-1],
    "another policy": lambda page: page.replace(b"default-src 'none'; ", b""),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHER)
def test_a_page_that_differs_is_refused(what: str) -> None:
    change: Callable[[bytes], bytes] = OTHER[what]
    page = change(made())
    assert page != made()
    with pytest.raises(PageMismatch) as caught:
        compared(page)
    place, _, line = caught.value.where.partition(":")
    alike = zip(page.split(b"\n"), made().split(b"\n"), strict=False)
    expected = next((number for number, (one, other) in enumerate(alike, 1) if one != other), None)
    assert place == "INDEX.HTM"
    assert expected is None or int(line) == expected


@pytest.mark.parametrize(
    ("sender", "at"),
    [
        (replace(STATED, name="Cabinet dentaire des Lilas"), WRITTEN_AT),
        (replace(STATED, identifiers=()), WRITTEN_AT),
        (
            replace(
                STATED, identifiers=(Identifier(type=IdentifierType.OTHER, system="x", value="750000001"),)
            ),
            WRITTEN_AT,
        ),
        (STATED, WRITTEN_AT + timedelta(seconds=1)),
    ],
)
def test_a_page_that_names_another_sender_or_time_is_refused(sender: Sender, at: datetime) -> None:
    with pytest.raises(PageMismatch):
        compared(made(), sender=sender, at=at)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"; page \d+;", b"; page 999;"),
        (rb"; page \d+;", b"; page 01;"),
        (rb"zone [0-9a-f]+", b"zone 0000000000000000"),
        (rb'<meta name="generator"[^>]*>', b""),
        (rb'<meta name="generator"', b'<meta  name="generator"'),
        (rb'<meta name="generator"', b" " * generator.HEAD_BYTES + b'<meta name="generator"'),
    ],
)
def test_a_page_of_another_version_is_not_compared(old: bytes, new: bytes) -> None:
    page = re.sub(old, new, made(), count=1).replace(b"DURAND", b"MARTIN")
    assert page.count(b"DURAND") == 0
    assert not compared(page)


def test_a_page_whose_times_follow_other_rules_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a zone whose rules were changed since, as France may one day, the same page shows another hour."""
    page = made()
    zone_rules.cache_clear()
    monkeypatch.setattr(generator, "zone_of", lambda name: ZoneInfo("Europe/London"))
    assert not compared(page)
    zone_rules.cache_clear()


def test_what_made_a_page_stands_in_its_head() -> None:
    generator_name = generator_of(made()[: generator.HEAD_BYTES])
    assert generator_name is not None
    assert (generator_name.software, generator_name.version) == ("archiver 0.0", PAGE_VERSION)
    assert generator_of(b"") is None


ZONES = ["Europe/Paris", "America/Cayenne", "Indian/Reunion", "Africa/Casablanca", "Pacific/Noumea", "UTC"]


def test_the_digest_of_a_zone_tells_its_rules_apart_and_nothing_else() -> None:
    digests = {zone_rules(one) for one in ZONES}
    assert len(digests) == len(ZONES)
    assert zone_rules("no/such/zone") == zone_rules("Etc/UTC") == zone_rules("UTC")
    never = f"{int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())} 0\n"
    assert zone_rules("UTC") == hashlib.sha256(never.encode()).hexdigest()[:16]
    assert len(zone_rules(HOSTILE)) == 16


@pytest.mark.parametrize("name", ZONES)
def test_every_change_of_a_zone_is_found_to_the_second(name: str) -> None:
    zone = ZoneInfo(name)
    changes = list(generator._changes(name))
    for (since, before), (change, after) in itertools.pairwise(changes):
        assert since < change
        assert (change - timedelta(seconds=1)).astimezone(zone).utcoffset() == timedelta(seconds=before)
        assert change.astimezone(zone).utcoffset() == timedelta(seconds=after) != timedelta(seconds=before)
    day, last = datetime(1900, 1, 1, 12, tzinfo=UTC), changes[0][1]
    rest = changes[1:]
    while day.year < 2100:
        while rest and rest[0][0] <= day:
            last = rest.pop(0)[1]
        assert day.astimezone(zone).utcoffset() == timedelta(seconds=last), day
        day += timedelta(days=1)
