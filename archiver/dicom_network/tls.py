"""TLS of associations (PS3.15, B.12: BCP 195): who proves who they are, and to whom."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from archiver.dicom_network.errors import TlsFileUnusable
from archiver.disk import failures_about
from formats.errors import reason_of
from formats.regular_files import open_regular
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class TlsFiles:
    """Files in PEM: the own certificate and its key, and the roots that the other side's certificate leads to."""

    certificate: Path | None = None
    key: Path | None = None
    roots: Path | None = None


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """Return the context of a server; with roots only those get in whose certificate leads to one.

    Raises:
        TlsFileUnusable: when a file is not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, files)
    if files.roots is not None:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """Return the context of a client, which verifies the other side's certificate and name.

    Without roots the machine's count.

    Raises:
        TlsFileUnusable: when a file is not what it should be.
    """
    context = ssl.create_default_context() if files.roots is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, files)
    return context


def _load(context: ssl.SSLContext, files: TlsFiles) -> None:
    for file in filter(None, (files.certificate, files.key, files.roots)):
        with failures_about(file):
            open_regular(file).close()
    if files.certificate is not None:
        try:
            context.load_cert_chain(files.certificate, files.key, password=_no_passphrase)
        except (OSError, ValueError) as fault:
            raise TlsFileUnusable(file=str(files.certificate), reason=_reason(fault)) from fault
    if files.roots is not None:
        try:
            context.load_verify_locations(files.roots)
        except (OSError, ValueError) as fault:
            raise TlsFileUnusable(file=str(files.roots), reason=_reason(fault)) from fault


def _no_passphrase() -> str:
    raise ValueError("passphrase")


def _reason(fault: Exception) -> str:
    if isinstance(fault, ssl.SSLError):
        return mark("certificate and key are not in it, or do not fit together")
    if isinstance(fault, OSError):
        return reason_of(fault)
    return mark("its key asks for a passphrase; give one without")
