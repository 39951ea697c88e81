"""Clients of an object storage: obstore reads and lists, boto3 writes, locks and removes; both are an optional extra.

obstore writes create-only in one piece alone, which it holds in memory whole (``obstore.put``, ``mode``), and sends the
headers of a lock with every request: so everything that writes is boto3's, in parts, each with its checksum.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.disk import failures_about
from archiver.signing.errors import ExtraMissing
from archiver.storage.address import ObjectStoreAddress
from archiver.storage.credentials import StorageCredentials
from formats.regular_files import read_regular

if TYPE_CHECKING:
    from obstore.store import S3Store

EXTRA = "object-storage"
CONNECT_SECONDS = 10
"""How long a connection may take."""
ANSWER_SECONDS = 60
"""How long a server may say nothing, and how long a range of ``RANGE_BYTES`` may take."""
ATTEMPTS = 3
"""How often a request is sent until a fault of the network or of the server counts."""
AUTHORITIES = "AWS_CA_BUNDLE"
"""Variable that names a file of certification authorities besides those of the system, as Amazon's tools know it."""
MAX_AUTHORITIES_BYTES = 4 << 20
"""Bytes of that file; all that a system trusts are some 230 kB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectClients:
    """Both clients of one bucket: ``s3`` of boto3, ``reader`` of obstore."""

    s3: Any
    reader: S3Store


def open_clients(
    address: ObjectStoreAddress, credentials: StorageCredentials, *, attempts: int = ATTEMPTS
) -> ObjectClients:
    """Return the clients of the bucket at ``address``; no connection is made yet.

    Raises:
        ExtraMissing: when the extra is not installed.
        FileNotFound: when the file of certification authorities is not there.
    """
    try:
        import boto3  # noqa: F401, PLC0415 - an optional extra
        import obstore.store  # noqa: F401, PLC0415 - an optional extra
    except ImportError as fault:
        raise ExtraMissing(extra=EXTRA) from fault
    authorities = os.environ.get(AUTHORITIES, "")
    return ObjectClients(
        s3=_s3(address, credentials, authorities, attempts),
        reader=_reader(address, credentials, authorities, attempts),
    )


def _s3(address: ObjectStoreAddress, credentials: StorageCredentials, authorities: str, attempts: int) -> Any:
    import boto3  # noqa: PLC0415 - an optional extra, which is there
    from botocore.config import Config  # noqa: PLC0415

    return boto3.session.Session().client(
        "s3",
        endpoint_url=address.endpoint,
        region_name=address.region,
        aws_access_key_id=credentials.key_id,
        aws_secret_access_key=credentials.secret,
        aws_session_token=credentials.token or None,
        verify=authorities or None,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            s3={"addressing_style": "path"},
            # checksums are our own (SHA-256): CRC trailers are refused by some servers
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            proxies={} if address.on_this_machine else None,
        ),
    )


def _reader(
    address: ObjectStoreAddress, credentials: StorageCredentials, authorities: str, attempts: int
) -> S3Store:
    from obstore.store import S3Store  # noqa: PLC0415 - an optional extra, which is there

    options: dict[str, Any] = {
        "allow_http": address.on_this_machine,
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=ANSWER_SECONDS),
    }
    if authorities:
        with failures_about(Path(authorities)):
            options["root_certificate"] = read_regular(
                Path(authorities), MAX_AUTHORITIES_BYTES, "bytes of certification authorities"
            )
    settings: dict[str, Any] = {"session_token": credentials.token} if credentials.token else {}
    return S3Store(
        address.bucket,
        endpoint=address.endpoint,
        region=address.region,
        access_key_id=credentials.key_id,
        secret_access_key=credentials.secret,
        virtual_hosted_style_request=False,
        client_options=options,  # type: ignore[arg-type] # read from a dictionary that grows
        retry_config={
            "max_retries": attempts - 1,
            "retry_timeout": timedelta(seconds=ANSWER_SECONDS),
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=5),
                "base": 2,
            },
        },
        **settings,
    )
