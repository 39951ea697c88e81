"""Files within a clinical document: the one it wraps (level 1), and those that entries hold."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Iterator
from dataclasses import dataclass

from formats.cda.elements import attribute
from formats.digests import ALGORITHMS, SHA1, SHA256, Digest
from formats.media_types import HEAD, TEXT, UNKNOWN, media_type
from formats.model.documents import Attachment
from formats.reading import FileBody
from formats.xml import Element

_LIKELY = frozenset({UNKNOWN, TEXT})


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedFile:
    """A file in base64: its ``body``, or ``fault`` says that it cannot be taken (a gettext message)."""

    node: Element
    body: FileBody | None = None
    fault: str = ""


def embedded_values(node: Element) -> Iterator[Element]:
    """Yield the elements at or below ``node`` whose content is a file in base64."""
    yield from (one for one in node.iter() if attribute(one, "representation") == "B64" and one.text)


def embedded_file(node: Element, *, unreadable: str, changed: str) -> EmbeddedFile:
    """Return the file in ``node``; ``unreadable`` is said of one that is no base64, ``changed`` of another one."""
    try:
        data = base64.b64decode("".join((node.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return EmbeddedFile(node=node, fault=unreadable)
    if not _is_whole(node, data):
        return EmbeddedFile(node=node, fault=changed)
    sniffed, stated = media_type(data[:HEAD]), attribute(node, "mediaType")
    kind = stated if sniffed in _LIKELY and stated else sniffed
    attachment = Attachment(sha256=SHA256.hash_value(data).hex(), size=len(data), media_type=kind)
    return EmbeddedFile(node=node, body=FileBody(attachment=attachment, open=lambda: io.BytesIO(data)))


def _is_whole(node: Element, data: bytes) -> bool:
    """Tell whether the file has the digest that stands beside it, where one does and can be computed."""
    stated = attribute(node, "integrityCheck")
    name = attribute(node, "integrityCheckAlgorithm").replace("-", "").lower()
    algorithm = ALGORITHMS.get(name) if name else SHA1  # HL7 v3 ED: SHA-1 where none is named
    if not stated or algorithm is None:
        return True
    value = algorithm.hash_value(data)
    forms = {base64.b64encode(value).decode("ascii"), Digest(algorithm, value).hex}
    return stated in forms or stated.lower() in forms
