"""pynetdicom, an optional extra, set up as this program uses it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from archiver.signing.errors import ExtraMissing

if TYPE_CHECKING:
    from pynetdicom.ae import ApplicationEntity

MAX_PDU_BYTES = 128 << 10
"""Bytes of a protocol data unit (PS3.8, D.1) that others may send at a time."""
MAX_CONTEXTS = 128
"""Presentation contexts of one association (PS3.8, 9.3.2.2): odd numbers of one byte."""
CONNECTING_SECONDS = 20
"""How long a connection may take."""
ANSWER_SECONDS = 60
"""How long a peer may say nothing where something is waited for."""


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
