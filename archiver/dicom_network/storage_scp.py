"""Storage SCP (PS3.4, annex B): instances that others send go into a file-set, each answered when it is safe.

1. A data set is written aside as it comes, behind file meta information made of its request (``dimse``).
2. When it is whole it is made durable under its SOP instance UID (``instance_folder``).
3. Only then the status is success; else it says that there is no room, or that it cannot be understood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynetdicom import evt

from archiver.dicom_network.dimse import Limits, ReceivedData, let_go, put_limits
from archiver.dicom_network.instance_folder import InstanceFile
from archiver.dicom_network.reception import Reception
from formats.dicom.file_meta import FileMeta
from formats.errors import Failure
from formats.findings import Severity
from formats.words import mark

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.dimse_messages import DIMSEMessage
    from pynetdicom.events import Event, EventHandlerType

SUCCESS = 0x0000
OUT_OF_RESOURCES = 0xA700
CANNOT_UNDERSTAND = 0xC000
"""Status of the answer to a C-STORE request (PS3.4, B.2.3)."""


class StorageScp:
    """Keeps what comes by C-STORE, over associations that others or we began."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    def handlers(self) -> list[EventHandlerType]:
        """Return what listens to the associations."""
        limits = Limits(begin=self._begin, cut=self._note_cut, activity=self._reception.activity)
        return [
            (evt.EVT_CONN_OPEN, put_limits, [limits]),
            (evt.EVT_CONN_CLOSE, let_go),
            (evt.EVT_C_STORE, self._store),
            (evt.EVT_C_ECHO, lambda _: SUCCESS),
            (evt.EVT_REJECTED, self._note_rejected),
        ]

    def _begin(self, association: Association, message: DIMSEMessage) -> InstanceFile:
        self._reception.require_within_limit()
        syntaxes = {one.context_id: one.transfer_syntax for one in association.accepted_contexts}
        command: Any = message.command_set
        sender = association.requestor if association.is_acceptor else association.acceptor
        syntax = syntaxes.get(message.context_id) or ("",)
        return self._reception.files.begin(
            FileMeta(
                sop_class=str(command.AffectedSOPClassUID),
                sop_instance=str(command.AffectedSOPInstanceUID),
                transfer_syntax=str(syntax[0]),
                source_title=str(sender.ae_title).strip(),
            )
        )

    def _store(self, event: Event) -> int:
        """Keep an instance that came whole, and return the status of the answer."""
        request: Any = event.request
        data, uid = request.DataSet, str(request.AffectedSOPInstanceUID or "")
        if not isinstance(data, ReceivedData):
            return CANNOT_UNDERSTAND
        try:
            if data.failure is not None:
                raise data.failure
            if data.file is None or not uid:
                self._reception.refuse(uid, mark("it has no data set"))
                return CANNOT_UNDERSTAND
            self._reception.keep(data.file, uid)
        except Failure as failure:
            self._reception.refuse(uid, failure)
            return OUT_OF_RESOURCES
        finally:
            data.close()
        return SUCCESS

    def _note_rejected(self, event: Event) -> None:
        sentence = mark("{title} at {host} wanted to send images, and was turned away: it is not let in.")
        self._note(event.assoc, "dicom-sender-refused", sentence)

    def _note_cut(self, association: Association) -> None:
        sentence = mark("An image that {title} at {host} sent broke off in the middle; it is not kept.")
        self._note(association, "dicom-instance-cut", sentence)

    def _note(self, association: Association, code: str, sentence: str) -> None:
        """Say something about the other side of an association that it began; where we did, the run ends."""
        if association.is_acceptor:
            peer = association.requestor
            title, host = str(peer.ae_title).strip(), str(peer.address)
            self._reception.note(Severity.WARNING, code, title, sentence, title=title, host=host)
