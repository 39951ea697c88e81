"""The DICOM files of a dossier, those of one instance UID told apart, and what is sent of it over the network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial

from archiver.delivery.sent_list import NO_HEADER, SAME_UID, SentItem
from archiver.delivery.write import DossierSource
from formats.dicom.attributes import text_of
from formats.dicom.header import read_dicom_header
from formats.dicom.objects.dossier import MEDIA_TYPE, made_instances
from formats.dicom.objects.instance import MadeInstance
from formats.dicom.objects.own_uid import with_own_uid
from formats.digests import chunks
from formats.errors import AttachmentChanged, FormatFailure, LimitExceeded
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.reading import FileBody
from formats.words import mark

KIND = "dicom"
"""What each file is in the list of what was sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingInstance:
    """A DICOM file that is sent: its line in the list, what it states of itself, its bytes.

    SOP class and transfer syntax are empty where it states none. Where there is a ``refusal`` it is not to be sent, and
    that is the answer. Bytes that are not those of its digest raise.
    """

    item: SentItem
    sop_class: str
    transfer_syntax: str
    pieces: Callable[[], Iterator[bytes]]
    refusal: str = ""


def outgoing_instances(source: DossierSource, *, encapsulate: bool) -> Iterator[OutgoingInstance | Finding]:
    """Yield the DICOM files of a dossier, each once, and with ``encapsulate`` its other files as DICOM objects.

    Those of studies come first, then those that other records have, such as documents.

    Of files that carry one instance UID the first goes as it is, each other under a UID of its own: a server keeps one
    file under a UID, and may say of a second that it took it.

    Raises:
        AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
    """
    seen: set[tuple[str, str]] = set()
    repeated = repeated_uids(source.dossier)
    bodies = {one.attachment.sha256: one for one in dicom_bodies(source)} if repeated else {}
    for uid, attachment in _instances(source.dossier):
        if (uid, attachment.sha256) in seen:
            continue
        seen.add((uid, attachment.sha256))
        items = (
            own_uid_instances(source.dossier, [bodies[attachment.sha256]])
            if attachment.sha256 in repeated
            else []
        )
        if not any(isinstance(one, MadeInstance) for one in items):
            yield _alone(_own(source, uid, attachment), items)
        yield from (_made(one) if isinstance(one, MadeInstance) else one for one in items)
    yield from _outside_studies(source, seen)
    if encapsulate:
        for one in made_instances(source.dossier, source.open_attachment):
            yield _made(one) if isinstance(one, MadeInstance) else one


def _outside_studies(
    source: DossierSource, sent: AbstractSet[tuple[str, str]]
) -> Iterator[OutgoingInstance | Finding]:
    """Yield the DICOM files that no study has, under a UID of their own where another file carries theirs.

    ``sent`` are UID and digest of those of studies. One that states no UID goes by its digest, to be refused by name.
    """
    uids, digests = {uid for uid, _ in sent}, {sha256 for _, sha256 in sent}
    for body in dicom_bodies(source):
        if body.attachment.sha256 in digests:
            continue
        one = _own(source, "", body.attachment)
        items = _under_own_uid(body, one.item.identity) if one.item.identity in uids else []
        uids.add(one.item.identity)
        if not any(isinstance(each, MadeInstance) for each in items):
            yield _alone(one, items)
        yield from (_made(each) if isinstance(each, MadeInstance) else each for each in items)


def _alone(one: OutgoingInstance, items: Sequence[MadeInstance | Finding]) -> OutgoingInstance:
    """Return a file as it is; where ``items`` say something of it, as one that would go under the UID of another."""
    return replace(one, refusal=SAME_UID) if items else one


def _own(source: DossierSource, uid: str, attachment: Attachment) -> OutgoingInstance:
    """Return a file as it is, with SOP class and transfer syntax as it states them, if it does.

    Without ``uid`` the one that it states stands in the list, or its digest where it states none.
    """
    named = uid
    with source.open_attachment(attachment.sha256) as stream:
        try:
            header = read_dicom_header(stream)
            stated = (header.media_class, header.transfer_syntax) if header.part10 else ("", "")
            named = uid or text_of(header.dataset, "SOPInstanceUID")
        except (FormatFailure, LimitExceeded):
            stated = ("", "")
    identity = named or attachment.sha256
    item = SentItem(kind=KIND, identity=identity, size=attachment.size, sha256=attachment.sha256)

    def pieces() -> Iterator[bytes]:
        digest = hashlib.sha256()
        with source.open_attachment(attachment.sha256) as stream:
            for piece in chunks(stream):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != attachment.sha256:
            raise AttachmentChanged(digest=attachment.sha256, reason=mark("its content is another"))

    refusal = "" if stated[0] else NO_HEADER
    return OutgoingInstance(
        item=item, sop_class=stated[0], transfer_syntax=stated[1], pieces=pieces, refusal=refusal
    )


def _made(made: MadeInstance) -> OutgoingInstance:
    size, sha256 = made.attachment.size, made.attachment.sha256
    return OutgoingInstance(
        item=SentItem(kind=KIND, identity=made.instance_uid, size=size, sha256=sha256),
        sop_class=made.sop_class,
        transfer_syntax=made.transfer_syntax,
        pieces=made.pieces,
    )


def dicom_bodies(record: DossierSource) -> list[FileBody]:
    """Return the DICOM files of a dossier, also those that no study has."""
    in_studies = {attachment.sha256 for _, attachment in _instances(record.dossier)}
    return [
        FileBody(
            attachment=one,
            open=partial(record.open_attachment, one.sha256),
            header_facts=record.header_facts(one.sha256),
        )
        for one in record.dossier.attachments()
        if one.sha256 in in_studies or one.media_type == MEDIA_TYPE
    ]


def repeated_uids(dossier: Dossier) -> dict[str, str]:
    """Return the files, by their SHA-256, whose instance UID another file carries, with that UID.

    The one whose digest comes first keeps it, as in the directory of a patient archive.
    """
    first: dict[str, str] = {}
    for uid, attachment in _instances(dossier):
        first[uid] = min(first.get(uid, attachment.sha256), attachment.sha256)
    return {
        attachment.sha256: uid for uid, attachment in _instances(dossier) if first[uid] != attachment.sha256
    }


def own_uid_instances(dossier: Dossier, bodies: Sequence[FileBody]) -> list[MadeInstance | Finding]:
    """Return the files of ``repeated_uids`` under UIDs of their own, and what is said of each."""
    repeated = repeated_uids(dossier)
    items: list[MadeInstance | Finding] = []
    for body in bodies:
        uid = repeated.get(body.attachment.sha256)
        if uid is None:
            continue
        items += _under_own_uid(body, uid)
    return items


def _under_own_uid(body: FileBody, uid: str) -> list[MadeInstance | Finding]:
    """Return a file that carries ``uid`` as others do under one of its own, and what is said of it."""
    try:
        made = with_own_uid(body)
    except FormatFailure as fault:
        return [as_finding(fault, uid, Severity.WARNING)]
    finding = Finding(
        severity=Severity.NOTE,
        code="dicom-own-uid",
        where=body.attachment.sha256,
        sentence=mark("Another file carries the instance UID {uid} too; this one is listed as {own}."),
        facts={"uid": uid, "own": made.instance_uid},
    )
    return [made, finding]


def _instances(dossier: Dossier) -> Iterator[tuple[str, Attachment]]:
    """Yield instance UID and file of every instance."""
    for study in dossier.image_studies:
        for series in study.series:
            for instance in series.instances:
                yield instance.sop_instance_uid, instance.attachment
