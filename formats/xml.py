"""The one place where XML parsers are made: one that builds a tree, one that streams events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Protocol, TypeAlias, cast
from xml.parsers import expat

from lxml import etree

from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

Element: TypeAlias = etree._Element  # noqa: SLF001 – lxml has no other name for it
"""An element of a tree; whoever walks one needs nothing else of lxml."""

MAX_XML_BYTES = 256 << 20
"""A manifest of 500,000 objects is about 150 MB; nothing of ours is larger."""
MAX_TREE_DEPTH = 256
"""Elements within elements; libxml2 allows as many where it is not told to read long texts."""
LONG_TEXT = 8 << 20
"""Bytes from which on a document may hold a text that libxml2 takes for an attack (10,000,000 characters)."""
MAX_TOKEN = 64 << 10
"""Bytes of one tag, read as a stream: a name of 1,024 bytes, all of it character references, is 10 KB."""
WITHOUT_DTD = "XML without a DTD"
"""What a document with a document type is not."""
MAX_PREFIXES = 32
"""Namespace prefixes of one document, read as a stream; the parser keeps every one to the end."""


def parser(*, bare: bool = False, long_texts: bool = False, recover: bool = False) -> etree.XMLParser:
    """Return a parser that fetches nothing, expands nothing and keeps no DTD.

    A ``bare`` tree has neither comments nor processing instructions. With ``long_texts``, only for what has
    no DTD, texts have no limit, and everything is read as UTF-8. With ``recover`` it goes on after what is not
    well-formed, and leaves out what it cannot place.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=long_texts,
        encoding="utf-8" if long_texts else None,
        remove_comments=bare,
        remove_pis=bare,
        recover=recover,
    )


def parse(
    data: bytes,
    *,
    what: str = "XML",
    limit: int = MAX_XML_BYTES,
    bare: bool = False,
    long_texts: bool = False,
) -> Element:
    """Return the root element of ``data``; ``bare``: without comments and processing instructions.

    ``long_texts``: a file in base64 may stand in it, longer than libxml2 takes; such a document is in UTF-8.

    Raises:
        LimitExceeded: when ``data`` is longer than ``limit`` bytes.
        FormatFailure: when it is not well-formed or carries a DTD.
    """
    if len(data) > limit:
        raise LimitExceeded(
            where=what, name=mark("the size of the XML in bytes"), found=len(data), limit=limit
        )
    long_texts = long_texts and len(data) > LONG_TEXT
    if (
        long_texts and b"<!DOCTYPE" in data
    ):  # entities in attributes are expanded, whatever the parser is meaning
        raise FormatFailure(where=what, format=WITHOUT_DTD)
    try:
        tree = etree.parse(BytesIO(data), parser(bare=bare, long_texts=long_texts))
    except etree.XMLSyntaxError as fault:
        raise FormatFailure(where=f"{what}:{fault.lineno}", format="XML") from fault
    if tree.docinfo.internalDTD is not None:
        raise FormatFailure(where=what, format=WITHOUT_DTD)
    if long_texts:
        _check_depth(tree.getroot(), what)
    return tree.getroot()


def parse_recovered(data: bytes, *, what: str = "XML", limit: int = MAX_XML_BYTES) -> tuple[Element, str]:
    """Return the root of ``data`` as far as it can be read, and where it is not well-formed, if it is not.

    Raises:
        LimitExceeded: when ``data`` is longer than ``limit`` bytes.
        FormatFailure: when it carries a DTD, or nothing of it can be read.
    """
    try:
        return parse(data, what=what, limit=limit, bare=True), ""
    except LimitExceeded:
        raise
    except FormatFailure as fault:
        if fault.where == what:  # a DTD
            raise
        try:
            tree = etree.parse(BytesIO(data), parser(bare=True, recover=True))
        except etree.XMLSyntaxError:
            raise fault from None
        root = tree.getroot()
        if root is None or tree.docinfo.internalDTD is not None:
            raise
        return root, fault.where


def _check_depth(root: Element, what: str) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_TREE_DEPTH:
            name = mark("the depth of the XML")
            raise LimitExceeded(where=what, name=name, found=depth, limit=MAX_TREE_DEPTH)


def xml_text(element: Element) -> str:
    """Return ``element`` as XML, with the namespaces that it needs and without what follows it."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


class Events(Protocol):
    """What is told of a document as it passes; names are ``namespace local``, with a space, or ``local``."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins on ``line``."""

    def end(self) -> None:
        """The element that began last and has not ended ends."""

    def text(self, data: str) -> None:
        """Text within the element; one text may come in several pieces."""


def stream(
    source: BinaryIO, events: Events, *, what: str = "XML", limit: int = MAX_XML_BYTES, doctype: str = ""
) -> None:
    """Tell ``events`` of the document ``source``, in UTF-8; nothing of it is kept.

    Comments and processing instructions are refused: readers disagree about text on both sides of one; so are
    CDATA sections. ``doctype`` names the one document type that may be declared, with nothing in it.

    Raises:
        LimitExceeded: when it has more than ``limit`` bytes, or one tag more than ``MAX_TOKEN``.
        FormatFailure: when it is not well-formed or not in UTF-8, or has a DTD, a comment, a processing
            instruction or more than ``MAX_PREFIXES`` prefixes.
    """
    _Streaming(events, what, limit, doctype).read(source)


def stream_foreign(source: BinaryIO, events: Events, *, what: str, limit: int) -> None:
    """Tell ``events`` of a document that no rule of ours made; nothing of it is kept.

    Its encoding is the one that it names, comments and processing instructions are passed over, and CDATA is text.
    A document type is refused before anything in it is read, and with it every entity.

    Raises:
        LimitExceeded: as ``stream``.
        FormatFailure: when it is not well-formed, of an unknown encoding, or has a DTD or too many prefixes.
    """
    _Streaming(events, what, limit, "", foreign=True).read(source)


class _Streaming:
    """One document on its way through Expat."""

    def __init__(self, events: Events, what: str, limit: int, doctype: str, *, foreign: bool = False) -> None:
        self._what, self._limit, self._doctype, self._foreign = what, limit, doctype, foreign
        self._prefixes: set[str | None] = set()
        self._expat = parser = expat.ParserCreate(None if foreign else "utf-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._typed
        parser.StartNamespaceDeclHandler = self._bound
        if not foreign:
            parser.XmlDeclHandler = self._declared
            parser.StartCdataSectionHandler = lambda: self._refuse("XML without CDATA sections")
            parser.CommentHandler = lambda _: self._refuse("XML without comments")
            parser.ProcessingInstructionHandler = lambda *_: self._refuse(
                "XML without processing instructions"
            )
        parser.StartElementHandler = lambda name, attributes: events.start(
            name, attributes, parser.CurrentLineNumber
        )
        parser.EndElementHandler = lambda _: events.end()
        parser.CharacterDataHandler = events.text

    def read(self, source: BinaryIO) -> None:
        fed = 0
        try:
            while piece := source.read(MAX_TOKEN):
                # Expat would heed UTF-16 all the same
                if not (fed or self._foreign) and (piece[:1] != b"<" or b"\0" in piece[:4]):
                    self._refuse("XML 1.0 in UTF-8")
                fed += len(piece)
                self._compare(mark("the size of the XML in bytes"), fed, self._limit)
                self._expat.Parse(piece)
                # the parser holds back a tag until its end has come
                waiting = fed - max(self._expat.CurrentByteIndex, 0)
                self._compare(mark("the size of one XML tag in bytes"), waiting, 2 * MAX_TOKEN)
            self._expat.Parse(b"", True)
        except expat.ExpatError as fault:
            raise FormatFailure(where=f"{self._what}:{fault.lineno}", format="XML") from fault
        except (
            LookupError,
            ValueError,
        ) as fault:  # an encoding that Python does not know, or not as Expat takes it
            raise FormatFailure(where=f"{self._what}:1", format="XML") from fault

    def _declared(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0" or (encoding is not None and encoding.upper() != "UTF-8"):
            self._refuse("XML 1.0 in UTF-8")

    def _typed(self, name: str, system: str | None, public: str | None, inside: bool) -> None:
        if system is not None or public is not None or inside or not self._doctype or name != self._doctype:
            self._refuse(WITHOUT_DTD)

    def _bound(self, prefix: str | None, _uri: str | None) -> None:
        self._prefixes.add(prefix)
        self._compare(mark("the number of XML namespace prefixes"), len(self._prefixes), MAX_PREFIXES)

    def _compare(self, name: str, found: int, limit: int) -> None:
        if found > limit:
            raise LimitExceeded(where=self._what, name=name, found=found, limit=limit)

    def _refuse(self, form: str) -> NoReturn:
        raise FormatFailure(where=f"{self._what}:{self._expat.CurrentLineNumber}", format=form)


def canonical_xml(node: Element, *, exclusive: bool, comments: bool = False, prefixes: str = "") -> bytes:
    """Return ``node`` in the canonical form (Canonical XML 1.0, or Exclusive XML Canonicalization 1.0).

    ``prefixes`` are those of the InclusiveNamespaces, ``#default`` among them.
    """
    inclusive = [one for one in prefixes.split() if one != "#default"] if exclusive else None
    return etree.tostring(
        node, method="c14n", exclusive=exclusive, with_comments=comments, inclusive_ns_prefixes=inclusive
    )


def schema(path: Path) -> etree.XMLSchema:
    """Return the XML schema at ``path``, with those beside it that it names; nothing is fetched.

    Raises:
        FormatFailure: when it is none.
    """
    try:
        return etree.XMLSchema(etree.parse(str(path), parser()))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as fault:
        raise FormatFailure(where=str(path), format="XML Schema") from fault


def schema_faults(rules: etree.XMLSchema, data: bytes, *, what: str) -> Iterator[str]:
    """Yield what the schema ``rules`` refuses in ``data``, each with its line.

    Raises:
        FormatFailure: as ``parse``.
    """
    rules.validate(parse(data, what=what, long_texts=True))
    errors: Iterable[Any] = cast("Iterable[Any]", rules.error_log)
    yield from (f"{one.line}: {one.message}" for one in errors)
