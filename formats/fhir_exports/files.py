"""Files of an export: in base64 within a document, in a resource that it contains, or in a Binary of their own."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from formats.digests import SHA1, SHA256, chunks, digest_of_stream
from formats.errors import Failure
from formats.fhir import extensions
from formats.fhir.elements import Element, enter
from formats.fhir.exact import put_primitive, take_or
from formats.fhir.primitives import CODE, TEXT, UNSIGNED
from formats.fhir_exports.index import FILES, ExportIndex, Key, holders
from formats.fhir_exports.issuers import element_text, objects
from formats.media_types import HEAD, UNKNOWN, media_type
from formats.model.documents import Attachment
from formats.reading import FileBody
from formats.regular_files import open_regular

_FILE = extensions.url("file")
MAX_CONTENTS = 1_000
"""Files of one document resource; a document in three forms has three."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadableFile:
    """A file of an export, and its SHA-1; ``data`` are its bytes while it is read."""

    attachment: Attachment
    sha1: bytes
    data: bytes = b""

    def body(self) -> FileBody:
        """Return the file with its bytes."""
        return FileBody(attachment=self.attachment, open=partial(io.BytesIO, self.data))


@dataclass(slots=True)
class FoundFiles:
    """The files of one resource: bytes that are in it, all that it names, and how many cannot be taken.

    ``unproven`` files lie beside one document, and nothing shows that whoever wrote it has them.
    """

    bodies: list[FileBody] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    broken: int = 0
    unproven: int = 0


def documents_of_files(node: Element) -> Iterator[Element]:
    """Yield a document for each of its files, since a record has one; any other resource as it is."""
    contents = node.get("content")
    if node["resourceType"] != "DocumentReference" or not isinstance(contents, list) or len(contents) < 2:
        yield node
        return
    for one in contents[: MAX_CONTENTS - 1]:
        part = copy(node)
        part["content"] = [one]
        yield part
    if rest := contents[MAX_CONTENTS - 1 :]:
        yield {**node, "content": rest}


def find_files(
    node: Element,
    index: ExportIndex,
    binaries: Mapping[Key, ReadableFile | None],
    beside: Callable[[str], Path | None] | None = None,
    *,
    proven: bool = False,
) -> FoundFiles:
    """Return the files of a document, a picture or a study, and let it name them as ours do.

    ``binaries`` came before it; of one that cannot be taken there is nothing.
    ``beside`` finds a file by its address; with ``proven`` one is taken only by its digest.
    """
    found = FoundFiles()
    within = {f"#{one.get('id')}": one for one in objects(node.get("contained"))}
    for attachment in attachments_in(node):
        address = element_text(attachment, "url")
        key = index.resolve(address)
        inside: Element = within.get(address, {})
        data = attachment.get("data", inside.get("data"))
        if key not in binaries and not isinstance(data, str):
            if beside and (path := beside(address)):
                if proven and not _states_digest(attachment):
                    found.unproven += 1
                else:
                    _take_beside(path, attachment, found)
            continue
        stated = element_text(attachment, "contentType") or element_text(inside, "contentType")
        taken = file_of(data, stated) if isinstance(data, str) else binaries[key]
        if taken is None or not _has_stated_digest(attachment, taken):
            found.broken += 1
            continue
        _name_file(attachment, taken.attachment)
        found.attachments.append(taken.attachment)
        if isinstance(data, str):
            found.bodies.append(taken.body())
    return found


def attachments_in(node: Element) -> Iterator[Element]:
    """Yield the Attachments of a resource that its record has files for."""
    if node["resourceType"] == "ImagingStudy":
        instances = (one for series in objects(node.get("series")) for one in objects(series.get("instance")))
        every = (member for one in instances for member in objects(one.get("extension")))
        yield from (one["valueAttachment"] for one in every if _is_file(one))
        return
    member, inner = FILES.get(node["resourceType"], ("", ""))
    for holder in holders(node.get(member))[:1]:
        attachment = holder.get(inner) if inner else holder
        if isinstance(attachment, dict):
            yield attachment


def _is_file(member: Element) -> bool:
    return member.get("url") == _FILE and isinstance(member.get("valueAttachment"), dict)


def _take_beside(path: Path, attachment: Element, found: FoundFiles) -> None:
    """Take a file that lies beside the resources; one that is not what is said of it counts as broken."""
    try:
        taken = _read_beside(path, attachment)
    except (Failure, OSError):
        taken = None
    if taken is None:
        found.broken += 1
        return
    if not _stated_digest(attachment):
        _name_file(attachment, taken)
    attachment.pop("url", None)
    found.attachments.append(taken)
    found.bodies.append(FileBody(attachment=taken, open=partial(open_regular, path)))


def _read_beside(path: Path, attachment: Element) -> Attachment | None:
    """Return the file at ``path``, or nothing where it is not what ``attachment`` says.

    Raises:
        Failure, OSError: when it cannot be read, or what is said of it is not what FHIR says.
    """
    with open_regular(path) as stream:
        head = stream.read(HEAD)
        stream.seek(0)
        digest, size = digest_of_stream(stream)
        sha1 = SHA1.new()
        if "hash" in attachment:
            stream.seek(0)
            for piece in chunks(stream):
                sha1.update(piece)
    stated = _stated_digest(attachment)
    if stated:  # one of ours, which says of its file what is to be kept
        kind = take_or(attachment, "contentType", CODE, "")
    else:
        sniffed = media_type(head)
        kind = element_text(attachment, "contentType") if sniffed == UNKNOWN else sniffed
    taken = Attachment(sha256=digest.hex, size=size, media_type=kind or ("" if stated else UNKNOWN))
    same = stated in {"", digest.hex} and take_or(attachment, "size", UNSIGNED, size) == size
    whole = _has_stated_digest(attachment, ReadableFile(attachment=taken, sha1=sha1.digest()))
    return taken if same and whole else None


def _stated_digest(attachment: Element) -> str:
    """Return the SHA-256 by which ours name a file; nothing where there is none."""
    return take_or(attachment, "~sha256", TEXT, "")


def file_of(text: str, stated: str) -> ReadableFile | None:
    """Return the file that ``text`` is in base64, of the media type ``stated`` where it does not show; nothing else."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    sniffed = media_type(data[:HEAD])
    kind = stated if sniffed == UNKNOWN and stated else sniffed
    attachment = Attachment(sha256=SHA256.hash_value(data).hex(), size=len(data), media_type=kind)
    return ReadableFile(attachment=attachment, sha1=SHA1.hash_value(data), data=data)


def _name_file(attachment: Element, found: Attachment) -> None:
    for name in ("data", "url"):
        attachment.pop(name, None)
    attachment["size"], attachment["contentType"] = found.size, found.media_type
    put_primitive(*enter(attachment, "~sha256"), TEXT, found.sha256)


def _states_digest(attachment: Element) -> bool:
    """Tell whether a digest stands beside a file: SHA-256 as ours say it, or one of FHIR."""
    return bool(_stated_digest(attachment)) or len(_digest_beside(attachment)) in {SHA1.size, SHA256.size}


def _digest_beside(attachment: Element) -> bytes:
    try:
        return base64.b64decode(element_text(attachment, "hash"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _has_stated_digest(attachment: Element, found: ReadableFile) -> bool:
    """Tell whether a file has the digest that stands beside it: SHA-1 as FHIR says, or SHA-256 as some write."""
    stated = _digest_beside(attachment)
    if len(stated) == SHA256.size:
        return stated.hex() == found.attachment.sha256
    return len(stated) != SHA1.size or stated == found.sha1
