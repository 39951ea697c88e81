"""Files of an export: in base64 within a document, in a resource that it contains, or in a Binary of their own."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import partial

from formats.digests import SHA1, SHA256
from formats.fhir.elements import Element, enter
from formats.fhir.exact import put_primitive
from formats.fhir.primitives import TEXT
from formats.fhir_exports.index import FILES, ExportIndex, Key, holders
from formats.fhir_exports.issuers import element_text, objects
from formats.media_types import HEAD, UNKNOWN, media_type
from formats.model.documents import Attachment
from formats.reading import FileBody

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
    """The files of one resource: bytes that are in it, all that it names, and how many cannot be taken."""

    bodies: list[FileBody] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    broken: int = 0


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


def find_files(node: Element, index: ExportIndex, binaries: Mapping[Key, ReadableFile | None]) -> FoundFiles:
    """Return the files of a document or picture, and let it name them as ours do.

    ``binaries`` came before it; of one that cannot be taken there is nothing.
    """
    found = FoundFiles()
    member, inner = FILES.get(node["resourceType"], ("", ""))
    within = {f"#{one.get('id')}": one for one in objects(node.get("contained"))}
    for holder in holders(node.get(member))[:1]:
        attachment = holder.get(inner) if inner else holder
        if not isinstance(attachment, dict):
            continue
        address = element_text(attachment, "url")
        key = index.resolve(address)
        inside: Element = within.get(address, {})
        data = attachment.get("data", inside.get("data"))
        if key not in binaries and not isinstance(data, str):
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


def _has_stated_digest(attachment: Element, found: ReadableFile) -> bool:
    """Tell whether a file has the digest that stands beside it: SHA-1 as FHIR says, or SHA-256 as some write."""
    try:
        stated = base64.b64decode(element_text(attachment, "hash"), validate=True)
    except (binascii.Error, ValueError):
        return True  # no digest
    if len(stated) == SHA256.size:
        return stated.hex() == found.attachment.sha256
    return len(stated) != SHA1.size or stated == found.sha1
