"""A verdict, and a report about one, as JSON documents (``docs/schemas/verdict.schema.json``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archiver import __version__
from archiver.examination.examine_each import ExaminedPlace, count_results
from archiver.examination.examined import ExaminedPackage
from archiver.package.manifests.manifest import Handover, Organisation
from archiver.package.manifests.set_manifest import SetManifest
from archiver.verdict import (
    Answer,
    DestructionVerdict,
    Due,
    Origin,
    RecordVerdict,
    SourceVerdict,
    StampVerdict,
    Verdict,
)
from archiver.verdict_basis import Basis, ExaminedFile
from formats.errors import Failure
from formats.findings import Finding, finding_document


def verdict_document(examined: ExaminedPackage, *, package: str, at: datetime) -> dict[str, Any]:
    """Return the verdict about ``package``; ``at`` is the moment for which certificates were judged."""
    return {
        "verdict": 1,
        "package": package,
        "at": at.isoformat(),
        "revision": examined.manifest.revision if examined.manifest else None,
        **_answers(examined.verdict),
        "due": _due(examined.due),
        "set": set_document(examined),
        "volumes": [
            {
                "file": one.file,
                "package": one.manifest.package_id if one.manifest else None,
                "revision": one.manifest.revision if one.manifest else None,
                **_answers(one.verdict),
            }
            for one in examined.volumes
        ],
    }


def verdicts_document(
    each: Sequence[ExaminedPlace], findings: Sequence[Finding], *, at: datetime, status: int
) -> dict[str, Any]:
    """Return the verdicts about several packages; ``findings`` are about what was looked through for them."""
    return {
        "verdicts": 1,
        "at": at.isoformat(),
        "summary": _summary(each),
        "status": status,
        "packages": [verdict_document(one.examined, package=str(one.path), at=at) for one in each],
        "findings": [finding_document(one) for one in findings],
    }


def _summary(each: Sequence[ExaminedPlace]) -> dict[str, int]:
    return {"packages": len(each), **{one.value: count for one, count in count_results(each).items()}}


def record_document(record: RecordVerdict) -> dict[str, Any]:
    """Return what one evidence record answers, and what has to be done before when."""
    return {
        "member": record.member,
        "existed_at": answer_document(record.existed_at),
        "chains": record.chains,
        "stamps": [stamp_document(one) for one in record.stamps],
        "renew_before": record.renew_before.isoformat() if record.renew_before else None,
        "renewal": record.renewal.value if record.renewal else None,
    }


def stamp_document(stamp: StampVerdict) -> dict[str, Any]:
    """Return one archive time-stamp; ``ends_by`` is the algorithm that ends first, or a certificate."""
    return {
        "place": stamp.place,
        "hash": stamp.digest_algorithm.name,
        "time": stamp.time.isoformat(),
        "authority": stamp.authority,
        "until": stamp.until.isoformat(),
        "ends_by": stamp.algorithm or "certificate",
        "answer": answer_document(stamp.answer),
    }


def report_document(
    each: Sequence[ExaminedPlace], bases: Sequence[Basis], *, made: datetime
) -> dict[str, Any]:
    """Return a report made at ``made``: each verdict, which package it is about, and what it rests on."""
    head = {"report": 1, "made": made.isoformat(), "program": f"archiver {__version__}"}
    if len(each) == 1:
        return head | _reported(each[0], bases[0])
    packages = [_reported(one, basis) for one, basis in zip(each, bases, strict=True)]
    return head | {"summary": _summary(each), "packages": packages}


def _reported(one: ExaminedPlace, basis: Basis) -> dict[str, Any]:
    signed_list = one.examined.signed_list
    return {
        "file": _file(basis.file),
        "volumes": [_file(volume) for volume in basis.volumes],
        "basis": _basis(basis),
        "signed_list_sha256": signed_list.hex if signed_list else "",
        "handover": _handover(one.examined),
        "verdict": verdict_document(one.examined, package=one.path.name, at=basis.at),
    }


def _file(file: ExaminedFile) -> dict[str, Any]:
    return {"name": file.name, "size": file.size, "sha256": file.digest.hex if file.digest else None}


def _basis(basis: Basis) -> dict[str, Any]:
    """Return what the verdict rests on; without any anchor nobody was accepted by a root."""
    return {
        "at": basis.at.isoformat(),
        "policy": {"name": basis.policy, "issued": basis.policy_issued.isoformat()},
        "anchors": [
            {
                "service": one.service,
                "subject": one.subject,
                "sha256": one.fingerprint,
                "trust_list": one.trust_list or None,
            }
            for one in basis.anchors
        ],
        "fingerprints": list(basis.fingerprints),
        "first_use": basis.first_use,
    }


def _answers(verdict: Verdict) -> dict[str, Any]:
    answers = {question: answer_document(answer) for question, answer in verdict.answers()}
    return {
        **answers,
        "origin": _origin(verdict.origin),
        "sources": [source_document(one) for one in verdict.sources],
        "destroyed": [destruction_document(one) for one in verdict.destroyed],
        "evidence": [record_document(record) for record in verdict.records],
        "findings": [finding_document(finding) for finding in verdict.findings],
    }


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    """Return what the first revision proves, where this is a later one."""
    return {question: answer_document(answer) for question, answer in origin.answers()} if origin else None


def source_document(source: SourceVerdict) -> dict[str, Any]:
    """Return what one of the packages proves from which the units were taken."""
    return {
        "place": source.place,
        "package": source.package,
        "sender": source.sender,
        "created": source.created.isoformat(),
        "revision": source.revision,
        **{question: answer_document(answer) for question, answer in source.answers.answers()},
        "origin": _origin(source.origin),
    }


def destruction_document(one: DestructionVerdict) -> dict[str, Any]:
    """Return what a statement of destruction says, and whether it is believed."""
    return {
        "place": one.place,
        "believed": one.believed,
        "keeper": one.keeper,
        "record": one.record,
        "requested_by": one.requested_by,
        "approved_by": one.approved_by,
        "destroyed_at": one.destroyed_at.isoformat(),
        "members": list(one.members),
        "signer": answer_document(one.answer),
    }


def _due(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    ends_by = due.algorithm or "certificate"
    return {"duty": due.duty.value, "before": due.before.isoformat(), "ends_by": ends_by}


def set_document(examined: ExaminedPackage) -> dict[str, Any] | None:
    """Return which set it is, or of which set it is a volume."""
    if examined.volume_list:
        return {"id": examined.volume_list.set_id, "volume": None, "of": len(examined.volume_list.volumes)}
    place = examined.manifest and examined.manifest.handover.volume
    return {"id": place.set_id, "volume": place.volume, "of": place.of} if place else None


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return one answer: its state, code and sentence, with what it names."""
    return {
        "state": answer.state.value,
        "code": answer.code,
        "indication": answer.indication.main,
        "sub_indication": answer.indication.sub or None,
        "revocation": answer.revocation.value if answer.revocation else None,
        "text": answer.text,
        "where": answer.where,
        "facts": {
            name: str(fact) if isinstance(fact, Failure) else fact for name, fact in answer.facts.items()
        },
    }


def _handover(examined: ExaminedPackage) -> dict[str, Any] | None:
    """Return who handed what to whom, by the package or by the set."""
    volume_list, manifest = examined.volume_list, examined.manifest
    if volume_list is not None:
        units = sum(one.units for one in volume_list.volumes)
        return {"package": volume_list.set_id, "revision": 1, **_parties(volume_list), "units": units}
    if manifest is not None:
        parties = _parties(manifest.handover)
        units = len(manifest.units)
        return {"package": manifest.package_id, "revision": manifest.revision, **parties, "units": units}
    return None


def _parties(handover: Handover | SetManifest) -> dict[str, Any]:
    return {
        "created": handover.created.isoformat(),
        "sender": _organisation(handover.sender),
        "receiver": _organisation(handover.receiver),
    }


def _organisation(organisation: Organisation | None) -> dict[str, Any] | None:
    if organisation is None:
        return None
    identifiers = [{"system": one.system, "value": one.value} for one in organisation.identifiers]
    return {"name": organisation.name, "identifiers": identifiers}
