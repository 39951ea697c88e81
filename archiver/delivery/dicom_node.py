"""Send the DICOM files of dossiers to a node: C-STORE (PS3.4, annex B) over an association (PS3.8).

1. The header of each file of a dossier says its SOP class and transfer syntax; a file that does not is refused.
2. An association proposes exactly these: nothing is compressed or unpacked on the way.
3. Each file is copied aside, its SHA-256 compared, and its dataset sent in pieces as it is; of files that carry one
   instance UID all but one get a UID of their own.
4. The node's status is the answer: success and warnings (0000, Bxxx) take it, anything else refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.delivery.dicom.files import OutgoingInstance, outgoing_instances
from archiver.delivery.errors import TargetAddress, TargetUnreachable
from archiver.delivery.sent_list import NO_HEADER, NOT_ACCEPTED, SentItem, SentState
from archiver.delivery.write import DossierSource
from archiver.dicom_network.library import (
    MAX_CONTEXTS,
    NOT_ASSOCIATED,
    accepts_no_context,
    application_entity,
    connection_fault,
)
from archiver.dicom_network.node_address import TITLE, NodeAddress, parse_node_address
from archiver.temporary_files import open_temporary, temporary_path
from formats.findings import Finding
from formats.words import mark

if TYPE_CHECKING:
    from pynetdicom.association import Association


def read_node_address(text: str) -> NodeAddress:
    """Return the node at ``TITLE@HOST:PORT``.

    Raises:
        TargetAddress: when it is no such address.
    """
    found = parse_node_address(text)
    if found is None:
        raise TargetAddress(address=text, reason=mark("write TITLE@HOST:PORT, such as PACS@192.168.1.20:104"))
    return found


class DicomNode:
    """A node to which the DICOM files of one dossier after the other are sent.

    With ``encapsulate`` pictures and documents go as DICOM objects.

    Raises:
        ExtraMissing: when pynetdicom is not installed.
    """

    instances = True

    def __init__(self, address: NodeAddress, *, encapsulate: bool = False) -> None:
        self._address = address
        self._encapsulate = encapsulate
        self._entity = application_entity(TITLE)

    @property
    def name(self) -> str:
        """What the node is called in the list of what was sent."""
        return self._address.text

    def send(
        self, source: DossierSource, is_taken: Callable[[SentItem], bool]
    ) -> Iterator[SentItem | Finding]:
        """Send every DICOM file of a dossier, and yield what became of each, and what is said of some.

        Raises:
            TargetUnreachable: when the node is not there, or breaks off.
            AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
        """
        waiting: list[OutgoingInstance] = []
        for one in outgoing_instances(source, encapsulate=self._encapsulate):
            if isinstance(one, Finding):
                yield one
            elif one.refusal:
                yield replace(one.item, state=SentState.REFUSED, answer=one.refusal)
            elif is_taken(one.item):
                yield replace(one.item, state=SentState.EARLIER)
            else:
                waiting.append(one)
        for group in _groups(waiting):
            yield from self._send_group(group)

    def _send_group(self, group: Sequence[OutgoingInstance]) -> Iterator[SentItem]:
        contexts = sorted({_context(one) for one in group})
        with self._associated(contexts) as association:
            for one in group:
                answer = self._store(association, one) if association else NOT_ACCEPTED
                state = SentState.SENT if answer[:1] in {"0", "B"} and len(answer) == 4 else SentState.REFUSED
                yield replace(one.item, state=state, answer=answer)

    @contextmanager
    def _associated(self, contexts: Sequence[tuple[str, str]]) -> Iterator[Association | None]:
        """Associate with the node; nothing comes of it when the node accepts none of the contexts."""
        from pynetdicom.presentation import build_context  # noqa: PLC0415 - an optional extra, which is there

        if reason := connection_fault(self._address):
            raise TargetUnreachable(target=self.name, reason=reason)
        association = self._entity.associate(
            self._address.host,
            self._address.port,
            contexts=[build_context(one, [syntax]) for one, syntax in contexts],
            ae_title=self._address.title,
        )
        try:
            if not association.is_established:
                if accepts_no_context(association):
                    yield None
                    return
                raise TargetUnreachable(target=self.name, reason=NOT_ASSOCIATED)
            yield association
        finally:
            if association.is_established:
                association.release()

    def _store(self, association: Association, one: OutgoingInstance) -> str:
        """Send one file; return the status as four hexadecimal digits, or why it was not sent.

        The library raises ``AttributeError`` and the like before it sends a file without an instance UID.
        """
        accepted = {
            (str(each.abstract_syntax), str(each.transfer_syntax[0]))
            for each in association.accepted_contexts
            if each.transfer_syntax
        }
        if _context(one) not in accepted:
            return NOT_ACCEPTED
        with temporary_path() as path:
            _copy(one, path)
            try:
                answer = association.send_c_store(path)
            except (AttributeError, TypeError, ValueError, RuntimeError, OSError) as fault:
                if association.is_established and not isinstance(fault, RuntimeError | OSError):
                    return NO_HEADER
                raise TargetUnreachable(target=self.name, reason=mark("the connection broke off")) from fault
        if "Status" not in answer:
            raise TargetUnreachable(target=self.name, reason=mark("the connection broke off"))
        return f"{answer.Status:04X}"


def _context(one: OutgoingInstance) -> tuple[str, str]:
    return one.sop_class, one.transfer_syntax


def _groups(waiting: Sequence[OutgoingInstance]) -> Iterator[list[OutgoingInstance]]:
    """Part what waits such that each part has no more contexts than an association."""
    contexts = sorted({_context(one) for one in waiting})
    for start in range(0, len(contexts), MAX_CONTEXTS):
        chosen = set(contexts[start : start + MAX_CONTEXTS])
        yield [one for one in waiting if _context(one) in chosen]


def _copy(one: OutgoingInstance, path: Path) -> None:
    """Copy a file to ``path``, and compare its digest."""
    with open_temporary(path) as copy:
        for piece in one.pieces():
            copy.write(piece)
