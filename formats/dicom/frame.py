"""The middle frame of a DICOM instance, decoded, with the window that it is to be shown in (PS3.3 §C.7.6.3, §C.11)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array

from formats.contents.preview_picture import MAX_DECODED_PIXELS, FrameValues
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_NUMBER = 1e12
"""A level or a width of a window beyond this is none."""
DECODED_SYNTAXES = frozenset(
    {
        "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
        "1.2.840.10008.1.2.5",
    }
)  # fmt: skip
"""Transfer syntaxes that are decoded: uncompressed, deflated, JPEG baseline and extended, JPEG 2000, RLE."""


class FrameUnknown(Exception):
    """An instance without pixels, or with pixels in a form that is not decoded here."""


def middle_frame(stream: BinaryIO) -> FrameValues:
    """Return the middle frame of the instance in ``stream``, which can seek.

    What pydicom raises of damaged files passes: whoever calls has a process for that.

    Raises:
        FrameUnknown: when it has no pixels that are decoded.
        FormatFailure: when it says of nothing what it is.
        LimitExceeded: for more pixels than are.
    """
    header = dcmread(stream, stop_before_pixels=True, force=True)
    if "SOPClassUID" not in header:
        raise FormatFailure(format="DICOM")
    syntax = str(header.file_meta.get("TransferSyntaxUID", "1.2.840.10008.1.2"))
    rows, columns = header.get("Rows"), header.get("Columns")
    if not rows or not columns or syntax not in DECODED_SYNTAXES:
        raise FrameUnknown
    if rows * columns > MAX_DECODED_PIXELS:
        name = mark("the number of pixels")
        raise LimitExceeded(name=name, found=rows * columns, limit=MAX_DECODED_PIXELS)
    frames = int(header.get("NumberOfFrames") or 1)
    stream.seek(0, io.SEEK_SET)
    values = pixel_array(stream, index=max(frames, 1) // 2 if frames > 1 else 0)
    kind = str(header.get("PhotometricInterpretation", ""))
    if kind == "PALETTE COLOR":
        table = apply_color_lut(values, header)
        step = 8 if table.dtype.itemsize == 2 else 0
        return _colour((table >> step).astype("uint8"))
    if values.ndim == 3:
        return _colour(values.astype("uint8"))
    return FrameValues(
        data=values.astype("<f4").tobytes(),
        width=values.shape[1],
        height=values.shape[0],
        window=_window(header),
        inverted=kind == "MONOCHROME1",
    )


def _colour(values: Any) -> FrameValues:
    data = values[:, :, :3].tobytes()
    return FrameValues(data=data, width=values.shape[1], height=values.shape[0], colour=True)


def _window(header: Dataset) -> tuple[float, float] | None:
    """Return the lowest and highest stored value of the first window (PS3.3 §C.11.2.1.2), without the rescaling."""
    center, width = _first(header, "WindowCenter"), _first(header, "WindowWidth")
    slope, intercept = _first(header, "RescaleSlope"), _first(header, "RescaleIntercept") or 0.0
    if center is None or width is None or width < 1:
        return None
    slope = slope or 1.0
    ends = sorted((center + side * width / 2 - intercept) / slope for side in (-1, 1))
    return ends[0], ends[1]


def _first(header: Dataset, keyword: str) -> float | None:
    """Return the first number under ``keyword``, at the top or in the groups that all frames share."""
    for place in _places(header):
        value = place.get(keyword)
        if value is not None and not isinstance(value, str):
            values = [value] if isinstance(value, int | float) else list(value)
            if values and abs(float(values[0])) < MAX_NUMBER:
                return float(values[0])
    return None


def _places(header: Dataset) -> Iterator[Dataset]:
    yield header
    for shared in header.get("SharedFunctionalGroupsSequence") or ():
        for name in ("FrameVOILUTSequence", "PixelValueTransformationSequence"):
            yield from shared.get(name) or ()
