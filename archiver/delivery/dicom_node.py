"""Send the DICOM files of dossiers to a node: C-STORE (PS3.4, annex B) over an association (PS3.8).

1. The header of each file of a dossier says its SOP class and transfer syntax; a file that does not is refused.
2. An association proposes exactly these: nothing is compressed or unpacked on the way.
3. Each file is copied aside, its SHA-256 compared, and its dataset sent in pieces as it is.
4. The node's status is the answer: success and warnings (0000, Bxxx) take it, anything else refuses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.delivery.errors import TargetAddress, TargetUnreachable
from archiver.delivery.sent_list import NO_HEADER, NOT_ACCEPTED, SentItem, SentState
from archiver.delivery.write import DossierSource
from archiver.dicom_network.library import MAX_CONTEXTS, application_entity
from archiver.dicom_network.node_address import TITLE, NodeAddress, parse_node_address
from archiver.temporary_files import open_temporary, temporary_path
from formats.dicom.header import read_dicom_header
from formats.digests import BUFFER
from formats.errors import AttachmentChanged, FormatFailure, LimitExceeded
from formats.model.imaging import ImageInstance
from formats.words import mark

if TYPE_CHECKING:
    from pynetdicom.association import Association

KIND = "dicom"


def read_node_address(text: str) -> NodeAddress:
    """Return the node at ``TITLE@HOST:PORT``.

    Raises:
        TargetAddress: when it is no such address.
    """
    found = parse_node_address(text)
    if found is None:
        raise TargetAddress(address=text, reason=mark("write TITLE@HOST:PORT, such as PACS@192.168.1.20:104"))
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    item: SentItem
    context: tuple[str, str]


class DicomNode:
    """A node to which the DICOM files of one dossier after the other are sent.

    Raises:
        ExtraMissing: when pynetdicom is not installed.
    """

    def __init__(self, address: NodeAddress) -> None:
        self._address = address
        self._entity = application_entity(TITLE)

    @property
    def name(self) -> str:
        """What the node is called in the list of what was sent."""
        return self._address.text

    def send(self, source: DossierSource, is_taken: Callable[[SentItem], bool]) -> Iterator[SentItem]:
        """Send every DICOM file of a dossier, and yield what became of each.

        Raises:
            TargetUnreachable: when the node is not there, or breaks off.
            AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
        """
        waiting: list[_Waiting] = []
        for instance in _instances(source):
            item = SentItem(
                kind=KIND,
                identity=instance.sop_instance_uid,
                size=instance.attachment.size,
                sha256=instance.attachment.sha256,
            )
            if is_taken(item):
                yield replace(item, state=SentState.EARLIER)
            elif context := _context(source, item):
                waiting.append(_Waiting(item=item, context=context))
            else:
                yield replace(item, state=SentState.REFUSED, answer=NO_HEADER)
        for group in _groups(waiting):
            yield from self._send_group(source, group)

    def _send_group(self, source: DossierSource, group: Sequence[_Waiting]) -> Iterator[SentItem]:
        contexts = sorted({one.context for one in group})
        with self._associated(contexts) as association:
            for one in group:
                answer = self._store(association, source, one) if association else NOT_ACCEPTED
                state = SentState.SENT if answer[:1] in {"0", "B"} and len(answer) == 4 else SentState.REFUSED
                yield replace(one.item, state=state, answer=answer)

    @contextmanager
    def _associated(self, contexts: Sequence[tuple[str, str]]) -> Iterator[Association | None]:
        """Associate with the node; nothing comes of it when the node accepts none of the contexts."""
        from pynetdicom.presentation import build_context  # noqa: PLC0415 - an optional extra, which is there

        association = self._entity.associate(
            self._address.host,
            self._address.port,
            contexts=[build_context(one, [syntax]) for one, syntax in contexts],
            ae_title=self._address.title,
        )
        try:
            if not association.is_established:
                if association.rejected_contexts and not association.accepted_contexts:
                    yield None
                    return
                raise TargetUnreachable(target=self.name, reason=_why(association))
            yield association
        finally:
            if association.is_established:
                association.release()

    def _store(self, association: Association, source: DossierSource, one: _Waiting) -> str:
        """Send one file; return the status as four hexadecimal digits, or why it was not sent.

        The library raises ``AttributeError`` and the like before it sends a file without an instance UID.
        """
        accepted = {
            (str(each.abstract_syntax), str(each.transfer_syntax[0]))
            for each in association.accepted_contexts
            if each.transfer_syntax
        }
        if one.context not in accepted:
            return NOT_ACCEPTED
        with temporary_path() as path:
            _copy(source, one.item, path)
            try:
                answer = association.send_c_store(path)
            except (AttributeError, TypeError, ValueError, RuntimeError, OSError) as fault:
                if association.is_established and not isinstance(fault, RuntimeError | OSError):
                    return NO_HEADER
                raise TargetUnreachable(target=self.name, reason=mark("the connection broke off")) from fault
        if "Status" not in answer:
            raise TargetUnreachable(target=self.name, reason=mark("the connection broke off"))
        return f"{answer.Status:04X}"


def _why(association: Any) -> str:
    if association.is_rejected:
        return mark(
            "it rejects the association; it may not know this program (ARCHIVER), or the title is another"
        )
    return mark("it cannot be reached")


def _instances(source: DossierSource) -> Iterator[ImageInstance]:
    """Yield every instance of a dossier, the same file once."""
    seen: set[tuple[str, str]] = set()
    for study in source.dossier.image_studies:
        for series in study.series:
            for instance in series.instances:
                key = instance.sop_instance_uid, instance.attachment.sha256
                if key not in seen:
                    seen.add(key)
                    yield instance


def _context(source: DossierSource, item: SentItem) -> tuple[str, str] | None:
    """Return SOP class and transfer syntax as the file states them, if it does."""
    with source.open_attachment(item.sha256) as stream:
        try:
            header = read_dicom_header(stream)
        except (FormatFailure, LimitExceeded):
            return None
    return (header.media_class, header.transfer_syntax) if header.part10 else None


def _groups(waiting: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """Part what waits such that each part has no more contexts than an association."""
    contexts = sorted({one.context for one in waiting})
    for start in range(0, len(contexts), MAX_CONTEXTS):
        chosen = set(contexts[start : start + MAX_CONTEXTS])
        yield [one for one in waiting if one.context in chosen]


def _copy(source: DossierSource, item: SentItem, path: Path) -> None:
    """Copy a file to ``path``, and compare its digest."""
    digest = hashlib.sha256()
    with source.open_attachment(item.sha256) as stream, open_temporary(path) as copy:
        for piece in iter(partial(stream.read, BUFFER), b""):
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != item.sha256:
        raise AttachmentChanged(digest=item.sha256, reason=mark("its content is another"))
