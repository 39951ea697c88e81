"""Send dossiers to a FHIR server (R4): RESTful API over HTTP.

1. The server's capability statement says which version it speaks.
2. A dossier is one transaction; the server answers with as many entries as were sent, or refuses all of it.
3. Each file of the dossier is put as a Binary, as it is, under the patient's security context (R4, binary.html).
"""

from __future__ import annotations

import http.client
import json
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import IO, Any, BinaryIO
from urllib.error import HTTPError, URLError

from archiver.delivery.errors import TargetAddress, TargetUnreachable
from archiver.delivery.sent_list import SentItem, SentState
from archiver.delivery.write import DossierSource
from archiver.handover.kinds import require_counts
from archiver.network import base_fault, fault_text, open_answer, shown_address
from archiver.temporary_files import spool
from formats.digests import digest_of_stream
from formats.errors import AttachmentChanged
from formats.fhir.transaction import write_transaction
from formats.findings import Finding
from formats.mapping.ins import ins_findings
from formats.model.documents import Attachment, Document
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.imaging import ImageFile
from formats.model.provenance import SourceRow
from formats.words import mark

DOSSIER, FILE = "fhir", "binary"
"""What is sent: a transaction, a file."""
JSON = "application/fhir+json"
SECONDS = 120
"""How long an exchange may take, besides what is sent."""
BYTES_A_SECOND = 50_000
"""How slow the line may be."""
MAX_ANSWER_BYTES = 64 << 20
"""Bytes of an answer; to a transaction of half a million resources, which are not sent back."""
MAX_DETAIL = 300
"""Characters of what a server says about a refusal."""
VERSIONS = ("4.0", "4.1", "4.3")
"""Versions of FHIR that take what R4 is."""
DIFFERENT = "answer-differs"
"""Answer of this program: the server says that it stored another number of resources than it was sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerAddress:
    """The base of a server, and what is shown to be let in."""

    base: str
    token: str = ""


def read_server_address(text: str, token: str = "") -> ServerAddress:
    """Return the server at ``text``.

    Raises:
        TargetAddress: when it is no base of a server, or would be read on the way.
    """
    base = text.rstrip("/")
    fault = base_fault(base, mark("write https://HOST/fhir"))
    if fault:
        raise TargetAddress(address=shown_address(text), reason=fault)
    if not (token.isascii() and token.isprintable()):
        reason = mark("the access token has characters that no header takes")
        raise TargetAddress(address=shown_address(text), reason=reason)
    return ServerAddress(base=base, token=token)


class FhirServer:
    """A server to which one dossier after the other is sent; an exchange takes ``seconds`` besides what is sent.

    Raises:
        TargetUnreachable: when it is not there, or speaks another version.
    """

    instances = False

    def __init__(self, address: ServerAddress, *, seconds: float = SECONDS) -> None:
        self._address = address
        self._seconds = seconds
        status, statement = self._ask("GET", "metadata")
        version = str(statement.get("fhirVersion", "")) if status == http.client.OK else ""
        if not version.startswith(VERSIONS):
            raise self._unreachable(mark("its capability statement does not say that it speaks FHIR R4"))

    @property
    def name(self) -> str:
        """What the server is called in the list of what was sent."""
        return self._address.base

    def send(
        self, source: DossierSource, is_taken: Callable[[SentItem], bool]
    ) -> Iterator[SentItem | Finding]:
        """Send a dossier and its files, and yield what became of each, and what is said of the dossier.

        Raises:
            TargetUnreachable: when the server is not there, or asks to be asked later.
            CountsDiffer, AttachmentMissing, AttachmentChanged: when something is not what the dossier says.
        """
        dossier = source.dossier
        yield from ins_findings(dossier.patient)
        with spool() as bundle:
            count, written = write_transaction(dossier, bundle, file_address=partial(_file_place, dossier))
            counts = dossier.counts()
            kinds = (kind.kind for kind in PATIENT_KINDS if kind is not SourceRow)
            require_counts({kind: counts[kind] for kind in kinds}, written)
            bundle.seek(0)
            digest, size = digest_of_stream(bundle)
            place = f"Patient/{dossier.patient.id}"
            item = SentItem(kind=DOSSIER, identity=place, size=size, sha256=digest.hex)
            if is_taken(item):
                item = replace(item, state=SentState.EARLIER)
            else:
                bundle.seek(0)
                item = self._transact(item, bundle, count)
        yield item
        if item.state is not SentState.REFUSED:
            for attachment in _files(dossier):
                yield self._put(source, attachment, is_taken)

    def _transact(self, item: SentItem, bundle: BinaryIO, count: int) -> SentItem:
        headers = {"Content-Type": JSON, "Prefer": "return=minimal"}
        status, answer = self._ask("POST", "", bundle, size=item.size, headers=headers)
        if status != http.client.OK:
            return replace(item, state=SentState.REFUSED, answer=str(status), detail=_diagnostics(answer))
        entries = answer.get("entry")
        found = sum(_is_stored(one) for one in entries) if isinstance(entries, list) else 0
        if found != count:
            detail = f"{found} / {count}"
            return replace(item, state=SentState.REFUSED, answer=DIFFERENT, detail=detail)
        return replace(item, answer=str(status))

    def _put(
        self, source: DossierSource, attachment: Attachment, is_taken: Callable[[SentItem], bool]
    ) -> SentItem:
        place = _file_place(source.dossier, attachment.sha256)
        item = SentItem(kind=FILE, identity=place, size=attachment.size, sha256=attachment.sha256)
        if is_taken(item):
            return replace(item, state=SentState.EARLIER)
        with source.open_attachment(attachment.sha256) as stream:
            digest, size = digest_of_stream(stream)
        if (digest.hex, size) != (attachment.sha256, attachment.size):
            raise AttachmentChanged(digest=attachment.sha256, reason=mark("its content is another"))
        headers = {
            "Content-Type": attachment.media_type or "application/octet-stream",
            "X-Security-Context": f"Patient/{source.dossier.patient.id}",
            "Prefer": "return=minimal",
        }
        with source.open_attachment(attachment.sha256) as stream:
            status, answer = self._ask("PUT", place, stream, size=item.size, headers=headers)
        if status in {http.client.OK, http.client.CREATED}:
            return replace(item, answer=str(status))
        return replace(item, state=SentState.REFUSED, answer=str(status), detail=_diagnostics(answer))

    def _ask(
        self,
        method: str,
        place: str,
        body: BinaryIO | None = None,
        *,
        size: int = 0,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """Return status and answer to one request; an answer that is no JSON object is empty."""
        end = monotonic() + self._seconds + size / BYTES_A_SECOND
        asked = {"Accept": JSON, **(headers or {})}
        if body is not None:
            asked["Content-Length"] = str(size)
        if self._address.token:
            asked["Authorization"] = f"Bearer {self._address.token}"
        url = f"{self._address.base}/{place}".rstrip("/")
        request = urllib.request.Request(url, data=body, headers=asked, method=method)  # noqa: S310 - judged before
        try:
            status, answer = _answered(request, end)
            with answer:
                self._require_entry(status)
                return status, self._read(answer)
        except (URLError, http.client.HTTPException, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            late = isinstance(reason, TimeoutError)
            raise self._unreachable(mark("no answer came in time") if late else fault_text(reason)) from fault

    def _require_entry(self, status: int) -> None:
        """Raise when the server refuses whoever sends, or for the moment, and not what was sent."""
        if status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
            raise self._unreachable(
                mark("it does not let this program in; perhaps it asks for an access token (--token-file)")
            )
        if status == http.client.TOO_MANY_REQUESTS or status >= http.client.INTERNAL_SERVER_ERROR:
            raise self._unreachable(f"HTTP {status}")

    def _read(self, answer: IO[bytes]) -> dict[str, Any]:
        body = answer.read(MAX_ANSWER_BYTES + 1)
        if len(body) > MAX_ANSWER_BYTES:
            raise self._unreachable(mark("its answer is longer than any is"))
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _unreachable(self, reason: str) -> TargetUnreachable:
        return TargetUnreachable(target=self.name, reason=reason)


def _answered(
    request: urllib.request.Request, end: float
) -> tuple[int, http.client.HTTPResponse | HTTPError]:
    """Return status and answer to ``request``, a refusal too; both are read before ``end``."""
    try:
        answer = open_answer(request, end)
    except HTTPError as refusal:
        return refusal.code, refusal
    return answer.status, answer


def _files(dossier: Dossier) -> Iterator[Attachment]:
    """Yield the file of each document and image that is not DICOM, the same file once."""
    seen: set[str] = set()
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    for holder in holders:
        if holder.attachment and holder.attachment.sha256 not in seen:
            seen.add(holder.attachment.sha256)
            yield holder.attachment


def _file_place(dossier: Dossier, sha256: str) -> str:
    """Return where a file is at the server: another place for each patient who has it."""
    return f"Binary/{uuid.uuid5(uuid.UUID(dossier.patient.id), sha256)}"


def _is_stored(entry: object) -> bool:
    response = entry.get("response") if isinstance(entry, dict) else None
    status = response.get("status") if isinstance(response, dict) else None
    return isinstance(status, str) and status[:3] in {"200", "201"}


def _diagnostics(answer: dict[str, Any]) -> str:
    """Return what an OperationOutcome says first."""
    issues = answer.get("issue")
    first = issues[0] if isinstance(issues, list) and issues and isinstance(issues[0], dict) else {}
    details = first.get("details")
    text = first.get("diagnostics") or (details.get("text") if isinstance(details, dict) else "")
    return str(text or "")[:MAX_DETAIL]
