"""File a verdict: a report as PDF and JSON, each with a detached CAdES signature beside it.

1. The package is examined.
2. ``report.json`` holds the verdict and which package it is about; ``report.pdf`` shows it and
   names the digest of the JSON.
3. Both are signed; the same verdict, moments and key give the same four files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.examination.basis import basis_of
from archiver.examination.examine_each import ExaminedPlace
from archiver.examination.verdict_document import report_document
from archiver.paper.verdict_list import print_verdicts
from archiver.paper.verdict_page import VerdictPage, print_verdict
from archiver.signing.certificates.subject import subject_name
from archiver.signing.keys.key_file import Signer
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from archiver.verdict_basis import Basis
from formats.digests import Digest

SIGNATURE = ".p7s"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRequest:
    """Where the PDF goes (the other files lie beside it), whose signature it bears, and what it is about.

    ``trust`` is whom the reader accepted, for which moment.
    """

    target: Path
    signer: Signer
    trust: Trust
    made: datetime
    stamp: Stamping | None = None


def write_report(each: Sequence[ExaminedPlace], request: ReportRequest) -> tuple[Path, ...]:
    """Write the four files of the report about ``each`` package and return them.

    Raises:
        AlreadyExists: when one of them is there; then none is written.
        Failure: when readers would refuse the signer (``archiver.signing.keys.signer_check``).
        Failure: what the signer's device or the time-stamping authorities answered.
        DiskFull, DiskFault: what the disk answered.
    """
    refuse_unfit([request.signer], request.made)
    pdf, document = request.target, request.target.with_suffix(".json")
    targets = [one for name in (pdf, document) for one in (name, name.with_name(name.name + SIGNATURE))]
    for one in targets:
        if one.exists():
            raise AlreadyExists(path=str(one))
    bases = [
        basis_of(one.path, request.trust, [volume.file for volume in one.examined.volumes]) for one in each
    ]
    contents = {document: _document(each, bases, request)}
    contents[pdf] = _pdf(each, bases, request, document.name, contents[document])
    for name in (pdf, document):
        signature = sign_manifest(contents[name], request.signer, at=request.made, stamp=request.stamp)
        contents[name.with_name(name.name + SIGNATURE)] = signature
    for one in targets:
        with disk.write_aside(one, mode=disk.PRIVATE) as stream:
            stream.write(contents[one])
    return tuple(targets)


def _document(each: Sequence[ExaminedPlace], bases: Sequence[Basis], request: ReportRequest) -> bytes:
    document = report_document(each, bases, made=request.made)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _pdf(
    each: Sequence[ExaminedPlace], bases: Sequence[Basis], request: ReportRequest, document: str, data: bytes
) -> bytes:
    target = BytesIO()
    pages = [_page(one, basis, request, document, data) for one, basis in zip(each, bases, strict=True)]
    if len(pages) == 1:
        print_verdict(pages[0], target)
    else:
        print_verdicts(pages, target)
    return target.getvalue()


def _page(
    one: ExaminedPlace, basis: Basis, request: ReportRequest, document: str, data: bytes
) -> VerdictPage:
    examined = one.examined
    return VerdictPage(
        verdict=examined.verdict,
        manifest=examined.manifest,
        volume_list=examined.volume_list,
        due=examined.due,
        file=one.path.name,
        signed_list=examined.signed_list,
        basis=basis,
        made=request.made,
        report=request.target.name,
        document=document,
        document_digest=Digest.of(data),
        signer=subject_name(request.signer.certificate),
    )
