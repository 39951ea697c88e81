"""Pictures as small JPEG files with nothing in them besides the picture, from a file or from the values of a frame."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image, ImageOps

from formats.contents.picture import first_picture
from formats.contents.view import PictureView
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_DECODED_PIXELS = 50_000_000
"""Pixels of a picture of which a preview is made, 150 MB decoded; a camera of a practice has 24,000,000."""
QUALITIES = (72, 55, 35, 15)
"""Qualities of JPEG, the first of which is tried first: what a person recognises of a radiograph is there."""
OUTLIERS = 0.005
"""Part of the values of a frame without a window that become black, and white: air and metal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameValues:
    """Values of a frame: ``data`` has for each pixel a little-endian 32-bit float, or three bytes where in ``colour``.

    Without a ``window``, the lowest and highest value shown, nearly all there are are shown; ``inverted``: the lowest
    is white.
    """

    data: bytes
    width: int
    height: int
    colour: bool = False
    window: tuple[float, float] | None = None
    inverted: bool = False


def picture_preview(stream: BinaryIO, view: PictureView, *, side: int, most: int) -> bytes:
    """Return the picture in ``stream`` as a viewer showed it, no side over ``side`` pixels, at most ``most`` bytes.

    Raises:
        FormatFailure, LimitExceeded: as ``first_picture``; LimitExceeded too when it is not small enough.
    """
    shown = first_picture(stream, most=(side, side), view=view, max_pixels=MAX_DECODED_PIXELS)
    return _small_jpeg(shown, most)


def frame_preview(values: FrameValues, *, side: int, most: int) -> bytes:
    """Return a frame in black and white or in colour; otherwise as ``picture_preview``."""
    size = (values.width, values.height)
    if values.width * values.height * (3 if values.colour else 4) != len(values.data):
        raise FormatFailure(format=mark("a picture"))
    image = Image.frombytes("RGB" if values.colour else "F", size, values.data)
    factor = max(values.width, values.height) // (2 * side)
    if factor > 1:
        image = image.reduce(factor)
    if not values.colour:
        image = _in_window(image, values.window or _usual_values(image))
        image = ImageOps.invert(image) if values.inverted else image
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _small_jpeg(image, most)


def _usual_values(image: Image.Image) -> tuple[float, float]:
    ordered = sorted(cast("tuple[float, ...]", image.get_flattened_data()))  # of one band
    skipped = int(len(ordered) * OUTLIERS)
    return ordered[skipped], ordered[-1 - skipped]


def _in_window(image: Image.Image, window: tuple[float, float]) -> Image.Image:
    lowest, highest = window
    scale = 255 / ((highest - lowest) or 1)
    return image.point(lambda value: value * scale - lowest * scale).convert("L")


def _small_jpeg(image: Image.Image, most: int) -> bytes:
    """Return a baseline JPEG; its Huffman tables are its own, so that it is some 8 % smaller."""
    image.info.clear()  # a profile, a comment, a resolution
    shown = image if image.mode in {"L", "RGB"} else image.convert("L")
    size = 0
    for quality in QUALITIES:
        target = io.BytesIO()
        shown.save(target, "JPEG", quality=quality, optimize=True)
        size = target.tell()
        if size <= most:
            return target.getvalue()
    raise LimitExceeded(name=mark("the size of the preview in bytes"), found=size, limit=most)
