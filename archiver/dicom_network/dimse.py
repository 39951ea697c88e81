"""DIMSE messages under limits (PS3.7): data sets of C-STORE go into files as they come, all else is short.

pynetdicom can write data sets into files too (its setting for chunked data sets), but into the folder for temporary
files, of any length, and leaves them there when the peer breaks off or the instance comes by C-GET.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pynetdicom import evt
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.dimse_messages import C_STORE_RQ, DIMSEMessage

from archiver.dicom_network.instance_folder import MAX_INSTANCE_BYTES, InstanceFile
from archiver.dicom_network.library import ANSWER_SECONDS, MAX_PDU_BYTES
from archiver.dicom_network.network_activity import NetworkActivity
from formats.errors import Failure, LimitExceeded
from formats.words import mark

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.events import Event, EventHandlerType
    from pynetdicom.pdu_primitives import P_DATA

MAX_COMMAND_BYTES = 64 << 10
"""Bytes of a command set; its longest attributes are UIDs."""
MAX_IDENTIFIER_BYTES = 16 << 20
"""Bytes of a data set that is no instance: what is asked, or one line of an answer."""
MAX_RECEIVED_PDU_BYTES = 8 * MAX_PDU_BYTES
"""Bytes of one protocol data unit that are read; a request for an association has no limit of its own."""
Begin = Callable[["Association", DIMSEMessage], InstanceFile]
"""Begins the file of an instance that a C-STORE request announces."""


class ReceivedData(BytesIO):
    """Data set of a message: of a C-STORE request in ``file``, else in memory.

    ``failure`` is what kept the file from being written; what still comes is then let go by. ``overrun``: it is
    longer than any is, and the association is to end.
    """

    def __init__(self, association: Association, message: DIMSEMessage, begin: Begin) -> None:
        super().__init__()
        self._begin = begin
        self._association = association
        self._message = message
        self._size = 0
        self.file: InstanceFile | None = None
        self.failure: Failure | None = None
        self.overrun = False

    def write(self, data: Any, /) -> int:
        """Take the next fragment."""
        self._size += len(data)
        stored = isinstance(self._message, C_STORE_RQ)
        self.overrun = self._size > (MAX_INSTANCE_BYTES if stored else MAX_IDENTIFIER_BYTES)
        if self.overrun:
            return 0
        if not stored:
            return super().write(data)
        if self.failure is None:
            try:
                self.file = self.file or self._begin(self._association, self._message)
                self.file.write(data)
            except Failure as failure:
                self.failure = failure
                self.close()
        return len(data)

    def close(self) -> None:
        """Let go of the file; kept or gone, as it was decided."""
        if self.file is not None:
            self.file.close()
            self.file = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a connection is put under: ``begin`` makes the file of an instance, ``cut`` hears of one that broke off."""

    begin: Begin
    cut: Callable[[Association], None]
    activity: NetworkActivity


class DimseMessages(DIMSEServiceProvider):
    """Messages of one association; a wait for one goes on while anything comes."""

    def __init__(self, association: Association, limits: Limits) -> None:
        super().__init__(association)
        connection: Any = association.dul.socket
        self._socket: socket.socket = connection.socket
        self._limits = limits
        self._data: ReceivedData | None = None

    def receive_primitive(self, primitive: P_DATA) -> None:
        """Take the next fragments; the association is aborted when they are no message, or past a limit."""
        self._limits.activity.note()
        message = self.message
        if message is None:
            message = self.message = DIMSEMessage()
            message.data_set = self._data = ReceivedData(self.assoc, message, self._limits.begin)
        try:
            super().receive_primitive(primitive)
        except Exception:  # noqa: BLE001 - the library lets through whatever a peer's bytes lead to
            self._abort()
            return
        too_long = message.encoded_command_set.tell() > MAX_COMMAND_BYTES
        if too_long or (self._data is not None and self._data.overrun):
            self._abort()

    def _abort(self) -> None:
        """End the association: an invalid protocol data unit was received (PS3.8, 9.2.3, event 19)."""
        self._discard()
        self.dul.event_queue.put("Evt19")

    def _discard(self) -> None:
        """Let go of an instance that has not come whole."""
        if self.message is not None and self._data is not None and self._data.file is not None:
            self._data.close()
            self._limits.cut(self.assoc)

    def close(self) -> None:
        """Let go of what has not come whole, and of the socket, which the library may leave open."""
        self._discard()
        self._socket.close()

    def get_msg(self, block: bool = False) -> Any:
        """Return the next message, and wait for it as long as something comes, be it by another association."""
        found = super().get_msg(block=block)
        while block and found[1] is None and self._may_come():
            found = super().get_msg(block=block)
        return found

    def _may_come(self) -> bool:
        ended = not self.assoc.is_established or self.assoc.acse.is_aborted() or not self.dul.is_alive()
        return not ended and self._limits.activity.idle_seconds < (self.dimse_timeout or ANSWER_SECONDS)


def put_limits(event: Event, limits: Limits) -> None:
    """Put a new connection under limits: of a protocol data unit, of its time, of its messages."""
    association = event.assoc
    association.dimse = DimseMessages(association, limits)
    connection: Any = association.dul.socket
    connection.socket.settimeout(ANSWER_SECONDS)
    receive = connection.recv

    def receive_limited(count: int) -> bytearray:
        if count > MAX_RECEIVED_PDU_BYTES:
            raise OSError("protocol data unit too long")
        found: bytearray = receive(count)
        return found

    connection.recv = receive_limited


def let_go(event: Event) -> None:
    """Let go of what a connection that is closed did not bring whole."""
    if isinstance(event.assoc.dimse, DimseMessages):
        event.assoc.dimse.close()


def limits_without_instances() -> list[EventHandlerType]:
    """Return what puts an association under limits over which no instance is to come."""

    def refuse(association: Association, message: DIMSEMessage) -> InstanceFile:
        del association, message
        raise LimitExceeded(name=mark("the number of images"), found=1, limit=0)

    limits = Limits(begin=refuse, cut=lambda _: None, activity=NetworkActivity())
    return [(evt.EVT_CONN_OPEN, put_limits, [limits]), (evt.EVT_CONN_CLOSE, let_go)]
