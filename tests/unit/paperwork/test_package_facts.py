"""Facts of the documents about a package: those of the examination, and with a key those of the keyring."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from archiver.examination.basis import basis_of
from archiver.examination.examine import examine_whole
from archiver.handover.opening import OpenRequest, open_handover
from archiver.paperwork.package_facts import transfer_of_examined, transfer_of_opened
from archiver.paperwork.transfer import TransferData
from archiver.sealing.age import read_identities
from archiver.signing.certificates.reading import read_roots
from archiver.signing.policy import own_policy
from archiver.signing.trust.anchors import Trust
from tests.journeys.line import Line
from tests.packages import SIGNED, package, signer, trust, volume_set

MADE = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))


def examined(path: Path) -> TransferData:
    found = examine_whole(path, trust(signer()))
    basis = basis_of(path, trust(signer()), [one.file for one in found.volumes])
    return transfer_of_examined(found, basis, MADE)


def test_what_a_package_states(tmp_path: Path) -> None:
    path = tmp_path / "kerbrat.asice"
    path.write_bytes(package())
    facts = examined(path)
    assert facts.identifier == "urn:test:1" and facts.revision == 1 and facts.units == 3
    assert (facts.file.name, facts.file.size) == ("kerbrat.asice", path.stat().st_size)
    assert facts.file.sha256 and facts.file.sha256.hex == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts.created == SIGNED and facts.created.utcoffset() == MADE.utcoffset()
    assert facts.sender.name == "SELARL Exemple" and facts.sender.numbers[0].value == "1999999999"
    assert facts.receiver and facts.receiver.name == "Cabinet Élève"
    assert {one.kind.code: one.count for one in facts.counts} == {"patients": 3, "documents": 12}
    assert [(one.kind.code, one.count, one.reason) for one in facts.left_out] == [
        ("patients", 7, "not on the roster")
    ]
    assert not facts.opened and facts.sums == () and facts.volumes == ()
    (by,) = facts.signers
    assert "Dr Anne Exemple" in by.name and len(by.fingerprint) == 64


def test_what_a_set_states(tmp_path: Path) -> None:
    facts = examined(volume_set(tmp_path))
    assert facts.identifier == "urn:test:set" and facts.units == 6
    assert [(one.number, one.units, one.retention_year) for one in facts.volumes] == [
        (1, 1, None),
        (2, 2, 2046),
        (3, 3, 2046),
    ]
    for one in facts.volumes:
        data = (tmp_path / one.file.name).read_bytes()
        assert one.file.sha256 and one.file.sha256.hex == hashlib.sha256(data).hexdigest()
    assert {one.kind.code: one.count for one in facts.counts} == {"patients": 9, "documents": 36}


@pytest.fixture
def opened(demo_line: Line) -> TransferData:
    path = demo_line.folder / "package.asice"
    roots = tuple(read_roots(demo_line.folder / "roots.pem"))
    with (demo_line.folder / "receiver.identity").open("rb") as stream:
        keys = read_identities(stream)
    whom = Trust(at=MADE + timedelta(days=365), roots=roots, policy=own_policy())
    received = open_handover(OpenRequest(package=path, identities=keys, trust=whom))
    return transfer_of_opened(received, basis_of(path, whom), MADE)


def test_a_key_tells_sums_and_reasons(opened: TransferData) -> None:
    assert opened.opened
    assert {one.kind.code for one in opened.sums} >= {"invoiced_cents", "paid_cents"}
    assert [(one.kind.code, one.count, one.of, one.reason.code) for one in opened.holes if one.reason] == [
        ("image_files", 1, 11, "file-missing")
    ]
    counted = {one.kind.code: one.count for one in opened.counts}
    assert counted["patients"] == 22 and "without_file" not in counted
    assert [one.kind.code for one in opened.left_out] == ["patients", "practice_rows"]
    assert next(one.kind.code for one in opened.counts) == "patients"
