"""Peak memory of reading lists before anybody knows whose they are: bounded, whatever is sent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archiver.package import layout
from tests.faults.packages import members_of, packed
from tests.packages import package, volume_set

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory in /proc"),
]

MIB = 1 << 20
ALLOWED = 48 * MIB
"""What a list that is none may cost beyond what an honest package of three units does."""
PER_PART = 450
"""Bytes that one truly listed part may cost beyond that, over every list that names it."""
NAMES = 500_000
"""Parts that a list may name."""
PER_NAME = 250
"""Bytes that a name with its digest may cost that no part has."""
EVIDENCE = layout.evidence_members(1)

MEASURED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archiver.package.checks.check_package import check
from archiver.package.checks.check_set import examine_set, is_set
from archiver.signing.trust.anchors import Trust

path, trust = Path(sys.argv[1]), Trust(at=datetime(2026, 3, 2, tzinfo=UTC))
verdict = examine_set(path, trust).verdict if is_set(path) else check(path, trust, threads=1)
print(verdict.intact.code, verdict.complete.code)
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))
"""
"""Examines a package in a process of its own, and says what it found and its peak in KiB."""


def examined(path: Path) -> tuple[str, int]:
    """Return what *intact* and *complete* are for, and the peak in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, check=True, encoding="utf-8"
    )
    found, peak = done.stdout.splitlines()
    return found, int(peak) << 10


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The peak for an honest package of three units."""
    path = tmp_path_factory.mktemp("usual") / "usual.asice"
    path.write_bytes(package())
    found, peak = examined(path)
    assert found == "intact complete"
    return peak


def repeated(before: bytes, piece: bytes, after: bytes, size: int) -> bytes:
    """Return about ``size`` bytes."""
    return before + piece * (size // len(piece)) + after


HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#" '
    b'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><SigReference URI="%s"/>'
)
FIRST = HEAD % layout.SIGNATURE.encode()
TAIL = b"</ASiCManifest>"
EXTENSIONS, EXTENSIONS_END = b"<ASiCManifestExtensions>", b"</ASiCManifestExtensions>"


def references(size: int, head: bytes = FIRST) -> bytes:
    """Return a list of about ``size`` bytes that names what is not there."""
    method = b'<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    digest = b"<ds:DigestValue>" + b"A" * 43 + b"=</ds:DigestValue></DataObjectReference>"
    one = b'<DataObjectReference URI="docs/%07d">' + method + digest
    return head + b"".join(one % number for number in range(size // len(one % 0))) + TAIL


def sums(size: int) -> bytes:
    """Return ``SHA256SUMS`` of about ``size`` bytes that names what is not there."""
    return b"".join(b"%064x  docs/%07d\n" % (number, number) for number in range(size // 80))


Lists = dict[str, Callable[[], bytes]]
SIGNED: Lists = {
    "references to nothing": lambda: references(96 * MIB),
    "empty elements": lambda: repeated(FIRST + EXTENSIONS, b"<Extension/>", EXTENSIONS_END + TAIL, 96 * MIB),
    "elements of an extension": lambda: repeated(
        FIRST + EXTENSIONS + b'<Extension Critical="false">',
        b"<a/>",
        b"</Extension>" + EXTENSIONS_END + TAIL,
        96 * MIB,
    ),
    "a long name": lambda: repeated(FIRST + b'<DataObjectReference URI="', b"a", b'"/>' + TAIL, 96 * MIB),
    "comments": lambda: repeated(FIRST, b"<!---->", TAIL, 96 * MIB),
    "a long text": lambda: repeated(FIRST, b" ", TAIL, 96 * MIB),
    "prefixes": lambda: (
        FIRST
        + b'<DataObjectReference URI="a" '
        + b" ".join(b'xmlns:p%07d="u"' % number for number in range(4_000_000))
        + b"/>"
        + TAIL
    ),
}
MANIFESTS: Lists = {
    "lists of nothing": lambda: repeated(b'{"later": [', b"[],", b"[]]}", 96 * MIB),
    "objects of nothing": lambda: repeated(b'{"units": [', b"{},", b"{}]}", 96 * MIB),
    "one unit of everything": lambda: repeated(b'{"units": [{"a": [', b"[],", b"[]]}]}", 96 * MIB),
    "many keys": lambda: b"{" + b",".join(b'"%07d": 0' % number for number in range(6_000_000)) + b"}",
    "deep": lambda: b"[" * (96 * MIB),
    "a long text": lambda: repeated(b'{"later": "', b"a", b'"}', 96 * MIB),
    "white space": lambda: repeated(b"{", b" ", b"}", 96 * MIB),
}
SUMS: Lists = {
    "names of nothing": lambda: sums(60 * MIB),
    "one line": lambda: b"a" * (60 * MIB),
    "empty lines": lambda: b"\n" * (60 * MIB),
}
EVIDENCES: Lists = {
    "references to nothing": lambda: references(96 * MIB, HEAD % EVIDENCE[1].encode()),
    "empty elements": lambda: repeated(
        (HEAD % EVIDENCE[1].encode()) + EXTENSIONS, b"<Extension/>", EXTENSIONS_END + TAIL, 96 * MIB
    ),
}
SETS: Lists = {"lists of nothing": lambda: repeated(b'{"later": [', b"[],", b"[]]}", 8 * MIB - 99)}


REAL = (SIGNED["references to nothing"], EVIDENCES["references to nothing"], SUMS["names of nothing"])
"""Lists that are lists, of parts that are not there: a unit that was destroyed by law stays named."""


def cases() -> Iterator[object]:
    """Yield every member with what may stand there."""
    places = {
        layout.ASIC_MANIFEST: SIGNED,
        layout.MANIFEST: MANIFESTS,
        layout.SUMS: SUMS,
        EVIDENCE[0]: EVIDENCES,
    }
    for member, lists in places.items():
        for what, make in lists.items():
            yield pytest.param(member, make, id=f"{member} of {what}")


@pytest.mark.parametrize(("member", "make"), list(cases()))
def test_a_list_that_is_none_costs_next_to_nothing(
    member: str, make: Callable[[], bytes], usual: int, tmp_path: Path
) -> None:
    parts = members_of(package()) | ({EVIDENCE[1]: b"0"} if member == EVIDENCE[0] else {})
    path = tmp_path / "hostile.asice"
    path.write_bytes(packed(parts | {member: make()}))
    found, peak = examined(path)
    assert found != "intact complete" or member == EVIDENCE[0]
    allowed = ALLOWED + (NAMES * PER_NAME if make in REAL else 0)
    assert peak - usual < allowed, f"{(peak - usual) / MIB:.0f} MiB"


@pytest.mark.parametrize("what", SETS)
def test_a_set_that_is_none_costs_next_to_nothing(what: str, usual: int, tmp_path: Path) -> None:
    path = volume_set(tmp_path)
    path.write_bytes(packed(members_of(path.read_bytes()) | {layout.SET_MANIFEST: SETS[what]()}))
    found, peak = examined(path)
    assert found != "intact complete"
    assert peak - usual < ALLOWED, f"{(peak - usual) / MIB:.0f} MiB"


def test_an_honest_package_costs_so_much_a_part(usual: int, tmp_path: Path) -> None:
    count = 20_000
    path = tmp_path / "many.asice"
    path.write_bytes(package(count=count))
    found, peak = examined(path)
    assert found == "intact complete"
    assert peak - usual < count * PER_PART, f"{(peak - usual) / count:.0f} bytes a part"
