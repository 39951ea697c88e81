"""DICOMweb client (PS3.18): QIDO-RS lists, WADO-RS fetches; nothing is transcoded, for any transfer syntax is taken.

1. Lists are asked for page by page (10.6.1.3), until one brings nothing new.
2. A series of which nothing is there is fetched whole, else each instance that is missing; the parts of an answer
   are written down as they come.
3. An answer may take as long as it comes fast enough: ``RENEWED_BYTES`` in ``SECONDS``.
"""

from __future__ import annotations

import base64
import http.client
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode

from archiver.dicom_network.dicom_json import Entry, count_at, date_at, parse_list, text_at
from archiver.dicom_network.errors import NodeAddressInvalid, NodeRefuses, NodeUnreachable
from archiver.dicom_network.listing import (
    MAX_STUDIES,
    MAX_STUDY_INSTANCES,
    ListedInstance,
    ListedSeries,
    ListedStudy,
    StudyFilter,
    series_of,
)
from archiver.dicom_network.multipart import CUT, AnswerParts, MultipartError, boundary_of
from archiver.dicom_network.reception import Reception
from archiver.network import Deadline, base_fault, fault_text, open_answer, shown_address
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

SECONDS = 120
"""How long an answer may take, and each ``RENEWED_BYTES`` of it."""
RENEWED_BYTES = 1 << 20
MAX_LIST_BYTES = 64 << 20
"""Bytes of one page of a list."""
PAGE = 500
"""Entries asked for at a time."""
MAX_PARTS = MAX_STUDY_INSTANCES
"""Files of one answer."""
BUSY = frozenset({http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE, http.client.BAD_GATEWAY})
FILES = 'multipart/related; type="application/dicom"; transfer-syntax=*'
"""What is accepted: files of any transfer syntax (8.7.3.5.2), as they are stored."""
JSON = "application/dicom+json"
STUDY, SERIES, INSTANCE, SOP_CLASS = "0020000D", "0020000E", "00080018", "00080016"
DAY, NUMBER, NAME, MODALITIES, DESCRIPTION = "00080020", "00100020", "00100010", "00080061", "00081030"
INSTANCES = "00201208"
"""Attributes by their tags (PS3.6): UIDs, study date, patient's number and name, number of instances of a study."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebAccess:
    """The base of a server, and what is shown to be let in: a user with a password, or an access token."""

    base: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def authorization(self) -> str:
        """The header (RFC 7617, RFC 6750); empty for nobody."""
        if self.token:
            return f"Bearer {self.token}"
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}" if self.user else ""


def require_web_access(access: WebAccess) -> WebAccess:
    """Return ``access`` with its base as it is used.

    Raises:
        NodeAddressInvalid: when it is no base of a server, or would be read on the way.
    """
    base = access.base.rstrip("/")
    fault = base_fault(base, mark("write https://HOST/dicom-web"))
    if not fault and not (access.token.isascii() and access.token.isprintable() and ":" not in access.user):
        fault = mark("a user name has no colon, and an access token no signs beyond ASCII")
    if fault:
        raise NodeAddressInvalid(address=shown_address(access.base), reason=fault)
    return WebAccess(base=base, user=access.user, password=access.password, token=access.token)


class DicomwebServer:
    """A server whose studies are listed."""

    def __init__(self, access: WebAccess, *, seconds: float = SECONDS) -> None:
        self._access = require_web_access(access)
        self._seconds = seconds

    @property
    def name(self) -> str:
        """What the server is called in messages."""
        return self._access.base

    def studies(self, wanted: StudyFilter) -> Iterator[ListedStudy]:
        """Yield the studies it has."""
        asked = {"includefield": [INSTANCES, DESCRIPTION, MODALITIES]}
        if wanted.patient_id:
            asked["PatientID"] = [wanted.patient_id]
        if wanted.date_range:
            asked["StudyDate"] = [wanted.date_range]
        for one in self._list("studies", asked, STUDY, MAX_STUDIES):
            yield ListedStudy(
                uid=text_at(one, STUDY),
                patient_id=text_at(one, NUMBER),
                patient_name=text_at(one, NAME),
                studied_on=date_at(one, DAY),
                modalities=text_at(one, MODALITIES),
                description=text_at(one, DESCRIPTION),
                announced=count_at(one, INSTANCES),
            )

    def series(self, study: str) -> Sequence[ListedSeries]:
        """Return the series of a study with their instances."""
        asked = {"includefield": [SOP_CLASS, SERIES]}
        entries = self._list(
            f"studies/{quote(study, safe='')}/instances", asked, INSTANCE, MAX_STUDY_INSTANCES
        )
        found = sorted(
            (text_at(one, SERIES), text_at(one, INSTANCE), text_at(one, SOP_CLASS)) for one in entries
        )
        return [
            series_of(uid, [ListedInstance(uid=one, sop_class=kind) for _, one, kind in group])
            for uid, group in groupby(found, key=lambda one: one[0])
        ]

    def _list(self, place: str, asked: dict[str, list[str]], key: str, limit: int) -> Iterator[Entry]:
        """Yield the entries of a list, each ``key`` once, page by page until one brings nothing new.

        Those without ``key`` come as well, of the first page and of every one that brings something.
        """
        seen: set[str] = set()
        count, first, brought = 0, True, True
        while brought:
            brought = False
            query = urlencode({**asked, "limit": PAGE, "offset": count}, doseq=True)
            unnamed = []
            for one in self._page(f"{place}?{query}"):
                uid = text_at(one, key)
                if not uid:
                    unnamed.append(one)
                elif uid not in seen:
                    seen.add(uid)
                    brought = True
                    count += 1
                    yield one
            if brought or first:
                yield from unnamed
                count += len(unnamed)
            first = False
            if count > limit:
                raise LimitExceeded(name=mark("the number of answers"), found=count, limit=limit)

    def _page(self, place: str) -> list[Entry]:
        with self._answer(place, JSON) as (status, _, read):
            if status == http.client.NO_CONTENT:
                return []
            data = b""
            while piece := read(RENEWED_BYTES):
                data += piece
                if len(data) > MAX_LIST_BYTES:
                    name = mark("the length of an answer")
                    raise LimitExceeded(name=name, found=len(data), limit=MAX_LIST_BYTES)
            try:
                return parse_list(data)
            except ValueError as fault:
                raise NodeRefuses(
                    node=self.name, reason=mark("its answer is no list (DICOM JSON)")
                ) from fault

    @contextmanager
    def _answer(self, place: str, accepted: str) -> Iterator[tuple[int, str, Callable[[int], bytes]]]:
        """Ask for ``place``; give status, content type, and what reads the answer while it comes fast enough."""
        headers = {"Accept": accepted}
        if self._access.authorization:
            headers["Authorization"] = self._access.authorization
        url = f"{self._access.base}/{place}"
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - judged before
        deadline = Deadline(self._seconds)
        try:
            with open_answer(request, deadline) as answer:
                yield answer.status, answer.headers.get("Content-Type", ""), self._reading(answer, deadline)
        except HTTPError as refusal:
            refusal.close()
            raise self._refusal(refusal.code) from refusal
        except (URLError, http.client.HTTPException, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            late = isinstance(reason, TimeoutError)
            raise self._unreachable(mark("no answer came in time") if late else fault_text(reason)) from fault

    def _reading(self, answer: http.client.HTTPResponse, deadline: Deadline) -> Callable[[int], bytes]:
        got = 0

        def read(count: int) -> bytes:
            nonlocal got
            data = answer.read(count)
            got += len(data)
            if got >= RENEWED_BYTES:
                got = 0
                deadline.put_off(self._seconds)
            return data

        return read

    def _refusal(self, status: int) -> NodeUnreachable | NodeRefuses:
        if status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
            return self._unreachable(
                mark("it asks for a user or an access token, or does not let this one in")
            )
        if status in BUSY:
            return self._unreachable(f"HTTP {status}")
        return NodeRefuses(node=self.name, reason=f"HTTP {status}")

    def _unreachable(self, reason: str) -> NodeUnreachable:
        return NodeUnreachable(node=self.name, reason=reason)


class RetrieveServer(DicomwebServer):
    """A server that is asked for images as well, which come into ``reception``."""

    def __init__(self, access: WebAccess, reception: Reception, *, seconds: float = SECONDS) -> None:
        super().__init__(access, seconds=seconds)
        self._reception = reception

    def fetch(self, study: str, series: ListedSeries, missing: Sequence[ListedInstance]) -> None:
        """Fetch the ``missing`` instances of a series, or all of a study that lists none."""
        place = f"studies/{quote(study, safe='')}"
        if series.uid:
            place += f"/series/{quote(series.uid, safe='')}"
        if len(missing) == len(series.instances):
            self._take(place)
        else:
            for one in missing:
                self._take(f"{place}/instances/{quote(one.uid, safe='')}")

    def _take(self, place: str) -> None:
        """Take the files of one answer."""
        with self._answer(place, FILES) as (_, kind, read):
            try:
                for count, part in enumerate(AnswerParts(read, boundary_of(kind)), start=1):
                    if count > MAX_PARTS:
                        name = mark("the number of files in an answer")
                        raise LimitExceeded(name=name, found=count, limit=MAX_PARTS)
                    self._keep(part)
            except MultipartError as fault:
                if fault.reason == CUT:
                    raise self._unreachable(CUT) from fault
                raise NodeRefuses(node=self.name, reason=fault.reason) from fault
            except LimitExceeded as failure:
                raise NodeRefuses(node=self.name, reason=failure) from failure

    def _keep(self, part: Iterator[bytes]) -> None:
        """Keep one file; one that is no DICOM is refused, and the others come all the same."""
        self._reception.require_within_limit()
        file = self._reception.files.begin()
        try:
            for piece in part:
                file.write(piece)
            try:
                uid = file.read_meta()[0].sop_instance
            except FormatFailure:
                uid = ""
            if uid:
                self._reception.keep(file, uid)
            else:
                self._reception.refuse("", mark("a file in its answer is no DICOM"))
        finally:
            file.close()
