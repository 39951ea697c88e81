"""Turns and mirrors of a picture as one transformation, and where the patient's sides then lie (PS3.3, C.10.6).

Radiographs are shown as they are mounted, seen from in front of the patient: the patient's right is at the left, and
of the teeth of one side those towards the midline are at the other. So was the picture as the practice showed it.
"""

from __future__ import annotations

from dataclasses import dataclass

from formats.dicom.objects.teeth import LEFT, RIGHT
from formats.model.imaging import ImageFile

QUARTER, WHOLE = 90, 360
ORIENTATIONS = {
    2: (0, True), 3: (180, False), 4: (180, True), 5: (90, True), 6: (90, False), 7: (270, True), 8: (270, False),
}  # fmt: skip
"""Turn clockwise, and whether a mirror follows it, by the value of the EXIF tag Orientation (TIFF 6.0, p. 36)."""
_ACROSS = {RIGHT: "A", LEFT: "P"}
"""Where the right of a mounted picture of one side lies: anterior or posterior."""
_OPPOSITE = {"A": "P", "P": "A", "L": "R", "R": "L", "H": "F", "F": "H"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Transformation:
    """A turn clockwise in degrees, then, where ``flipped``, a mirror of left and right."""

    rotation: int = 0
    flipped: bool = False

    def then(self, other: Transformation) -> Transformation:
        """Return this transformation and ``other`` after it, as one."""
        turn = -other.rotation if self.flipped else other.rotation
        return Transformation(
            rotation=(self.rotation + turn) % WHOLE, flipped=self.flipped is not other.flipped
        )

    def place(self, x: int, y: int, size: tuple[int, int]) -> tuple[int, int]:
        """Return where the pixel at ``x`` and ``y`` of a picture of ``size`` is shown."""
        width, height = size
        for _ in range(self.rotation // QUARTER):
            x, y, width, height = height - 1 - y, x, height, width
        return (width - 1 - x if self.flipped else x), y


def transformation_of(orientation: int, image: ImageFile) -> Transformation:
    """Return how a picture is shown: as its camera says, then mirrored and turned as its viewer says."""
    rotation, flipped = ORIENTATIONS.get(orientation, (0, False))
    shown = Transformation(rotation=rotation, flipped=flipped)
    shown = shown.then(Transformation(flipped=image.flipped))
    turn = image.rotation % WHOLE
    return shown if turn % QUARTER else shown.then(Transformation(rotation=turn))


def patient_orientation(laterality: str, shown: Transformation) -> list[str]:
    """Return where rows and columns of the pixels lead in the patient (PS3.3, C.7.6.1.1.1).

    ``shown`` is how they are turned to be mounted.
    """
    right, down = _ACROSS.get(laterality, "L"), "F"
    origin = shown.place(0, 0, (1, 1))
    letters = []
    for step in ((1, 0), (0, 1)):
        x, y = (there - here for there, here in zip(shown.place(*step, (1, 1)), origin, strict=True))
        letter = right if x else down
        letters.append(letter if x + y > 0 else _OPPOSITE[letter])
    return letters
