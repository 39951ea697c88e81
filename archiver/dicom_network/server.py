"""Server of associations: it listens, lets in whom it may, and hands what comes to a reception."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseServer
from time import monotonic, sleep
from typing import Any

from pynetdicom import _config
from pynetdicom.transport import ThreadedAssociationServer

from archiver.dicom_network.errors import PortUnavailable
from archiver.dicom_network.library import ANSWER_SECONDS, application_entity
from archiver.dicom_network.node_address import TITLE
from archiver.dicom_network.reception import Reception
from archiver.dicom_network.storage_scp import StorageScp
from archiver.dicom_network.tls import TlsFiles, server_context
from archiver.network import fault_text
from formats.errors import reason_of

PORT = 11112
"""Port registered for DICOM (IANA: dicom, 11112)."""
VERIFICATION = "1.2.840.10008.1.1"
"""SOP class by which others ask whether anybody is there (C-ECHO; PS3.4, annex A)."""
LOOPBACK = "127.0.0.1"
HANDSHAKE_SECONDS = 10
"""How long a TLS handshake may take; nobody else gets in meanwhile."""
POLL_SECONDS = 0.1
ENDING_SECONDS = 10
"""How long associations have to end when the server stops."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerTerms:
    """Where images are received, and from whom: any sender, or ``titles`` and ``hosts`` (numeric addresses)."""

    title: str = TITLE
    host: str = LOOPBACK
    port: int = PORT
    titles: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    tls: TlsFiles = field(default_factory=TlsFiles)


class _Server(ThreadedAssociationServer):
    """Listens; a connection has a timeout from its first byte, and comes from a host that is let in."""

    hosts: frozenset[str] = frozenset()

    def get_request(self) -> Any:
        """Accept a connection, and agree on TLS with it."""
        listening: Any = self.socket
        connection, address = listening.accept()
        connection.settimeout(HANDSHAKE_SECONDS)
        if self.ssl_context is not None:
            try:
                connection = self.ssl_context.wrap_socket(connection, server_side=True)
            except (OSError, ValueError):
                connection.close()
                raise
        connection.settimeout(ANSWER_SECONDS)
        return connection, address

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Tell whether the connection comes from a host that is let in."""
        del request
        return not self.hosts or client_address[0] in self.hosts

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever came is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningServer:
    """A server that listens at ``port``."""

    server: _Server
    port: int

    def wait_until_quiet(self) -> None:
        """Wait until no association is left, for ``ENDING_SECONDS`` at most."""
        end = monotonic() + ENDING_SECONDS
        while any(one.is_established for one in self.server.active_associations) and monotonic() < end:
            sleep(POLL_SECONDS)


@contextmanager
def running_server(terms: ServerTerms, reception: Reception) -> Iterator[RunningServer]:
    """Receive images until the block ends.

    Raises:
        ExtraMissing: when pynetdicom is not installed; TlsFileUnusable; PortUnavailable.
    """
    entity = application_entity(terms.title)
    entity.require_called_aet = True
    entity.require_calling_aet = sorted(terms.titles)
    entity.add_supported_context(VERIFICATION)
    context = server_context(terms.tls) if terms.tls.certificate is not None else None
    server = _listening(entity, terms, context, reception)
    server.hosts = terms.hosts
    before = _config.UNRESTRICTED_STORAGE_SERVICE
    _config.UNRESTRICTED_STORAGE_SERVICE = True
    listener = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    listener.start()
    try:
        yield RunningServer(server=server, port=int(server.server_address[1]))
    finally:
        _stop(server)
        listener.join()
        _config.UNRESTRICTED_STORAGE_SERVICE = before


def _stop(server: _Server) -> None:
    for association in server.active_associations:
        if association.is_established:
            association.abort()
        else:
            association.kill()
    BaseServer.shutdown(server)  # the library's own takes the server out of a list in which it is not
    server.server_close()


def _listening(
    entity: Any, terms: ServerTerms, context: ssl.SSLContext | None, reception: Reception
) -> _Server:
    try:
        address = socket.getaddrinfo(terms.host, terms.port, type=socket.SOCK_STREAM)[0][4]
        server: _Server = entity.make_server(
            address[:2],
            ssl_context=context,
            evt_handlers=StorageScp(reception).handlers(),
            server_class=_Server,
        )
    except (OSError, ValueError, OverflowError) as fault:
        reason = fault_text(fault)
        if isinstance(fault, OSError) and not isinstance(fault, socket.gaierror):
            reason = reason_of(fault)
        raise PortUnavailable(address=terms.host, port=terms.port, reason=reason) from fault
    return server
