"""How a practice showed a picture, as a softcopy presentation state (PS3.3, A.33): crop, turn, mirror, window.

Turns and mirrors of the camera (EXIF) and of the viewer are one transformation: a turn, then a mirror. A colour
presentation state has no window, and neither has a turn by other than quarters.
"""

from __future__ import annotations

from pydicom import uid as sop
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.dicom.objects.colours import srgb_profile
from formats.dicom.objects.context import SeriesKind, begin_object
from formats.dicom.objects.instance import MadeInstance, make_instance
from formats.dicom.objects.pictures import PictureInstance
from formats.dicom.objects.texts import date_value
from formats.dicom.objects.transformation import QUARTER, Transformation, transformation_of
from formats.dicom.records import UNKNOWN_DAY
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile

GREY = SeriesKind(sop_class=sop.GrayscaleSoftcopyPresentationStateStorage, modality="PR", number=8)
COLOUR = SeriesKind(sop_class=sop.ColorSoftcopyPresentationStateStorage, modality="PR", number=9)


def unrepresentable(image: ImageFile, picture: PictureInstance) -> tuple[str, ...]:
    """Return the fields of ``image`` that no presentation state of ``picture`` can say."""
    return (
        *(("rotation",) if image.rotation % QUARTER else ()),
        *(("window",) if image.window and not picture.grey else ()),
        *(("crop",) if image.crop and _area(image, picture) is None else ()),
    )


def make_presentation(dossier: Dossier, image: ImageFile, picture: PictureInstance) -> MadeInstance | None:
    """Return how ``picture`` was shown; ``None`` where it is shown as it is."""
    shown = transformation_of(picture.orientation, image)
    area = _area(image, picture)
    window = image.window if picture.grey and image.window else ()
    if shown == Transformation() and area is None and not window:
        return None
    dataset = begin_object(dossier, GREY if picture.grey else COLOUR, image.taken_at, image.practitioner)
    dataset.Laterality = ""
    dataset.PresentationCreationDate = date_value(image.taken_at) or UNKNOWN_DAY
    dataset.PresentationCreationTime = "000000"
    dataset.ContentLabel, dataset.ContentDescription, dataset.ContentCreatorName = "AS_SHOWN", "", ""
    dataset.ReferencedSeriesSequence = Sequence([_referenced_series(picture.instance)])
    dataset.DisplayedAreaSelectionSequence = Sequence([_displayed(picture, shown, area)])
    if shown != Transformation():
        dataset.ImageRotation = shown.rotation
        dataset.ImageHorizontalFlip = "Y" if shown.flipped else "N"
    if picture.grey:
        dataset.PresentationLUTShape = "IDENTITY"
    else:
        dataset.ICCProfile = srgb_profile()
    if window:
        lowest, highest = sorted(window)
        item = Dataset()
        item.WindowCenter, item.WindowWidth = f"{(lowest + highest + 1) / 2:g}", str(highest - lowest + 1)
        dataset.SoftcopyVOILUTSequence = Sequence([item])
    return make_instance(dataset, record=picture.instance.record)


def _area(image: ImageFile, picture: PictureInstance) -> tuple[int, int, int, int] | None:
    """Return the first and last pixel that is shown, from 0; ``None`` for all of them, or none."""
    if not image.crop:
        return None
    x, y, width, height = image.crop
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, picture.width) - 1, min(y + height, picture.height) - 1
    return (left, top, right, bottom) if left <= right and top <= bottom else None


def _displayed(
    picture: PictureInstance, shown: Transformation, area: tuple[int, int, int, int] | None
) -> Dataset:
    """Return the displayed area: the pixels that come to lie at the upper left and lower right (PS3.3, C.10.4)."""
    left, top, right, bottom = area or (0, 0, picture.width - 1, picture.height - 1)
    corners = [(x, y) for x in (left, right) for y in (top, bottom)]
    size = (picture.width, picture.height)
    by_place = sorted(corners, key=lambda corner: sum(shown.place(corner[0], corner[1], size)))
    item = Dataset()
    item.DisplayedAreaTopLeftHandCorner = [one + 1 for one in by_place[0]]
    item.DisplayedAreaBottomRightHandCorner = [one + 1 for one in by_place[-1]]
    item.PresentationSizeMode = "SCALE TO FIT"
    item.PresentationPixelAspectRatio = [1, 1]
    return item


def _referenced_series(instance: MadeInstance) -> Dataset:
    series, image = Dataset(), Dataset()
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = instance.sop_class, instance.instance_uid
    series.SeriesInstanceUID = instance.series_uid
    series.ReferencedImageSequence = Sequence([image])
    return series
