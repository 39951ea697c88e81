"""What is asked for of a portability export: whose dossiers, by whom and for whom, and what of it the manifest says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from archiver.operations.deliveries.export_source import Additions, DossierFilter
from archiver.signing.keys.key_file import Signer
from archiver.signing.validity import Stamping
from formats.findings import Finding, Severity
from formats.pdlgc.profile import MAX_PATIENTS, PROFILE
from formats.portability.writer.manifest import ExportType
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PortabilityRequest:
    """Whose dossiers become an export in the new ``folder``, who signs it, who asked for it when, and for whom it is.

    ``patients`` are identities of patient records. Nothing is put in the place of a requester or a day that is not
    known. ``stamp`` time-stamps the signatures, ``copies`` tells whether there are readable copies (PDF/A-1) of the
    documents, and ``each`` how many patients one archive has at most.
    """

    patients: Collection[str]
    folder: Path
    kind: ExportType
    signer: Signer
    by: str = ""
    receiver: str = ""
    requester: str = ""
    requested_on: date | None = None
    activity: DossierFilter = field(default_factory=DossierFilter)
    additions: Additions = field(default_factory=Additions)
    contact_name: str = ""
    copies: bool = True
    each: int = MAX_PATIENTS
    stamp: Stamping | None = None


def which_export(request: PortabilityRequest, chosen: Iterable[str]) -> str:
    """Return what tells one export from another: whose it is, of what, for whom."""
    terms = [
        request.kind,
        request.receiver,
        request.requester,
        repr(request.activity),
        repr(request.additions),
        str(request.copies),
        str(request.each),
    ]
    known = hashlib.sha256(json.dumps(terms).encode())
    for identity in chosen:
        known.update(json.dumps(identity).encode())
    return known.hexdigest()


def request_findings(request: PortabilityRequest) -> Iterator[Finding]:
    """Yield a finding where the duty of trace asks for what nobody said."""
    if not (request.requester and request.requested_on):
        yield Finding(
            severity=Severity.WARNING,
            code="request-not-stated",
            where="MANIFEST.XML",
            sentence=mark(
                "Who asked for the archive, or on which day, is not stated: the guide wants both traced "
                "(--requester, --requested-on), and nothing is written in their place."
            ),
        )


def export_comments(request: PortabilityRequest, local: datetime, number: int, of: int) -> str:
    """Return what the manifest says besides: profile, who asked when, for whom, the clock, which of several."""
    on = request.requested_on.isoformat() if request.requested_on else ""
    asked = f"{request.requester} le {on}" if request.requester and on else request.requester
    terms = {
        "demande de" if request.requester else "demande du": asked or on,
        "remis par": request.by,
        "remis à": request.receiver,
    }
    facts = [f"{name} {value}" for name, value in terms.items() if value]
    return "; ".join([PROFILE, *facts, f"heure locale UTC{local.strftime('%z')}", f"{number}/{of}"])
