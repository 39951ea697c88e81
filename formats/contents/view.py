"""Which files are pictures, and how a viewer showed one."""

from __future__ import annotations

from dataclasses import dataclass

PICTURE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/tiff", "image/bmp", "image/gif", "image/webp", "image/jp2"}
)
"""Media types that are decoded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureView:
    """How a viewer showed a picture: the fields of ``formats.model.imaging.ImageFile``; a mirror goes before a turn."""

    crop: tuple[int, ...] = ()
    rotation: int = 0
    flipped: bool = False
    window: tuple[int, ...] = ()
