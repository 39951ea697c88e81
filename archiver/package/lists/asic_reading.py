"""The strict reader of ASiC manifests (ETSI EN 319 162-1, annex A.4): streamed, with one possible reading.

A list is read before anybody knows whose it is, so nothing of it is held but names and digests. What
two XML readers could take in two ways is refused: comments, processing instructions, elements and
attributes that do not belong where they stand, text beside values, any encoding but UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import BinaryIO, NoReturn

from archiver.package import layout
from archiver.package.errors import ListAlgorithmUnknown, ListInvalid
from archiver.package.lists.asic_manifest import ASIC, DSIG, METHODS
from archiver.package.member_table import DigestTable
from formats import xml
from formats.digests import ALGORITHMS, SHA256, Digest, DigestAlgorithm, DigestMalformed
from formats.errors import FormatFailure, LimitExceeded, UnsafeName
from formats.name_table import ABSENT, NameTable
from formats.words import mark

STRONG = {uri: one for uri, one in METHODS.items() if one.size >= SHA256.size}
"""Digest methods of a signed list; until when each is relied on, a policy says."""
WEAK = frozenset(one.uri for one in ALGORITHMS.values() if one.size < SHA256.size)
"""Digest methods that are known, and that no signed list may use."""
MAX_ASIC_MANIFEST_BYTES = 192 << 20
"""500,000 references of about 330 bytes are 165 MB, and 185 MB with the longest digests."""
MAX_EXTENSION_ELEMENTS = 1000
"""Elements inside extensions that nobody here reads; the parser keeps their names to the end."""
MAX_DEPTH = 16
"""Elements within each other; a list without extensions has three."""


def read_asic_manifest(
    source: bytes | BinaryIO,
    *,
    where: str = layout.ASIC_MANIFEST,
    target: str = layout.SIGNATURE,
    names: NameTable | None = None,
) -> DigestTable:
    """Return the digest of every data object that ``source`` lists for the signature ``target``.

    ``names`` are those of the members, which what is returned shares.

    Raises:
        ListInvalid: when it is no ASiC manifest, signs elsewhere, names a thing twice, uses
            a weaker digest than SHA-256 or several, carries a critical extension nobody here
            knows, or anything that could be read in two ways.
        ListAlgorithmUnknown: when nobody here knows its digests.
        LimitExceeded: when it is too long, or lists more than any package holds.
    """
    return _read(source, where, target, STRONG, names)


def read_evidence_manifest(
    source: bytes | BinaryIO, *, where: str, target: str, names: NameTable | None = None
) -> DigestTable:
    """Return the digest of every data object that ``source`` lists for the evidence record ``target``.

    ``names`` are as in ``read_asic_manifest``.

    Raises:
        ListInvalid, ListAlgorithmUnknown, LimitExceeded: as ``read_asic_manifest``, but the digests may be
            any one kind of ``METHODS``.
    """
    return _read(source, where, target, METHODS, names)


def _read(
    source: bytes | BinaryIO,
    where: str,
    target: str,
    methods: Mapping[str, DigestAlgorithm],
    names: NameTable | None,
) -> DigestTable:
    reading = _Reading(where, target, methods, NameTable() if names is None else names)
    stream = BytesIO(source) if isinstance(source, bytes) else source
    try:
        xml.stream(stream, reading, what=where, limit=MAX_ASIC_MANIFEST_BYTES)
    except LimitExceeded:
        raise
    except FormatFailure as fault:
        reason = mark("it is not plain XML in UTF-8, without document type, comments and instructions")
        raise ListInvalid(where=fault.where, reason=reason) from fault
    return reading.listed()


_MANIFEST, _TARGET, _OBJECT = (
    f"{ASIC} {name}" for name in ("ASiCManifest", "SigReference", "DataObjectReference")
)
_METHOD, _VALUE = f"{DSIG} DigestMethod", f"{DSIG} DigestValue"
_MORE, _OBJECT_MORE = f"{ASIC} ASiCManifestExtensions", f"{ASIC} DataObjectReferenceExtensions"
_EXTENSION = f"{ASIC} Extension"

_INSIDE: Mapping[str, tuple[str, ...]] = {
    "": (_MANIFEST,),
    _MANIFEST: (_TARGET, _OBJECT, _MORE),
    _OBJECT: (_METHOD, _VALUE, _OBJECT_MORE),
    _MORE: (_EXTENSION,),
    _OBJECT_MORE: (_EXTENSION,),
}
"""What may stand in an element, in this order."""
_PLAIN = frozenset(
    {
        (_MANIFEST, _TARGET, _OBJECT),
        (_MANIFEST, _OBJECT, _OBJECT),
        (_OBJECT, "", _METHOD),
        (_OBJECT, _METHOD, _VALUE),
    }
)
"""Parent, child before and child, as they mostly follow each other: 500,000 objects are not looked at closely."""
_REPEATED = frozenset({_OBJECT, _EXTENSION})
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    _TARGET: frozenset({"URI", "MimeType"}),
    _OBJECT: frozenset({"URI", "MimeType", "Rootfile"}),
    _METHOD: frozenset({"Algorithm"}),
    _EXTENSION: frozenset({"Critical"}),
}
_CRITICAL = {"true": True, "1": True, "false": False, "0": False}
"""What a truth value of XML Schema may be written as, without spaces around it."""


class _Reading:
    """The manifest at ``where``, which belongs to ``target`` and may use ``methods``, as it passes."""

    def __init__(
        self, where: str, target: str, methods: Mapping[str, DigestAlgorithm], names: NameTable
    ) -> None:
        self._where, self._target, self._methods = where, target, methods
        self._path = [""]
        self._before = [""]
        """The child read last, of every element on the path."""
        self._extra = self._extensions = 0
        """Elements inside extensions so far, and the extensions that are open."""
        self._line = 0
        self._number = ABSENT
        self._value = ""
        self._algorithm: DigestAlgorithm | None = None
        self._digests = DigestTable(names)

    def listed(self) -> DigestTable:
        """Return what was listed; the document has ended."""
        if not self._digests:
            self._refuse(mark("it lists nothing"))
        return self._digests

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """Take the beginning of an element."""
        self._line = line
        if self._extensions:
            self._count_extra()
        else:
            self._place(name)
            if not attributes.keys() <= _ATTRIBUTES.get(name, frozenset()):
                self._refuse(mark("an attribute does not belong there"))
            self._take(name, attributes)
        self._path.append(name)
        self._before.append("")
        self._extensions += name == _EXTENSION

    def end(self) -> None:
        """Take the end of an element."""
        name = self._path.pop()
        self._extensions -= name == _EXTENSION
        if not self._extensions:
            if name == _OBJECT:
                self._close_object()
            elif name == _MANIFEST and self._before[-1] == "":
                self._refuse(mark("it does not begin with the reference to its signature"))
        self._before.pop()

    def text(self, data: str) -> None:
        """Take text."""
        if self._path[-1] == _VALUE:
            self._value += data
            if len(self._value) > xml.MAX_TOKEN:
                self._refuse_digest()
        elif data.strip(" \t\r\n") and not self._extensions:
            self._refuse(mark("it holds text where none belongs"))

    def _place(self, name: str) -> None:
        """Refuse an element that does not belong there, after what came before it."""
        parent, before = self._path[-1], self._before[-1]
        if (parent, before, name) in _PLAIN:
            self._before[-1] = name
            return
        allowed = _INSIDE.get(parent, ())
        if parent == "" and name != _MANIFEST:
            self._refuse(mark("it is not an ASiC manifest"))
        if parent == _MANIFEST and not before and name != _TARGET:
            self._refuse(mark("it does not begin with the reference to its signature"))
        if parent == _OBJECT and name in {_METHOD, _VALUE} and name == before:
            self._refuse_digest()
        place = allowed.index(name) if name in allowed else -1
        last = allowed.index(before) if before else -1
        if place < last or place < 0 or (place == last and name not in _REPEATED):
            self._refuse(mark("it holds an element that does not belong there"))
        self._before[-1] = name

    def _take(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TARGET and attributes.get("URI") != self._target:
            self._refuse(mark("it refers to another signature"))
        elif name == _OBJECT:
            self._number = self._judged(attributes.get("URI", ""))
            self._value, self._algorithm = "", None
        elif name == _METHOD:
            method = attributes.get("Algorithm", "")
            self._algorithm = self._methods.get(method)
            if method and self._algorithm is None and method not in WEAK:
                raise ListAlgorithmUnknown(where=self._where, algorithm=method[:200])
        elif name == _EXTENSION:
            self._count_extra()
            critical = _CRITICAL.get(attributes.get("Critical", ""))
            if critical is None:
                self._refuse(mark("an extension does not say plainly whether it is critical"))
            if critical:
                self._refuse(mark("it carries a critical extension that is not known here"))

    def _judged(self, name: str) -> int:
        """Return the number of the name of one more data object."""
        try:
            layout.member_name(name)
        except UnsafeName:
            self._refuse(mark("it names what no package holds"))
        number = self._digests.names.add(name)
        if self._digests.has(number):
            self._refuse(mark("it names a data object twice"))
        found = len(self._digests) + 1
        if found > layout.MAX_MEMBERS:
            what = mark("the number of members")
            raise LimitExceeded(where=self._where, name=what, found=found, limit=layout.MAX_MEMBERS)
        return number

    def _close_object(self) -> None:
        if self._algorithm is None:
            self._refuse_digest()
        try:
            digest = Digest.from_base64(self._value, self._algorithm)
        except DigestMalformed:
            self._refuse_digest()
        try:
            self._digests.put(self._number, digest)
        except ValueError:
            self._refuse(mark("its digests are of several kinds"))

    def _count_extra(self) -> None:
        self._extra += 1
        for found, limit in ((self._extra, MAX_EXTENSION_ELEMENTS), (len(self._path), MAX_DEPTH)):
            if found > limit:
                what = mark("the number of elements in extensions, or within each other,")
                raise LimitExceeded(where=self._where, name=what, found=found, limit=limit)

    def _refuse_digest(self) -> NoReturn:
        self._refuse(mark("a data object has no digest that is accepted"))

    def _refuse(self, reason: str) -> NoReturn:
        line = f" line {self._line}" if self._line else ""
        raise ListInvalid(where=self._where + line, reason=reason)
