"""Pictures as a person looks at them: decoded within limits, upright, as a viewer showed them, small enough for a page.

The file itself is never changed. What comes out has no metadata, no transparency and no colour profile, so that a
document that may have none of them (PDF/A-1, ISO 19005-1 §6.2 and §6.4) takes it. The same file gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image, ImageChops

from formats.contents.view import PictureView
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_PIXELS = 120_000_000
"""Pixels of a picture that is decoded: 360 MB in memory; a panoramic has 4,000,000, the largest camera 100,000,000."""
MAX_FRAMES = 200
"""Pages of a scan (TIFF) that are decoded."""
QUALITY = 85
"""Quality of a JPEG: what a person sees of a radiograph is there; the original travels besides."""
LOSSLESS_BYTES = 2 << 20
"""Bytes up to which a picture that came without loss, a screenshot or a scan in black and white, stays so."""
MAX_TINT = 12
"""Levels of 255 by which the colours of a page in black and white differ: the edges of letters."""
MIDDLE = slice(48, 208)
MIDDLE_SHARE = 0.08
GREYS = 16
"""Levels between black and white, the part of a page that has them at most when it has letters and lines alone, and
how many greys are enough for their edges."""
Image.MAX_IMAGE_PIXELS = None  # ours is asked before anything is decoded, and says so in our words

_DECODERS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000")
DECODER_FAULTS = (
    OSError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)
"""What the decoders raise of damaged files, their directories above all."""
_LOSSLESS = frozenset({"PNG", "GIF", "BMP", "TIFF"})
_ORIENTATION = 0x0112
_ORIENTATIONS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE",
    8: "ROTATE_90",
}  # fmt: skip
"""What puts a picture upright, by the value of its tag Orientation (TIFF 6.0, p. 36); a TIFF comes upright already."""
_TURNS = {90: "ROTATE_270", 180: "ROTATE_180", 270: "ROTATE_90"}
"""What turns a picture by degrees clockwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecodedPicture:
    """A picture, or one page of a scan: its bytes as ``image/jpeg`` or ``image/png``, its size in pixels.

    ``original`` is the size in pixels of what it was made of.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    original: tuple[int, int]


def decode_pictures(
    stream: BinaryIO, *, most: tuple[int, int], view: PictureView | None = None
) -> Iterator[DecodedPicture]:
    """Yield the picture in ``stream``, each page of a scan, no wider and no higher than ``most`` pixels.

    Raises:
        FormatFailure: when it is no picture of ``PICTURE_TYPES``, or a damaged one.
        LimitExceeded: past the limits of this module.
    """
    try:
        with Image.open(stream, formats=_DECODERS) as image:
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if frames > MAX_FRAMES:
                raise LimitExceeded(name=mark("the number of pages"), found=frames, limit=MAX_FRAMES)
            for frame in range(frames):
                if frames > 1:
                    image.seek(frame)
                yield _decoded(image, most, view or PictureView())
    except DECODER_FAULTS as fault:
        raise FormatFailure(format=mark("a picture")) from fault


def first_picture(
    stream: BinaryIO, *, most: tuple[int, int], view: PictureView, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Return the picture in ``stream``, of several pages the first, in black and white, grey or RGB of 8 bits.

    Raises:
        FormatFailure, LimitExceeded: as ``decode_pictures``; ``max_pixels`` are those of the file.
    """
    try:
        with Image.open(stream, formats=_DECODERS) as image:
            _require_pixels(image.size, max_pixels)
            return _shown(image, most, view)
    except DECODER_FAULTS as fault:
        raise FormatFailure(format=mark("a picture")) from fault


def _require_pixels(size: tuple[int, int], limit: int) -> None:
    found = size[0] * size[1]
    if found > limit:
        raise LimitExceeded(name=mark("the number of pixels"), found=found, limit=limit)


def _decoded(image: Image.Image, most: tuple[int, int], view: PictureView) -> DecodedPicture:
    original = image.size
    _require_pixels(original, MAX_PIXELS)
    lossless = image.format in _LOSSLESS
    shown = _shown(image, most, view)
    data, media_type = _encoded(shown, lossless=lossless)
    return DecodedPicture(
        data=data, media_type=media_type, width=shown.width, height=shown.height, original=original
    )


def _shown(image: Image.Image, most: tuple[int, int], view: PictureView) -> Image.Image:
    """Return a picture that is open as a viewer showed it."""
    original = image.size
    if (
        image.format == "JPEG" and not view.crop
    ):  # decoded at a half, a quarter … of its size where that is enough
        fits = (max(original[0] / most[one], original[1] / most[1 - one]) for one in (0, 1))
        scale = max(min(fits), 1)
        image.draft(None, (int(original[0] / scale), int(original[1] / scale)))
    image.load()
    orientation = image.getexif().get(_ORIENTATION, 1)
    return _upright(_flat(_cropped(image, original, view), view), orientation, view, most)


def _cropped(image: Image.Image, original: tuple[int, int], view: PictureView) -> Image.Image:
    """Return the part that is shown, its numbers scaled as the picture is."""
    if not view.crop:
        return image
    x, y, width, height = view.crop
    across, down = image.width / original[0], image.height / original[1]
    left, top = max(int(x * across), 0), max(int(y * down), 0)
    right, bottom = min(int((x + width) * across), image.width), min(int((y + height) * down), image.height)
    return image.crop((left, top, right, bottom)) if left < right and top < bottom else image


def _flat(image: Image.Image, view: PictureView) -> Image.Image:
    """Return ``image`` in black and white, grey or RGB, of 8 bits, on white where it is transparent."""
    if image.mode in {"1", "L", "RGB"} and "transparency" not in image.info:
        return _windowed(image, view.window) if view.window and image.mode != "1" else image
    if image.mode.startswith(("I", "F")):
        return _windowed(image.convert("F"), view.window)
    if image.mode in {"LA", "PA", "RGBA", "RGBa", "La"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image.convert("RGB")


def _windowed(image: Image.Image, window: tuple[int, ...]) -> Image.Image:
    """Return grey values from the lowest to the highest of ``window`` as black to white; without one, all there are."""
    lowest, highest = cast("tuple[float, float]", window or image.getextrema())
    scale = 255 / ((highest - lowest) or 1)
    if image.mode in {"L", "RGB"}:
        levels = [min(255, max(0, round((value - lowest) * scale))) for value in range(256)]
        return image.point(levels * len(image.getbands()))
    return image.point(lambda value: value * scale - lowest * scale).convert("L")


def _upright(image: Image.Image, orientation: int, view: PictureView, most: tuple[int, int]) -> Image.Image:
    """Return ``image`` turned as its camera and then its viewer say, and no larger than ``most``."""
    turns = [Image.Transpose[_ORIENTATIONS[orientation]]] if orientation in _ORIENTATIONS else []
    turns += [Image.Transpose.FLIP_LEFT_RIGHT] if view.flipped else []
    turn = view.rotation % 360
    turns += [Image.Transpose[_TURNS[turn]]] if turn in _TURNS else []
    for one in turns:
        image = image.transpose(one)
    if turn and turn not in _TURNS:
        image = image.convert("RGB").rotate(-turn, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    if image.width > most[0] or image.height > most[1]:
        image = image.convert("L") if image.mode == "1" else image.copy()
        image.thumbnail(most, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def encoded_page(image: Image.Image) -> DecodedPicture:
    """Return a page that was drawn: letters in few greys as PNG, a third of what a JPEG of them has; else as JPEG."""
    red, green, blue = image.convert("RGB").split()
    tints = (cast("float", ImageChops.difference(red, one).getextrema()[1]) for one in (green, blue))
    shown = green if max(tints) <= MAX_TINT else image.convert("RGB")
    written = (
        shown.mode == "L" and sum(shown.histogram()[MIDDLE]) <= MIDDLE_SHARE * shown.width * shown.height
    )
    if written:
        step = 255 // (GREYS - 1)
        shown = shown.point([round(value / step) * step for value in range(256)])
    data, media_type = _encoded(
        shown, lossless=written, effort=1
    )  # whoever puts it into a PDF packs it again
    return DecodedPicture(
        data=data, media_type=media_type, width=shown.width, height=shown.height, original=image.size
    )


def _encoded(image: Image.Image, *, lossless: bool, effort: int = 6) -> tuple[bytes, str]:
    image.info.clear()  # a profile, a resolution
    target = io.BytesIO()
    if lossless:
        image.save(target, "PNG", compress_level=effort)
        if target.tell() <= LOSSLESS_BYTES:
            return target.getvalue(), "image/png"
        target = io.BytesIO()
    image = image.convert("L") if image.mode == "1" else image
    image.save(target, "JPEG", quality=QUALITY)
    return target.getvalue(), "image/jpeg"
