"""The header of a DICOM file: identified by content, read within limits, without its pixels.

Sources: PS3.10 §7.1 (preamble and file meta information), PS3.5 §7.1 (data
elements) and §A (transfer syntaxes).
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_dataset, read_partial
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian, MediaStorageDirectoryStorage

from formats.dicom.attributes import TAGS, VALUE_FAULTS, plain_value
from formats.dicom.stream import MAX_HEADER_BYTES, HeaderStream
from formats.errors import Failure, FormatFailure
from formats.words import mark

META_GROUP = 2
PREFIX_END = 132
"""Bytes of preamble and prefix ``DICM`` (PS3.10 §7.1)."""
MAX_FIRST_VALUE = 1024
"""Bytes of the first value of a dataset without preamble; a UID or a character set is far shorter."""
MAX_REASON = 120
"""Characters of a reason or remark; some of pydicom's quote the whole value."""
MAX_ODDITIES = 8
"""Remarks kept per file, so that a broken file cannot fill a report."""
MAX_INFLATED = MAX_HEADER_BYTES // 8
"""Bytes inflated of a deflated dataset; its header lies at the start."""
PER_FRAME = 0x5200_0000
"""First group that describes single frames; nothing in it or behind it is needed."""
PIXELS = frozenset({0x7FE0_0008, 0x7FE0_0009, 0x7FE0_0010})
UNDEFINED = 0xFFFF_FFFF

_FIRST_ELEMENTS = {2: frozenset({0x00, 0x01, 0x02, 0x10}), 8: frozenset({0x00, 0x01, 0x05, 0x08, 0x16, 0x18})}
_FIRST_VRS = frozenset({b"UL", b"OB", b"UI", b"CS"})
_MALFORMED = (
    *VALUE_FAULTS,
    InvalidDicomError,
    AssertionError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What pydicom raises on bytes it cannot make sense of."""


class NotDicom(FormatFailure):
    """A file whose content is something else, whatever its name."""

    code = "not-dicom"
    sentence = mark("This file is not DICOM.")


class HeaderUnreadable(FormatFailure):
    """A DICOM file whose header does not hold together."""

    code = "dicom-unreadable"
    sentence = mark("The DICOM header cannot be read: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class DicomHeader:
    """What is needed of a DICOM file.

    ``dataset`` holds the wanted attributes only. ``part10``: the file has the
    preamble and names its transfer syntax, as a file-set requires.
    ``oddities`` are pydicom's remarks, in English.
    """

    dataset: Dataset
    transfer_syntax: str
    media_class: str
    part10: bool
    cut_short: bool
    oddities: tuple[str, ...]

    @property
    def is_directory(self) -> bool:
        """Whether this is a DICOMDIR, whatever its name."""
        return self.media_class == MediaStorageDirectoryStorage


@contextmanager
def remarks() -> Iterator[list[str]]:
    """Collect what pydicom warns of while values are read, at most ``MAX_ODDITIES`` sentences.

    The interpreter's warning filters are shared by all threads: read headers in one thread.
    """
    sentences: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield sentences
    sentences.extend(
        list(dict.fromkeys(str(warning.message)[:MAX_REASON] for warning in caught))[:MAX_ODDITIES]
    )


def looks_like_dicom(start: bytes) -> bool:
    """Judge the first bytes of a file (132 or more): the prefix, or the start of a bare dataset.

    A bare dataset must begin with an element that can come first in group 0002
    or 0008, with a value representation or a length that fits it.
    """
    if start[128:PREFIX_END] == b"DICM":
        return True
    if len(start) < PREFIX_END:
        return False
    for order in "<>":
        group, element, vr, short = struct.unpack(f"{order}HH2sH", start[:8])
        (long,) = struct.unpack(f"{order}L", start[4:8])
        if element not in _FIRST_ELEMENTS.get(group, ()):
            continue
        if vr in _FIRST_VRS and short <= MAX_FIRST_VALUE:
            return True
        if order == "<" and 0 < long <= MAX_FIRST_VALUE and long % 2 == 0:
            return True
    return False


def read_dicom_header(stream: BinaryIO) -> DicomHeader:
    """Return the header of the DICOM file in ``stream``, which is read from its start.

    Raises:
        NotDicom: when the content is something else.
        HeaderUnreadable: when the header is broken.
        LimitExceeded: when the header goes past a limit.
        OSError: when the disk fails.
    """
    limited = HeaderStream(stream)
    start = limited.read(PREFIX_END)
    if not looks_like_dicom(start):
        raise NotDicom
    with remarks() as oddities, understanding():
        dataset, meta = _parsed(limited, prefixed=start[128:] == b"DICM")
        syntax = plain_value(meta, "TransferSyntaxUID")
        media_class = plain_value(meta, "MediaStorageSOPClassUID")
    return DicomHeader(
        dataset=dataset,
        transfer_syntax=syntax,
        media_class=media_class,
        part10=start[128:] == b"DICM" and bool(syntax) and bool(media_class),
        cut_short=limited.cut_short or _has_short_value(dataset),
        oddities=tuple(oddities),
    )


@contextmanager
def understanding() -> Iterator[None]:
    """Turn what pydicom raises on bytes it cannot make sense of into failures; the disk's faults stay.

    Raises:
        HeaderUnreadable: with the reason.
    """
    try:
        yield
    except Failure:
        raise
    except RecursionError as fault:
        # pydicom descends by calling itself: Python's own limit is the limit of nesting.
        raise HeaderUnreadable(reason=mark("it is nested too deep")) from fault
    except OSError as fault:
        if fault.errno is not None:
            raise
        raise HeaderUnreadable(reason=str(fault)[:MAX_REASON]) from fault
    except _MALFORMED as fault:
        raise HeaderUnreadable(reason=(str(fault) or type(fault).__name__)[:MAX_REASON]) from fault


def _parsed(limited: HeaderStream, *, prefixed: bool) -> tuple[Dataset, Dataset]:
    source = cast("BinaryIO", limited)
    if prefixed:
        meta = read_meta_group(limited)
        if plain_value(meta, "TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
            return _inflated(source, limited), meta
    limited.seek(0)
    # The content was judged above: ``force`` only lets pydicom begin without a preamble.
    whole = read_partial(source, _stop(limited), force=not prefixed, specific_tags=TAGS)
    return whole, whole.file_meta


def read_meta_group(limited: HeaderStream) -> Dataset:
    """Return group 0002, which follows the prefix; the stream is then at the beginning of the data set."""
    limited.seek(PREFIX_END)
    return read_dataset(cast("BinaryIO", limited), False, True, stop_when=_after_meta)


def _after_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
    del vr, length
    return tag >> 16 != META_GROUP


def _inflated(source: BinaryIO, limited: HeaderStream) -> Dataset:
    """Return the dataset behind a deflated transfer syntax, inflating no more than a header may hold."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = bytearray()
    while len(plain) < MAX_INFLATED and not engine.eof and (piece := source.read(1 << 16)):
        plain += engine.decompress(piece, MAX_INFLATED - len(plain))
    inner = HeaderStream(io.BytesIO(bytes(plain)))
    dataset = read_dataset(cast("BinaryIO", inner), False, True, stop_when=_stop(inner), specific_tags=TAGS)
    limited.cut_short = inner.cut_short and len(plain) < MAX_INFLATED
    return dataset


def _stop(limited: HeaderStream) -> Callable[[BaseTag, str | None, int], bool]:
    """Tell pydicom to stop at the pixels, after seeing whether the file is long enough for them."""

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr
        if tag in PIXELS and length != UNDEFINED:
            limited.must_reach(limited.tell() + length)
        return tag in PIXELS or (tag >= PER_FRAME and length == UNDEFINED)

    return stop


def _has_short_value(dataset: Dataset) -> bool:
    elements = [dataset.get_item(tag, keep_deferred=True) for tag in list(dataset.keys())]
    return any(
        isinstance(element, RawDataElement)
        and element.length != UNDEFINED
        and len(element.value or b"") < element.length
        for element in elements
    )
