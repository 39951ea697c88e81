"""What an object storage answers, in the words of a storage; neither an address of a request nor a key is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from archiver.storage.errors import (
    StorageClockDiffers,
    StorageLockUnheld,
    StorageObjectExists,
    StorageObjectLocked,
    StorageObjectMissing,
    StorageRefused,
    StorageUnreachable,
)
from archiver.storage.storage import RetentionLock, StoredObject
from formats.errors import Failure
from formats.words import mark

CLOCK_TOLERANCE_SECONDS = 300
"""How far two clocks may differ; Amazon S3 refuses requests at 900 s (RequestTimeTooSkewed)."""
_REASONS = {
    "AccessDenied": mark("this account may not do that"),
    "InvalidAccessKeyId": mark("it does not know this account"),
    "SignatureDoesNotMatch": mark("the secret of this account is another one"),
    "ExpiredToken": mark("the session of this account is over"),
    "NoSuchBucket": mark("there is no such bucket"),
    "QuotaExceeded": mark("there is no room left for this account"),
    "InvalidRequest": mark("it does not take such a request; a bucket without Object Lock locks nothing"),
    "InvalidBucketState": mark("the bucket has no Object Lock"),
    "BadDigest": mark("what came to it has another checksum than what was sent"),
}
"""Error codes of Amazon S3 (API reference, “Error responses”) that people meet."""
_NOT_FOUND = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_CONDITION = {"412", "PreconditionFailed", "ConditionalRequestConflict"}
_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,64})</Code>")
_STATUS = re.compile(r"status code: ([0-9]{3})")
_SKEWED = "RequestTimeTooSkewed"
BROKEN_OFF = mark("the connection broke off, or nothing answered")


class RepeatedWrite(Exception):
    """What is there came by an earlier sending of the same request, or from somebody else: its bytes tell."""


@contextmanager
def answers(storage: str, key: str = "") -> Iterator[None]:
    """Turn what boto3 raises about ``key`` into the failures of a storage.

    Raises:
        StorageObjectMissing, StorageObjectExists, StorageRefused, StorageUnreachable, StorageClockDiffers: as it says.
    """
    from botocore import exceptions  # noqa: PLC0415 - an optional extra

    try:
        yield
    except exceptions.ClientError as fault:
        failure = answered_failure(fault.response, storage, key)
        if type(failure) is StorageObjectExists and fault.response["ResponseMetadata"].get("RetryAttempts"):
            raise RepeatedWrite from None
        raise failure from None
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as fault:
        raise StorageUnreachable(storage=storage, reason=_network_reason(fault)) from None
    except exceptions.BotoCoreError as fault:
        raise StorageRefused(storage=storage, reason=type(fault).__name__) from None


@contextmanager
def reader_answers(storage: str, key: str = "") -> Iterator[None]:
    """Turn what obstore raises about ``key`` into the failures of a storage; see ``answers``."""
    from obstore.exceptions import BaseError  # noqa: PLC0415 - an optional extra

    try:
        yield
    except FileNotFoundError:
        raise StorageObjectMissing(storage=storage, key=key) from None
    except (BaseError, OSError) as fault:
        text = str(fault)
        code, status = _CODE.search(text), _STATUS.search(text)
        if not status:
            raise StorageUnreachable(storage=storage, reason=BROKEN_OFF) from None
        raise _failure(code[1] if code else status[1], int(status[1]), storage, key) from None


def answered_failure(response: Any, storage: str, key: str) -> Failure:
    """Return the failure that the error ``response`` of boto3 is, about ``key``."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = response["ResponseMetadata"].get("HTTPStatusCode", 0)
    seconds = clock_difference(response, datetime.now(UTC))
    # the answer to HEAD has no body, and so no code: its own clock says why a signature of another time is refused
    unsaid = status == HTTPStatus.FORBIDDEN and code.isdecimal() and seconds > CLOCK_TOLERANCE_SECONDS
    if code == _SKEWED or unsaid:
        return StorageClockDiffers(storage=storage, seconds=seconds)
    return _failure(code, status, storage, key)


def _failure(code: str, status: int, storage: str, key: str) -> Failure:
    if code in _NOT_FOUND and key:
        return StorageObjectMissing(storage=storage, key=key)
    if code in _CONDITION and key:
        return StorageObjectExists(storage=storage, key=key)
    if code == "ObjectLocked":
        return StorageObjectLocked(storage=storage, key=key, reason=mark("it is locked"))
    if code == _SKEWED:
        return StorageClockDiffers(storage=storage, seconds=CLOCK_TOLERANCE_SECONDS)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return StorageUnreachable(storage=storage, reason=f"HTTP {status} {code}".strip())
    if code.isdecimal() and status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}:
        code = "AccessDenied"
    return StorageRefused(storage=storage, reason=_REASONS.get(code, f"HTTP {status} {code}".strip()))


def clock_difference(response: Any, now: datetime) -> int:
    """Return the seconds between ``now`` and the header Date of a ``response``; 0 where it has none."""
    stated = response["ResponseMetadata"].get("HTTPHeaders", {}).get("date", "")
    try:
        moment = parsedate_to_datetime(stated)
    except ValueError:
        return 0
    return abs(round((moment.astimezone(UTC) - now).total_seconds()))


def compare_clocks(response: Any, now: datetime, storage: str) -> None:
    """Raise where the clock of who answered is not ours.

    Raises:
        StorageClockDiffers: when they differ by more than ``CLOCK_TOLERANCE_SECONDS``.
    """
    seconds = clock_difference(response, now)
    if seconds > CLOCK_TOLERANCE_SECONDS:
        raise StorageClockDiffers(storage=storage, seconds=seconds)


def _network_reason(fault: Exception) -> str:
    from botocore import exceptions  # noqa: PLC0415 - an optional extra

    reasons = {
        exceptions.SSLError: mark(
            "no connection over TLS comes about; its certificate may not be trusted here"
        ),
        exceptions.EndpointConnectionError: mark("nothing answers at this address"),
        exceptions.ConnectTimeoutError: mark("nothing answers at this address"),
        exceptions.ReadTimeoutError: mark("it does not answer in time"),
    }
    return next((reason for kind, reason in reasons.items() if isinstance(fault, kind)), BROKEN_OFF)


def require_lock(storage: str, known: StoredObject, wanted: RetentionLock) -> None:
    """Refuse an object in ``storage`` of which the lock is less than was ``wanted``.

    Raises:
        StorageLockUnheld: why it is less.
    """
    if known.lock is None:
        reason = mark("no lock is there")
    elif known.lock.covers(wanted):
        return
    elif known.lock.compliance or not wanted.compliance:
        reason = mark("the lock ends earlier than was asked for")
    else:
        reason = mark("the lock is one that administrators can take away (governance mode)")
    raise StorageLockUnheld(storage=storage, key=known.key, reason=reason)
