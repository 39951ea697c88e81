"""Send the DICOM files of dossiers to a DICOMweb server: STOW-RS (PS3.18, 10.5), some files a request.

1. A request has files up to ``BATCH_FILES`` and ``BATCH_BYTES``; each goes as it is, and its digest is compared.
2. The answer (PS3.18, annex I) names each instance: taken, taken with a warning, failed and why. One that it does not
   name was not taken.
3. A request that is too long for the server (413) is parted.
"""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError

from archiver.delivery.dicom.files import OutgoingInstance, outgoing_instances
from archiver.delivery.errors import TargetAddress, TargetUnreachable
from archiver.delivery.sent_list import NOT_NAMED, SentItem, SentState
from archiver.delivery.write import DossierSource
from archiver.dicom_network.dicomweb import WebAccess, require_web_access
from archiver.dicom_network.errors import NodeAddressInvalid
from archiver.network import fault_text, open_answer
from formats.findings import Finding
from formats.words import mark

SECONDS = 120
"""How long an exchange may take, besides what is sent."""
BYTES_A_SECOND = 50_000
"""How slow the line may be."""
BATCH_FILES = 100
BATCH_BYTES = 64 << 20
"""Files of one request, and bytes after which another begins; a longer file goes alone."""
MAX_ANSWER_BYTES = 16 << 20
"""Bytes of an answer to ``BATCH_FILES`` files."""
MAX_DETAIL = 300
"""Characters of what a server says about a refusal."""
JSON = "application/dicom+json"
TYPE = "application/dicom"
FAILED, TAKEN, REASON, WARNING, INSTANCE = "00081198", "00081199", "00081197", "00081196", "00081155"
"""Failed SOP Sequence, Referenced SOP Sequence, Failure Reason, Warning Reason, Referenced SOP Instance UID."""
ANSWERED = frozenset({http.client.OK, http.client.ACCEPTED, http.client.CONFLICT})
"""Statuses whose answers name instances (PS3.18, 10.5.3.1)."""
_ABSENT = frozenset({http.client.NOT_FOUND, http.client.METHOD_NOT_ALLOWED, http.client.NOT_IMPLEMENTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Result:
    """What a server said of one instance: whether it took it, and the reason as four hexadecimal digits."""

    taken: bool
    reason: str


def require_server(access: WebAccess) -> WebAccess:
    """Return ``access`` with its base as it is used.

    Raises:
        TargetAddress: when it is no base of a server, or would be read on the way.
    """
    try:
        return require_web_access(access)
    except NodeAddressInvalid as fault:
        raise TargetAddress(address=fault.facts["address"], reason=fault.facts["reason"]) from fault


class DicomwebStore:
    """A server to which the DICOM files of one dossier after the other are sent.

    With ``encapsulate`` pictures and documents go as DICOM objects.

    Raises:
        TargetAddress: when it cannot be addressed like this.
    """

    instances = True

    def __init__(self, access: WebAccess, *, encapsulate: bool = False, seconds: float = SECONDS) -> None:
        self._access = require_server(access)
        self._encapsulate = encapsulate
        self._seconds = seconds

    @property
    def name(self) -> str:
        """What the server is called in the list of what was sent."""
        return self._access.base

    def send(
        self, source: DossierSource, is_taken: Callable[[SentItem], bool]
    ) -> Iterator[SentItem | Finding]:
        """Send every DICOM file of a dossier, and yield what became of each, and what is said of some.

        Raises:
            TargetUnreachable: when the server is not there, breaks off, or asks to be asked later.
            AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
        """
        batch: list[OutgoingInstance] = []
        for one in outgoing_instances(source, encapsulate=self._encapsulate):
            if isinstance(one, Finding):
                yield one
            elif one.refusal:
                yield replace(one.item, state=SentState.REFUSED, answer=one.refusal)
            elif is_taken(one.item):
                yield replace(one.item, state=SentState.EARLIER)
            else:
                if batch and not _fits(batch, one):
                    yield from self._send(batch)
                    batch = []
                batch.append(one)
        if batch:
            yield from self._send(batch)

    def _send(self, batch: Sequence[OutgoingInstance]) -> Iterator[SentItem]:
        status, answer = self._post(batch)
        if status == http.client.REQUEST_ENTITY_TOO_LARGE and len(batch) > 1:
            half = len(batch) // 2
            yield from self._send(batch[:half])
            yield from self._send(batch[half:])
            return
        stated = _results(answer) if status in ANSWERED else {}
        for one in batch:
            found = stated.get(one.item.identity)
            if found:
                state = SentState.SENT if found.taken else SentState.REFUSED
                yield replace(one.item, state=state, answer=found.reason)
            else:
                answered = NOT_NAMED if status in ANSWERED - {http.client.CONFLICT} else str(status)
                yield replace(one.item, state=SentState.REFUSED, answer=answered, detail=_detail(answer))

    def _post(self, batch: Sequence[OutgoingInstance]) -> tuple[int, bytes]:
        """Return status and answer to one request."""
        boundary = secrets.token_hex(16)
        parts = [_part_head(boundary) for _ in batch]
        end = f"--{boundary}--\r\n".encode()
        size = sum(len(head) + one.item.size + 2 for head, one in zip(parts, batch, strict=True)) + len(end)
        headers = {
            "Accept": JSON,
            "Content-Type": f'multipart/related; type="{TYPE}"; boundary={boundary}',
            "Content-Length": str(size),
        }
        if self._access.authorization:
            headers["Authorization"] = self._access.authorization
        url = f"{self._access.base}/studies"
        body = _body(zip(parts, batch, strict=True), end)
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - judged before
        deadline = monotonic() + self._seconds + size / BYTES_A_SECOND
        try:
            try:
                answer: Any = open_answer(request, deadline)
            except HTTPError as refusal:
                answer = refusal
            with answer:
                self._require_entry(answer.status)
                data = answer.read(MAX_ANSWER_BYTES + 1)
        except (URLError, http.client.HTTPException, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            late = isinstance(reason, TimeoutError)
            raise self._unreachable(mark("no answer came in time") if late else fault_text(reason)) from fault
        if len(data) > MAX_ANSWER_BYTES:
            raise self._unreachable(mark("its answer is longer than any is"))
        stated = answer.headers.get("Content-Length", "")
        if stated.isascii() and stated.isdigit() and int(stated) != len(data):
            raise self._unreachable(mark("the connection broke off"))
        return answer.status, data

    def _require_entry(self, status: int) -> None:
        """Raise when the server refuses whoever sends, has no such service, or not for the moment."""
        if status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
            reason = mark("it asks for a user or an access token, or does not let this one in")
            raise self._unreachable(reason)
        if status in _ABSENT:
            raise self._unreachable(mark("there is no service that stores images (STOW-RS) at this address"))
        if status == http.client.TOO_MANY_REQUESTS or status >= http.client.INTERNAL_SERVER_ERROR:
            raise self._unreachable(f"HTTP {status}")

    def _unreachable(self, reason: str) -> TargetUnreachable:
        return TargetUnreachable(target=self.name, reason=reason)


def _fits(batch: Sequence[OutgoingInstance], one: OutgoingInstance) -> bool:
    size = sum(each.item.size for each in batch)
    return len(batch) < BATCH_FILES and size + one.item.size <= BATCH_BYTES


def _part_head(boundary: str) -> bytes:
    return f"--{boundary}\r\nContent-Type: {TYPE}\r\n\r\n".encode()


def _body(parts: Iterator[tuple[bytes, OutgoingInstance]], end: bytes) -> Iterator[bytes]:
    for head, one in parts:
        yield head
        yield from one.pieces()
        yield b"\r\n"
    yield end


def _results(answer: bytes) -> Mapping[str, _Result]:
    """Return what the answer says of each instance; nothing where it is no DICOM JSON."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    document = found[0] if isinstance(found, list) and found else found
    if not isinstance(document, dict):
        return {}
    stated = {uid: _Result(taken=True, reason=reason) for uid, reason in _instances(document, TAKEN, WARNING)}
    return stated | {
        uid: _Result(taken=False, reason=reason) for uid, reason in _instances(document, FAILED, REASON)
    }


def _instances(document: Mapping[str, Any], sequence: str, reason: str) -> Iterator[tuple[str, str]]:
    for item in _values(document, sequence):
        if isinstance(item, dict):
            uid, code = _values(item, INSTANCE), _values(item, reason)
            if uid and isinstance(uid[0], str):
                yield uid[0], f"{code[0]:04X}" if code and isinstance(code[0], int) else "0000"


def _values(item: Mapping[str, Any], tag: str) -> list[Any]:
    element = item.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    return values if isinstance(values, list) else []


def _detail(answer: bytes) -> str:
    return " ".join(answer[: MAX_DETAIL * 4].decode("utf-8", "replace").split())[:MAX_DETAIL]
