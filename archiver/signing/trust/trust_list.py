"""A trust list a person was given: which authorities a state vouches for (ETSI TS 119 612).

Read are services that issue certificates (CA/QC, CA/PKC) and that make
time-stamps, each with its certificate and every status it had. A service counts
for a moment at which it was granted, so that one withdrawn today still vouches
for what it did before.

The list's own signature (XAdES) is **not** verified here: whoever gives the
list answers for where it came from, and the verdict says so. A list of lists is
not followed: nothing is fetched.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.disk import failures_about
from archiver.signing.certificates.loading import load_certificate
from archiver.signing.errors import TrustListUnreadable
from archiver.signing.trust.anchors import ListedAuthority, Service
from formats import xml
from formats.errors import FormatFailure, LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

TSL = "http://uri.etsi.org/02231/v2#"
MAX_TRUST_LIST_BYTES = 32 << 20
"""The longest national list is about 6 MB."""
MAX_SERVICES = 20_000
"""Services of one list; the longest has about 3,000."""
MAX_STATUSES = 200
"""Statuses one service went through."""

_TYPE = "http://uri.etsi.org/TrstSvc/Svctype/"
_SERVICES = {
    "CA/QC": Service.SIGNERS,
    "CA/PKC": Service.SIGNERS,
    "TSA": Service.TIME_STAMPS,
    "TSA/QTST": Service.TIME_STAMPS,
    "TSA/TSS-QC": Service.TIME_STAMPS,
    "TSA/TSS-AdESQCandQES": Service.TIME_STAMPS,
}
"""Service types (TS 119 612, 5.5.1) we have a use for."""
_GRANTED = frozenset(
    {"granted", "recognisedatnationallevel"}
    # before July 2016 (annex on transition, TS 119 612, 5.5.4)
    | {"undersupervision", "supervisionincessation", "accredited", "setbynationallaw"}
)
_STATUS = ("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/", "http://uri.etsi.org/TrstSvc/Svcstatus/")


def read_trust_list(path: Path) -> tuple[ListedAuthority, ...]:
    """Return the authorities the list at ``path`` names.

    Raises:
        TrustListUnreadable: when it is no trust list, or names no authority we have a use for.
        LimitExceeded: when it is longer than any.
        DiskFault: when the disk refuses.
    """
    with failures_about(), open_regular(path) as stream:
        data = stream.read(MAX_TRUST_LIST_BYTES + 1)
    try:
        root = xml.parse(data, what=str(path), limit=MAX_TRUST_LIST_BYTES)
    except LimitExceeded:
        raise
    except FormatFailure as fault:
        raise TrustListUnreadable(where=fault.where, reason=mark("it is not well-formed XML")) from fault
    try:
        return _authorities(root)
    except TrustListUnreadable as failure:
        failure.where = f"{path}:{failure.where}" if failure.where else str(path)
        raise


def _authorities(root: Any) -> tuple[ListedAuthority, ...]:
    if root.tag != _tag("TrustServiceStatusList"):
        raise TrustListUnreadable(reason=mark("it is no trust list"))
    name = _name(root)
    found: list[ListedAuthority] = []
    for number, service in enumerate(root.iter(_tag("TSPService"))):
        if number == MAX_SERVICES:
            raise LimitExceeded(name=mark("the number of services"), found=number + 1, limit=MAX_SERVICES)
        found += _service(service, name)
    if not found:
        raise TrustListUnreadable(reason=mark("it names no authority for signers or time-stamps"))
    return tuple(found)


def _name(root: Any) -> str:
    """Return what people call the list: territory, number, date."""
    scheme = root.find(_tag("SchemeInformation"))
    if scheme is None:
        raise TrustListUnreadable(reason=mark("it does not say which list it is"))
    territory, number, issued = (
        _text(scheme, part) for part in ("SchemeTerritory", "TSLSequenceNumber", "ListIssueDateTime")
    )
    return f"{territory[:16]} {number[:16]} ({issued[:10]})"


def _service(service: Any, trust_list: str) -> Iterator[ListedAuthority]:
    information = service.find(_tag("ServiceInformation"))
    if information is None:
        raise TrustListUnreadable(where=_line(service), reason=mark("a service says nothing about itself"))
    kind = _SERVICES.get(_text(information, "ServiceTypeIdentifier").removeprefix(_TYPE))
    if kind is None:
        return
    history = service.iterfind(f"{_tag('ServiceHistory')}/{_tag('ServiceHistoryInstance')}")
    statuses = [_status(information), *map(_status, history)]
    if len(statuses) > MAX_STATUSES:
        raise LimitExceeded(
            where=_line(service), name=mark("the number of statuses"), found=len(statuses), limit=MAX_STATUSES
        )
    for certificate in _certificates(information):
        yield ListedAuthority(
            certificate=certificate, service=kind, statuses=tuple(sorted(statuses)), trust_list=trust_list
        )


def _status(element: Any) -> tuple[datetime, bool]:
    status = _text(element, "ServiceStatus")
    for prefix in _STATUS:
        status = status.removeprefix(prefix)
    try:
        start = datetime.fromisoformat(_text(element, "StatusStartingTime"))
    except ValueError as fault:
        raise TrustListUnreadable(where=_line(element), reason=mark("a time is not one")) from fault
    if start.tzinfo is None:
        raise TrustListUnreadable(where=_line(element), reason=mark("a time has no zone"))
    return start, status in _GRANTED


def _certificates(information: Any) -> Iterator[bytes]:
    path = "/".join(map(_tag, ("ServiceDigitalIdentity", "DigitalId", "X509Certificate")))
    for element in information.iterfind(path):
        try:
            certificate = base64.b64decode("".join((element.text or "").split()), validate=True)
            load_certificate(certificate)
        except (binascii.Error, ValueError) as fault:
            reason = mark("the certificate of a service cannot be read")
            raise TrustListUnreadable(where=_line(element), reason=reason) from fault
        yield certificate


def _text(element: Any, part: str) -> str:
    found = element.find(_tag(part))
    text = "" if found is None else (found.text or "").strip()
    if not text:
        raise TrustListUnreadable(where=_line(element), reason=mark("it lacks something every list says"))
    return text


def _tag(name: str) -> str:
    return f"{{{TSL}}}{name}"


def _line(element: Any) -> str:
    return str(element.sourceline)
