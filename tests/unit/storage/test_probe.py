"""``vault probe``: a storage that locks, one without locks, and one that says it locks and does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from archiver.storage.probing.attempts import ATTEMPTS
from archiver.storage.probing.probe import ProbeRequest, probe_storage
from archiver.storage.probing.report import ProbeIdentity, ProbeOutcome, probe_document
from tests.engines.seaweedfs import ADMIN, VAULT, SeaweedServer


def test_a_storage_that_locks_holds_against_every_attempt_of_both(
    seaweed: SeaweedServer, locking_bucket: str
) -> None:
    address = seaweed.address(locking_bucket, uuid4().hex)
    report = probe_storage(ProbeRequest(address=address, credentials=VAULT, administrator=ADMIN))
    assert [
        (one.id, one.by, one.answer) for one in report.results if one.outcome != ProbeOutcome.ENFORCED
    ] == []
    assert report.outcome == ProbeOutcome.ENFORCED
    tried = {(one.id, one.by) for one in report.results}
    assert {(one.id, by) for one in ATTEMPTS for by in ProbeIdentity} <= tried
    assert {"lock", "lock-parts", "delete-bypass-parts", "create-twice", "checksum", "copy"} <= {
        one.id for one in report.results
    }
    # two locked objects stay, as short as can be, and are told
    assert report.left == 2
    assert report.left_until < datetime.now(UTC) + timedelta(minutes=3)
    assert probe_document(report)["locks"] == "enforced"
    left = seaweed.client().list_object_versions(Bucket=locking_bucket, Prefix=report.place)
    assert len(left["Versions"]) == report.left
    assert left.get("DeleteMarkers", []) == []


def test_a_bucket_without_object_lock_does_not_lock(seaweed: SeaweedServer) -> None:
    bucket = seaweed.bucket(locking=False)
    report = probe_storage(ProbeRequest(address=seaweed.address(bucket), credentials=VAULT))
    assert report.outcome == ProbeOutcome.BROKEN
    assert report.left == 0
    assert seaweed.client().list_objects_v2(Bucket=bucket).get("Contents", []) == []


def test_a_copy_that_slips_past_the_default_lock_is_told_and_is_not_essential(seaweed: SeaweedServer) -> None:
    """SeaweedFS 4.48 does that; a vault never copies, and sends the lock with every object."""
    bucket = seaweed.bucket()
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    seaweed.client().put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    report = probe_storage(ProbeRequest(address=seaweed.address(bucket), credentials=VAULT))
    (copy,) = [one for one in report.results if one.id == "copy"]
    assert copy.outcome == ProbeOutcome.BROKEN
    assert report.outcome == ProbeOutcome.ENFORCED
