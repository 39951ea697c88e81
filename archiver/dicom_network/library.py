"""pynetdicom, an optional extra, set up as this program uses it; and why a node is not talked to (PS3.8)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from archiver.dicom_network.node_address import NodeAddress
from archiver.network import fault_text
from archiver.signing.errors import ExtraMissing
from formats.words import mark

if TYPE_CHECKING:
    from pynetdicom.ae import ApplicationEntity
    from pynetdicom.association import Association

MAX_PDU_BYTES = 128 << 10
"""Bytes of a protocol data unit (PS3.8, D.1) that others may send at a time."""
MAX_CONTEXTS = 128
"""Presentation contexts of one association (PS3.8, 9.3.2.2): odd numbers of one byte."""
CONNECTING_SECONDS = 20
"""How long a connection may take."""
ANSWER_SECONDS = 60
"""How long a peer may say nothing where something is waited for."""

NOT_ASSOCIATED = mark(
    "it does not accept the association; it may not know the title of this program (ARCHIVER, unless another is"
    " given), or its own is another"
)
"""Of a rejection, and of a connection that ends instead: the end of one may overtake the rejection before it."""


class _QuietHook:
    """Says nothing of a thread of the library that ends by an exception: its association then ends, and that is said.

    A peer whose connection closes at the wrong moment is enough for one.
    """

    def __init__(self, before: Callable[[threading.ExceptHookArgs], object]) -> None:
        self._before = before

    def __call__(self, args: threading.ExceptHookArgs) -> None:
        if not type(args.thread).__module__.startswith("pynetdicom."):
            self._before(args)


def require_library() -> None:
    """Raise when pynetdicom is not installed; modules that import it are imported afterwards.

    Raises:
        ExtraMissing: when it is not.
    """
    try:
        import pynetdicom  # noqa: F401, PLC0415 - an optional extra
    except ImportError as fault:
        raise ExtraMissing(extra="dicom") from fault


def application_entity(title: str) -> ApplicationEntity:
    """Return an application entity of this machine.

    Files are sent in pieces and as they are, and nothing about patients is logged: settings of the library, for the
    whole process.

    Raises:
        ExtraMissing: when pynetdicom is not installed.
    """
    require_library()
    from pynetdicom import _config, ae  # noqa: PLC0415 - an optional extra, which is there

    if not isinstance(threading.excepthook, _QuietHook):
        threading.excepthook = _QuietHook(threading.excepthook)
    _config.STORE_SEND_CHUNKED_DATASET = True  # a volume is longer than memory
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    entity = ae.ApplicationEntity(ae_title=title)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = ANSWER_SECONDS
    entity.connection_timeout = CONNECTING_SECONDS
    entity.maximum_pdu_size = MAX_PDU_BYTES
    return entity


def connection_fault(address: NodeAddress) -> str:
    """Connect once and go; return why that cannot be done, empty when it can.

    The system says it better than the library, which knows an aborted association alone.
    """
    try:
        socket.create_connection((address.host, address.port), timeout=CONNECTING_SECONDS).close()
    except TimeoutError:
        return mark("no answer came in time")
    except OSError as fault:
        return fault_text(fault)
    return ""


def accepts_no_context(association: Association) -> bool:
    """Whether the node takes this program, and none of the presentation contexts that it proposed."""
    return bool(association.rejected_contexts) and not association.accepted_contexts
