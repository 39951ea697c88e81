"""What the ``evidence`` commands do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from archiver.cli.exits import INCOMPLETE, SUCCESS, UNDECIDED, status_of
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.time_stamping import stamping_by
from archiver.cli.options.trust import TrustOptions
from archiver.cli.terminal.console import complain, note, progress, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.examination.errors import VolumeMissing
from archiver.examination.evidence_places import EvidencePlaces, find_places, places_without_evidence
from archiver.examination.verdict_document import record_document, stamp_document
from archiver.nouns import PARTS
from archiver.operations.build_evidence import BuildRequest, EvidenceBuilt, build_evidence
from archiver.operations.renew_evidence import RenewedRecord, RenewRequest, renew_evidence as renewing
from archiver.operations.show_evidence import list_evidence
from archiver.verdict import RecordVerdict, Renewal, StampVerdict
from formats.digests import ALGORITHMS
from formats.errors import PLACED, failure_about
from formats.words import Counted, mark

CERTIFICATE = mark("certificate")
DONE = {
    Renewal.TIME_STAMP: mark(
        "{package}, {member}: renewed by {authority} on {moment}; renew it before {until} ({ends_by})."
    ),
    Renewal.HASH_TREE: mark(
        "{package}, {member}: every part hashed under {hash}, attested by {authority} on {moment}; renew it "
        "before {until} ({ends_by})."
    ),
    None: mark("{package}, {member}: not due; renew it before {until} ({ends_by})."),
}


def build(
    packages: Sequence[Path],
    options: TrustOptions,
    urls: Sequence[str],
    *,
    hash_name: str,
    another: bool,
    as_json: bool,
) -> int:
    """Give packages and whole sets evidence, say of each until when it holds, and return the exit status."""
    trust = read_accepted(options).trust
    found = find_places(packages, trust)
    places = found.places if another else places_without_evidence(found, packages)
    stamp = stamping_by(urls, trust)
    algorithm = ALGORITHMS[hash_name]
    request = BuildRequest(packages=places, trust=trust, algorithm=algorithm, another=another)
    done: list[EvidenceBuilt] = []
    with progress(mark("Verifying"), total=_size(request.packages), unit="B") as step:
        for one in build_evidence(request, stamp, progress=step):
            done.append(one)
            if not as_json:
                say(
                    mark(
                        "{package}, {member}: {members} attested by {authority} on {moment}; renew it "
                        "before {until} ({ends_by})."
                    ),
                    package=str(one.package),
                    member=one.member,
                    members=Counted(one.members, PARTS),
                    **stamp_facts(one.stamp),
                )
    if as_json:
        show_json({"evidence": 1, "built": [_built(one) for one in done], **_missing_json(found)})
    if len(places) < len(found.places):
        left = len(found.places) - len(places)
        note(mark("Left as they are, because they have evidence already: {count}"), count=left)
    return _missed(found)


def renew(
    packages: Sequence[Path],
    options: TrustOptions,
    urls: Sequence[str],
    *,
    hash_name: str,
    days: int | None,
    as_json: bool,
) -> int:
    """Renew evidence, say of each record what was done and until when it holds, and return the exit status."""
    trust = read_accepted(options).trust
    found = find_places(packages, trust)
    due = None if days is None else timedelta(days=days)
    stamp = stamping_by(urls, trust)
    algorithm = ALGORITHMS.get(hash_name)
    request = RenewRequest(packages=found.places, trust=trust, algorithm=algorithm, due_within=due)
    done: list[RenewedRecord] = []
    with progress(mark("Verifying"), total=_size(request.packages), unit="B") as step:
        for one in renewing(request, stamp, progress=step):
            done.append(one)
            if not as_json:
                say(DONE[one.done], package=str(one.package), member=one.member, **stamp_facts(one.stamp))
    if as_json:
        show_json({"evidence": 1, "renewed": [_renewed(one) for one in done], **_missing_json(found)})
    if any(one.next is Renewal.HASH_TREE for one in done):
        note(mark("A hash function ends first: next time renew with another one (--hash)."))
    return _missed(found)


def show(packages: Sequence[Path], options: TrustOptions, *, as_json: bool) -> int:
    """Show every time-stamp of every record, and return the exit status."""
    trust = read_accepted(options).trust
    found = find_places(packages, trust)
    seen = [(package, record) for package in found.places for record in list_evidence(package, trust)]
    failures = [
        failure_about(record.existed_at.failure, str(package))
        for package, record in seen
        if record.existed_at.failure
    ]
    if as_json:
        records = [{"package": str(package), **record_document(record)} for package, record in seen]
        show_json({"evidence": 1, "records": records, **_missing_json(found)})
    else:
        _table(seen)
        for failure in failures:
            complain(failure)
    lost = [one for one in seen if one[1].renew_before is None and not one[1].existed_at.failure]
    for package, record in lost:
        answer = record.existed_at
        note(PLACED, where=f"{package} {record.member}", text=localize(answer.sentence, **answer.facts))
    missed = _missed(found)
    if failures:
        return status_of(failures[0])
    return UNDECIDED if lost else missed


def _table(seen: Iterable[tuple[Path, RecordVerdict]]) -> None:
    rows = [
        (
            str(package),
            record.member.rpartition("/")[2],
            stamp.place,
            f"{stamp.time:%Y-%m-%d %H:%M}",
            stamp.authority,
            stamp.digest_algorithm.name,
            f"{stamp.until:%Y-%m-%d}",
            stamp.algorithm or localize(CERTIFICATE),
        )
        for package, record in seen
        for stamp in record.stamps
    ]
    heading = (
        mark("package"),
        mark("record"),
        mark("time-stamp"),
        mark("made on"),
        mark("by"),
        mark("hash"),
        mark("holds until"),
        mark("ended by"),
    )
    show_table(rows, heading=heading)


def _missed(found: EvidencePlaces) -> int:
    """Say which volumes of the sets are not there, and return the exit status."""
    for place in found.missing:
        complain(VolumeMissing(where=str(place)))
    return INCOMPLETE if found.missing else SUCCESS


def _missing_json(found: EvidencePlaces) -> dict[str, Any]:
    return {"missing": [str(place) for place in found.missing]}


def _size(packages: Iterable[Path]) -> int:
    return sum(one.stat().st_size for one in packages if one.is_file())


def stamp_facts(stamp: StampVerdict) -> dict[str, str]:
    """Return what the sentences about a time-stamp say of it."""
    return {
        "authority": stamp.authority,
        "moment": stamp.time.isoformat(),
        "hash": stamp.digest_algorithm.name,
        "until": f"{stamp.until:%Y-%m-%d}",
        "ends_by": stamp.algorithm or localize(CERTIFICATE),
    }


def _built(one: EvidenceBuilt) -> dict[str, Any]:
    return {
        "package": str(one.package),
        "member": one.member,
        "members": one.members,
        "stamp": stamp_document(one.stamp),
        "renew_before": one.renew_before.isoformat(),
    }


def _renewed(one: RenewedRecord) -> dict[str, Any]:
    return {
        "package": str(one.package),
        "member": one.member,
        "done": one.done.value if one.done else None,
        "stamp": stamp_document(one.stamp),
        "renew_before": one.renew_before.isoformat(),
        "renewal": one.next.value,
    }
