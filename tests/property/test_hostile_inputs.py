"""Whatever is done to a package is noticed, and no reader takes longer than its input is long."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from archiver.package.checks.check_package import check
from formats.errors import Failure
from tests.vectors.generator import age, case, dossier, package, unit, zips
from tests.vectors.generator.flawed_pictures import element, image, picture
from tests.vectors.hostile_readers import READERS, TRUST
from tests.vectors.watch import watching

WHOLE = package.package()
UNIT = unit.sealed(b"Bonjour" * 9, "a")
KEYRING = age.file(package.first_line() + package.index(package.base_entries()))
AGE = age.file(b"Bonjour")
PASSPHRASE = age.file(b"Bonjour", [age.scrypt()])

STEPS_PER_BYTE = 4
STEPS_OF_ANY = 40_000
"""Function calls a reader may make: so many for each byte of its input, and so many for an empty one."""
GROWTH = 4
"""How many times larger the larger of two inputs is."""
SLACK = 3.0
"""How much longer than in proportion it may take; twice the exponent would be four times."""
UNHURRIED = settings(deadline=None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the input lies."""
    return tmp_path_factory.mktemp("hostile") / "input"


# -- changed bytes -------------------------------------------------------------------------


def test_the_package_is_proven_to_begin_with(place: Path) -> None:
    place.write_bytes(WHOLE)
    assert check(place, TRUST).proven


@settings(UNHURRIED, max_examples=100)
@given(start=st.integers(0, len(WHOLE)), taken=st.integers(0, 3000), to=st.integers(0, len(WHOLE)))
def test_a_moved_stretch_of_a_package_is_noticed(place: Path, start: int, taken: int, to: int) -> None:
    stretch, rest = WHOLE[start : start + taken], WHOLE[:start] + WHOLE[start + taken :]
    changed = rest[:to] + stretch + rest[to:]
    place.write_bytes(changed)
    assert check(place, TRUST).proven is (changed == WHOLE)


@pytest.mark.parametrize(
    ("reader", "whole"),
    [(case.UNIT, UNIT), (case.AGE, AGE), (case.PASSPHRASE, PASSPHRASE), (case.KEYRING, KEYRING)],
    ids=[case.UNIT, case.AGE, case.PASSPHRASE, case.KEYRING],
)
def test_every_flipped_byte_of_what_is_sealed_is_noticed(place: Path, reader: str, whole: bytes) -> None:
    place.write_bytes(whole)
    READERS[reader](place)
    unnoticed = set()
    for at in range(len(whole)):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        try:
            READERS[reader](place)
            unnoticed.add(at)
        except Failure as failure:
            str(failure)  # a sentence that lacks a fact would break here
    assert unnoticed == (LEFT_TO_THE_SIGNATURE if reader == case.UNIT else set())


DIRECTORY = UNIT.index(b"PK\1\2")
LEFT_TO_THE_SIGNATURE = {4, 5, *(DIRECTORY + at for at in (4, 5, 6, 7, *range(36, 42)))}
"""Bytes of a unit that its own reader has no opinion about: the versions of ZIP, and file attributes."""


# -- anything at all ----------------------------------------------------------------------

HONEST: dict[str, bytes] = {
    case.PACKAGE: WHOLE,
    case.ARCHIVE: dossier.archive(),
    case.UNIT: UNIT,
    case.KEYRING: KEYRING,
    case.AGE: age.armored(AGE),
    case.PASSPHRASE: PASSPHRASE,
    case.IDENTITIES: age.identity_text().encode(),
    case.BUNDLE: json.dumps(dossier.bundle("a")).encode(),
    case.ROWS: json.dumps(dossier.source_row("a")).encode(),
    case.NAMES: dossier.names_table("a"),
    case.TABLE: b"patient;name\r\n1;EXEMPLE\r\n",
    case.XML: package.asic_manifest([package.reference("README.TXT", b"")]),
    case.DICOM: picture(image()),
    case.DICOMDIR: picture(image()),
}


@pytest.mark.parametrize("reader", sorted(HONEST))
@settings(UNHURRIED, max_examples=25)
@given(data=st.data())
def test_any_change_is_read_or_refused_within_its_length(
    place: Path, reader: str, data: st.DataObject
) -> None:
    content = HONEST[reader]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        stop = data.draw(st.integers(start, min(len(content), start + 60)))
        put = data.draw(st.binary(max_size=20) | st.just(content[start:stop] * 3))
        content = content[:start] + put + content[stop:]
    place.write_bytes(content)
    with watching() as watch:
        try:
            READERS[reader](place)
        except Failure as failure:
            str(failure)  # a sentence that lacks a fact would break here
    assert watch.steps <= STEPS_OF_ANY + STEPS_PER_BYTE * len(content)
    assert watch.written == []


# -- time ---------------------------------------------------------------------------------


def _package_of_pages(count: int) -> bytes:
    return package.package(pages={f"docs/{number:06}.md": b"x" for number in range(count)})


def _archive_of_files(count: int) -> bytes:
    return dossier.archive(extra=[zips.plain(f"DATA/{number:06}", b"x") for number in range(count)])


def _deep_names(count: int) -> bytes:
    return dossier.archive(
        extra=[zips.plain(f"{number:06}/" + "a/" * 14 + "a", b"") for number in range(count)]
    )


def _elements(count: int) -> bytes:
    return b"<a>" + b"<b c='d'>e</b>" * count + b"</a>"


def _bundle_of_documents(count: int) -> bytes:
    whole = dossier.bundle("a")
    one = whole["entry"][2]
    copies = [{"resource": {**one["resource"], "id": f"d-{number}"}} for number in range(count)]
    return json.dumps({**whole, "entry": [*whole["entry"], *copies]}).encode()


def _unknown_resources(count: int) -> bytes:
    whole = dossier.bundle("a")
    strange = [{"resource": {"resourceType": "Evil", "id": str(number)}} for number in range(count)]
    return json.dumps({**whole, "entry": [*whole["entry"], *strange]}).encode()


def _keyring_of_units(count: int) -> bytes:
    row = package.base_entries()[0]
    rows = [{**row, "unit": f"u{number}"} for number in range(count)]
    return age.file(package.first_line() + package.index(rows))


def _rows(count: int) -> bytes:
    return json.dumps(dossier.source_row("a")).encode().join([b""] * (count + 1)).replace(b"}{", b"}\n{")


def _lines(count: int) -> bytes:
    return b"patient;name\r\n" + b"1;EXEMPLE\r\n" * count


def _open_quotes(count: int) -> bytes:
    return b"patient;name\r\n" + b'"1\r\n' * count


def _places(count: int) -> bytes:
    heading, row = dossier.names_table("a").splitlines(keepends=True)
    return heading + row * count


def _dicom_elements(count: int) -> bytes:
    return picture(element(0x00080018, b"UI", b"2.25.1") * count)


def _ends(count: int) -> bytes:
    return dossier.archive(comment=b"PK\5\6" * min(count, 15_000)) + b"PK\5\6" * count


GROWING: dict[str, tuple[str, int, Callable[[int], bytes]]] = {
    "package of pages": (case.PACKAGE, 1_000, _package_of_pages),
    "archive of files": (case.ARCHIVE, 4_000, _archive_of_files),
    "archive of deep names": (case.ARCHIVE, 2_000, _deep_names),
    "archive of end records": (case.ARCHIVE, 20_000, _ends),
    "package of end records": (case.PACKAGE, 20_000, lambda count: WHOLE[:-1] + b"PK\5\6" * count),
    "XML of elements": (case.XML, 40_000, _elements),
    "bundle of documents": (case.BUNDLE, 400, _bundle_of_documents),
    "bundle of strangers": (case.BUNDLE, 4_000, _unknown_resources),
    "keyring of units": (case.KEYRING, 1_500, _keyring_of_units),
    "source rows": (case.ROWS, 5_000, _rows),
    "lines": (case.TABLE, 10_000, _lines),
    "open quotes": (case.TABLE, 8_000, _open_quotes),
    "places": (case.NAMES, 5_000, _places),
    "DICOM elements": (case.DICOM, 5_000, _dicom_elements),
    "age payload": (case.AGE, 1 << 20, lambda count: age.file(bytes(count))),
    "JSON brackets": (case.BUNDLE, 100_000, lambda count: b'{"a":' + b"[" * count),
    "JSON texts": (case.BUNDLE, 100_000, lambda count: b'{"a":"' + b"\\u0041" * count),
}
"""Inputs that grow: the reader, how many parts the smaller one has, and what makes it."""


@pytest.mark.parametrize("shape", sorted(GROWING))
def test_time_grows_no_faster_than_the_input(place: Path, shape: str) -> None:
    reader, count, made = GROWING[shape]
    small, large = made(count), made(count * GROWTH)
    ratio = len(large) / len(small)
    _seconds(reader, small, place)  # once, so that everything is imported and cached
    short = min(_seconds(reader, small, place) for _ in range(3))
    long = _seconds(reader, large, place)
    if long > 0.1 + SLACK * ratio * short:  # a busy machine gets a second chance
        long = _seconds(reader, large, place)
    assert long <= 0.1 + SLACK * ratio * short, (
        f"{len(small)} bytes {short:.3f} s, {len(large)} bytes {long:.3f} s"
    )


def _seconds(reader: str, data: bytes, place: Path) -> float:
    place.write_bytes(data)
    start = time.process_time()
    try:
        READERS[reader](place)
    except Failure as failure:
        str(failure)  # a sentence that lacks a fact would break here
    return time.process_time() - start
