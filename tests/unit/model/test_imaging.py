"""A crop has four numbers and a window two, or none."""

from __future__ import annotations

from typing import Any

import pytest

from formats.errors import InconsistentDossier
from formats.model.imaging import ImageFile, ImageKind, consistent_image

IMAGE: dict[str, Any] = {"id": "i", "patient": "a", "image": ImageKind.PHOTOGRAPH}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("crop", (1, 2, 3)), ("crop", (1, 2, 3, 4, 5)), ("window", (1,)), ("window", (1, 2, 3))],
)
def test_numbers_that_show_nothing_cannot_be_held(name: str, numbers: tuple[int, ...]) -> None:
    with pytest.raises(InconsistentDossier, match="image_files/i"):
        ImageFile(**IMAGE, **{name: numbers})
    assert consistent_image(IMAGE | {name: numbers}) == IMAGE | {name: ()}


@pytest.mark.parametrize(("crop", "window"), [((), ()), ((8, 4, 140, 70), (10, 240))])
def test_whole_ones_stay(crop: tuple[int, ...], window: tuple[int, ...]) -> None:
    found = IMAGE | {"crop": crop, "window": window}
    made = ImageFile(**consistent_image(found))
    assert (made.crop, made.window) == (crop, window)
