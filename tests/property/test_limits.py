"""At each limit what was written is read; one past it nothing is written: the writer knows the reader's limits.

Limits of gigabytes are not reached here. Each is set to what a dossier really needs, and to one less.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from formats.cda.writer import output
from formats.errors import LimitExceeded
from formats.fhir import layout as bundle_layout
from formats.model.dossier import Dossier
from formats.pdlgc import layout, names, source_rows, sums, tables
from formats.pdlgc.practice import lists, read, write as transverse
from formats.pdlgc.practice.lists import MissingRow, RetentionRow, SignatureRow, TermRow
from formats.pdlgc.practice.read import PracticeRecords, read_practice_archive
from formats.pdlgc.practice.write import write_practice_archive
from formats.pdlgc.profile import METADATA, SUBSET
from formats.pdlgc.read import read_patient_archive
from formats.pdlgc.subset.documents import MADE_NAME
from formats.pdlgc.write import write_patient_archive
from formats.tables.write import guard
from formats.xdm import write as submission
from formats.zip.archive import ZipArchive
from formats.zip.limits import ZipLimits
from formats.zip.writer import ZipStream
from tests.dossiers import dossiers, full_dossier
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT, Pipe, opener, with_files

UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
Members = Mapping[str, bytes]


# -- a patient's archive ------------------------------------------------------------------


def written(dossier: Dossier, bodies: Mapping[str, bytes], limits: ZipLimits | None = None) -> bytes:
    target = Pipe()
    write_patient_archive(
        dossier,
        target,
        open_attachment=opener(bodies),
        written_at=WRITTEN_AT,
        sender=SENDER,
        limits=limits,
    )
    return bytes(target.taken)


def assert_read(data: bytes, dossier: Dossier, bodies: Mapping[str, bytes], limits: ZipLimits | None) -> None:
    archive = read_patient_archive(io.BytesIO(data), limits=limits)
    assert archive.dossier == dossier
    assert {digest: archive.open_attachment(digest).read() for digest in bodies} == bodies


def members_of(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _entries(members: Members) -> list[bytes]:
    return [line.removesuffix(b",") for line in members[layout.DOSSIER].split(b"\n")[1:-2]]


def _longest_line(data: bytes) -> int:
    """Return the longest line as readers of lines take it, who know line feeds alone."""
    return max((len(line) + 1 for line in data.removesuffix(b"\n").split(b"\n")), default=0)


def _longest_row(members: Members) -> int:
    """Return the longest line of the list of names, or nothing where that is its heading."""
    heading, _, rows = members[layout.NAMES].partition(b"\n")
    longest = _longest_line(rows) if rows else 0
    return longest if longest > len(heading) + 1 else 0


def _cells(members: Members) -> int:
    rows = tables.read_rows(io.BytesIO(members[layout.NAMES]), names_columns(members), name=layout.NAMES)
    return max((len(guard(cell)) for row in rows for cell in row.values()), default=0)


def names_columns(members: Members) -> list[str]:
    heading = members[layout.NAMES].split(b"\r\n")[0].decode("utf-8-sig")
    return [cell.strip('"') for cell in heading.split(";")]


def _documents(members: Members) -> list[str]:
    return [name for name in members if name.startswith(f"{SUBSET}/") and name != METADATA]


def _made(members: Members) -> list[str]:
    return [name for name in _documents(members) if MADE_NAME.fullmatch(name.rpartition("/")[2])]


@dataclass(frozen=True)
class Constant:
    """A limit that reader and writer take from ``module``, and what an archive needs of it."""

    module: ModuleType
    name: str
    needed: Callable[[Members], int]


CONSTANTS = (
    Constant(bundle_layout, "MAX_ENTRY_BYTES", lambda members: max(map(len, _entries(members)))),
    Constant(bundle_layout, "MAX_ENTRIES", lambda members: len(_entries(members))),
    Constant(
        bundle_layout,
        "MAX_BUNDLE_BYTES",
        lambda members: len(members[layout.DOSSIER]) - len(b"\n]}\n") + len(b",\n"),
    ),
    Constant(
        source_rows,
        "MAX_LINE_BYTES",
        lambda members: _longest_line(members[layout.SOURCE]) if members[layout.SOURCE] else 0,
    ),
    Constant(tables, "MAX_LINE_BYTES", _longest_row),
    Constant(tables, "MAX_CELL_CHARACTERS", _cells),
    Constant(sums, "MAX_SUMS_BYTES", lambda members: len(members[layout.SUMS])),
    Constant(
        names,
        "MAX_SUBSET_DOCUMENTS",
        lambda members: sum(name.startswith(f"{SUBSET}/DOC") for name in members),
    ),
    Constant(submission, "MAX_OBJECTS", lambda members: 2 * len(_documents(members)) + 1),
    Constant(submission, "MAX_METADATA_BYTES", lambda members: len(members[METADATA])),
    Constant(output, "MAX_DOCUMENT_BYTES", lambda members: max(len(members[one]) for one in _made(members))),
)
SIZES: Mapping[str, Callable[[Members], int]] = {
    "members": len,
    "member_bytes": lambda members: max(map(len, members.values())),
    "total_bytes": lambda members: sum(map(len, members.values())),
}


@contextmanager
def limit(constant: Constant, value: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(constant.module, constant.name, value)
        yield


def at_and_past_every_limit(dossier: Dossier) -> None:
    """Write ``dossier`` at each limit and read it, and see that it is refused past each."""
    whole, bodies = with_files(dossier)
    members = members_of(written(whole, bodies))
    for constant in CONSTANTS:
        needed = constant.needed(members)
        if needed == 0:
            continue
        with limit(constant, needed):
            assert_read(written(whole, bodies), whole, bodies, None)
        with limit(constant, needed - 1), pytest.raises(LimitExceeded):
            written(whole, bodies)
    for name, measure in SIZES.items():
        limits = ZipLimits(**{name: measure(members)})
        assert_read(written(whole, bodies, limits), whole, bodies, limits)
        with pytest.raises(LimitExceeded):
            written(whole, bodies, ZipLimits(**{name: measure(members) - 1}))


def test_a_dossier_of_every_kind_stands_at_every_limit() -> None:
    at_and_past_every_limit(full_dossier())


@settings(UNHURRIED, max_examples=15)
@given(dossiers(most=2))
def test_every_dossier_stands_at_every_limit(dossier: Dossier) -> None:
    at_and_past_every_limit(dossier)


# -- how far members shrink ---------------------------------------------------------------


def packed(members: list[bytes], limits: ZipLimits, *, pieces: int) -> bytes:
    target = Pipe()
    stream = ZipStream(target, when=WRITTEN_AT, limits=limits)
    for number, body in enumerate(members):
        parts = [body[at : at + pieces] for at in range(0, len(body), pieces)]
        stream.add(f"M{number}", parts)
    stream.finish()
    return bytes(target.taken)


ALIKE = st.builds(
    lambda size, byte: bytes([byte]) * size,
    st.one_of(st.integers(0, 5000), st.integers((1 << 20) - 2, (1 << 20) + 70_000), st.just(3 << 20)),
    st.integers(0, 255),
)
UNLIKE = st.binary(max_size=3000)


@settings(UNHURRIED, max_examples=40)
@given(
    st.lists(ALIKE | UNLIKE, max_size=6),
    st.integers(1, 300),
    st.sampled_from([0, 1, 4096, 1 << 20, 2 << 20]),
    st.sampled_from([1 << 16, 1 << 20, 4 << 20]),
)
def test_nothing_is_packed_further_than_a_reader_believes(
    members: list[bytes], ratio: int, ratio_from: int, pieces: int
) -> None:
    limits = ZipLimits(ratio=ratio, ratio_from=ratio_from)
    data = packed(members, limits, pieces=pieces)
    ours = ZipArchive(io.BytesIO(data), limits=limits)
    theirs = zipfile.ZipFile(io.BytesIO(data))
    for number, body in enumerate(members):
        assert ours.open(f"M{number}").read() == theirs.read(f"M{number}") == body


def test_what_is_kept_within_the_ratio_is_hardly_longer() -> None:
    free = packed([bytes(100 << 20)], ZipLimits(ratio=2000), pieces=1 << 20)
    limited = packed([bytes(100 << 20)], ZipLimits(), pieces=1 << 20)
    assert len(free) < len(limited) < (100 << 20) // 100


# -- the practice's archive ---------------------------------------------------------------

ROWS = tuple(RetentionRow(*[f"{number}"] * len(RetentionRow._fields)) for number in range(7))
RECORDS = PracticeRecords(
    practice=full_dossier().practice,
    roster=tuple((str(number), "EXEMPLE", "Anne", "") for number in range(5)),
    left_out={f"kind-{number}": number for number in range(6)},
    terms=tuple(TermRow(f"term-{number}", "x", "", "") for number in range(4)),
    signatures=(SignatureRow("x", "x", "x", "x", "2026-03-01T09:00:00+01:00", "a" * 64),) * 2,
    retention=ROWS,
    missing=tuple(MissingRow(*["x"] * len(MissingRow._fields)) for _ in range(3)),
)


@pytest.mark.parametrize(
    ("modules", "name", "needed"),
    [
        ((read, transverse), "MAX_ROSTER_ROWS", 5),
        ((lists, transverse), "MAX_LEFT_OUT", 6),
        ((lists, transverse), "MAX_TERMS", 4),
        ((lists, transverse), "MAX_ROSTER_SIGNATURES", 2),
        ((lists, transverse), "MAX_RETENTION_ROWS", 7),
        ((lists, transverse), "MAX_MISSING_ROWS", 3),
    ],
)
def test_a_practice_stands_at_every_limit(modules: tuple[ModuleType, ...], name: str, needed: int) -> None:
    def write() -> bytes:
        target = Pipe()
        write_practice_archive(RECORDS, (), target, written_at=WRITTEN_AT, sender=SENDER)
        return bytes(target.taken)

    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            patch.setattr(module, name, needed)
        read_again = read_practice_archive(io.BytesIO(write())).records
        rows = {table: tuple(getattr(read_again, table)) for table in ("roster", "retention", "missing")}
        assert replace(read_again, **rows) == RECORDS
        for module in modules:
            patch.setattr(module, name, needed - 1)
        with pytest.raises(LimitExceeded):
            write()
