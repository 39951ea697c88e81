"""The samples of a PNG file (ISO/IEC 15948), decoded without loss and row by row, for a form that has no deflate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image

from formats.contents.exif import ORIENTATION, UPRIGHT
from formats.contents.picture import DECODER_FAULTS
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_SAMPLE_BYTES = 192 << 20
"""Bytes of the samples of one picture, all of which the decoder holds: a photograph of 64 million pixels."""
ROW_BYTES = 1 << 20
"""Bytes of rows given at a time."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, COLOUR, PALETTE = 0, 2, 3
"""Colour types without an alpha channel (11.2.1)."""
_OPAQUE = (255, 255)


class PngUnfit(FormatFailure):
    """A PNG file that is none, is damaged, or would lose something."""

    code = "png-unfit"
    sentence = mark("This PNG file cannot be taken as it is: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class PngSamples:
    """Samples by row: ``channels`` is 1 (grey) or 3 (red, green, blue), ``bits`` 8 or 16 (little endian).

    ``density`` is in dots a millimetre, 0 where none is stated; ``orientation`` as EXIF has it, 1 for upright.
    """

    width: int
    height: int
    channels: int
    bits: int
    density: float
    orientation: int

    @property
    def size(self) -> int:
        """Bytes of all samples."""
        return self.width * self.height * self.channels * self.bits // 8


def read_png_samples(stream: BinaryIO) -> PngSamples:
    """Return what the samples of the PNG in ``stream`` are, all of which were decoded.

    Raises:
        PngUnfit: when it is none, is damaged, or has transparent parts or colours of 16 bits.
        LimitExceeded: when its samples are longer than is decoded.
    """
    with _image(stream) as (samples, _):
        return samples


def png_rows(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the samples of the PNG in ``stream``, whole rows at a time; otherwise as ``read_png_samples``."""
    with _image(stream) as (samples, image):
        step = max(ROW_BYTES // (samples.size // samples.height), 1)
        for top in range(0, samples.height, step):
            bottom = min(top + step, samples.height)
            yield image.crop((0, top, samples.width, bottom)).tobytes()


@contextmanager
def _image(stream: BinaryIO) -> Iterator[tuple[PngSamples, Image.Image]]:
    start = stream.read(26)
    if len(start) < 26 or start[:8] != SIGNATURE or start[12:16] != b"IHDR":
        raise PngUnfit(reason=mark("it does not begin as one"))
    depth, kind = start[24], start[25]
    width, height = int.from_bytes(start[16:20], "big"), int.from_bytes(start[20:24], "big")
    bits = 16 if depth == 16 else 8
    channels = 1 if kind in {GREY, 4} else 3
    size = width * height * channels * bits // 8
    if size > MAX_SAMPLE_BYTES:
        raise LimitExceeded(
            name=mark("the length of the pixels in bytes"), found=size, limit=MAX_SAMPLE_BYTES
        )
    if not size:
        raise PngUnfit(reason=mark("it has no size"))
    if bits == 16 and kind != GREY:
        raise PngUnfit(reason=mark("its colours have 16 bits, of which the decoder gives 8"))
    stream.seek(0)
    try:
        with Image.open(stream, formats=("PNG",)) as opened:
            if getattr(opened, "n_frames", 1) > 1:
                raise PngUnfit(reason=mark("it has several pictures"))
            opened.load()
            samples = PngSamples(
                width=width,
                height=height,
                channels=channels,
                bits=bits,
                density=_density(opened),
                orientation=int(opened.getexif().get(ORIENTATION, UPRIGHT)),
            )
            plain = _plain(opened, channels, bits)
    except DECODER_FAULTS as fault:
        raise PngUnfit(reason=mark("it is damaged")) from fault
    with plain:
        yield samples, plain


def _plain(image: Image.Image, channels: int, bits: int) -> Image.Image:
    """Return ``image`` in grey or RGB; an alpha channel that hides nothing is left out."""
    if "transparency" in image.info or image.mode in {"LA", "RGBA", "PA"}:
        alpha = (image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")).getchannel("A")
        if alpha.getextrema() != _OPAQUE:
            raise PngUnfit(reason=mark("it has transparent parts"))
    mode = "I;16" if bits == 16 else "L" if channels == 1 else "RGB"
    return image if image.mode == mode else image.convert(mode)  # a copy would be as long again


def _density(image: Image.Image) -> float:
    """Return the physical pixel dimensions (pHYs, 11.3.4.3) in dots a millimetre."""
    across, down = cast("tuple[float, float]", image.info.get("dpi", (0.0, 0.0)))
    return across / 25.4 if across == down else 0.0
