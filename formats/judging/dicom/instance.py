"""A DICOM file judged by itself: read without its pixels, within the limits of any header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

from pydicom.dataset import Dataset
from pydicom.filereader import read_partial
from pydicom.tag import BaseTag
from pydicom.uid import UID

from formats.dicom.attributes import VALUE_FAULTS, plain_value, tag_of
from formats.dicom.header import MAX_REASON, PIXELS, PREFIX_END, UNDEFINED, remarks, understanding
from formats.dicom.stream import HeaderStream
from formats.errors import Failure
from formats.judging.dicom.rules import ATTRIBUTE_RULES, INSTANCE_RULES
from formats.judging.judgement import UNREADABLE, Judging

TYPE_1 = ("StudyInstanceUID", "SeriesInstanceUID", "Modality", "SOPClassUID", "SOPInstanceUID")
TYPE_2 = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"),
    *("AccessionNumber", "ReferringPhysicianName", "StudyID", "SeriesNumber"),
)
PIXEL_ATTRIBUTES = (
    *("Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("SamplesPerPixel", "PhotometricInterpretation"),
)
MODALITIES: Mapping[str, frozenset[str]] = {
    "1.2.840.10008.5.1.4.1.1.1.3": frozenset({"IO"}),
    "1.2.840.10008.5.1.4.1.1.1.3.1": frozenset({"IO"}),
    "1.2.840.10008.5.1.4.1.1.1.1": frozenset({"DX", "PX"}),
    "1.2.840.10008.5.1.4.1.1.1.1.1": frozenset({"DX", "PX"}),
    "1.2.840.10008.5.1.4.1.1.2": frozenset({"CT"}),
    "1.2.840.10008.5.1.4.1.1.2.1": frozenset({"CT"}),
    "1.2.840.10008.5.1.4.1.1.4": frozenset({"MR"}),
    "1.2.840.10008.5.1.4.1.1.77.1.4": frozenset({"XC"}),
    "1.2.840.10008.5.1.4.1.1.104.1": frozenset({"DOC"}),
    "1.2.840.10008.5.1.4.1.1.104.3": frozenset({"M3D"}),
}
"""Modality of dental and common SOP classes (PS3.3, C.7.3.1.1.1 and the modules of the IODs)."""
DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
UNCOMPRESSED = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"})
DEFLATED = "1.2.840.10008.1.2.1.99"
_UID = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+", re.ASCII)
_DATE = re.compile(r"(?:\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?", re.ASCII)
_META = (0x0002_0001, 0x0002_0002, 0x0002_0003, 0x0002_0010, 0x0002_0012)
_MAX_UID = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedInstance:
    """What a directory says too of a file."""

    sop_class: str
    sop_instance: str
    transfer_syntax: str
    is_directory: bool


def judge_instance(stream: BinaryIO, where: str, judging: Judging) -> JudgedInstance | None:
    """Judge the DICOM file in ``stream``; return nothing where it is none, or cannot be read."""
    after = [one for one in (*INSTANCE_RULES, *ATTRIBUTE_RULES) if one not in {"dicom-file", "dicom-iod"}]
    limited = HeaderStream(stream)
    pixels: list[int] = []

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr
        if tag in PIXELS:
            pixels.append(length)
            if length != UNDEFINED:
                limited.must_reach(limited.tell() + length)
        return tag in PIXELS

    try:
        head = limited.read(PREFIX_END)
        if not judging.check("dicom-file", head[128:] == b"DICM", where):
            judging.leave(after, UNREADABLE)
            return None
        limited.seek(0)
        with remarks(), understanding():
            whole = read_partial(cast("BinaryIO", limited), stop)
            found = _judge(whole, pixels, where, judging, whole_file=not limited.cut_short)
    except (Failure, OSError) as fault:
        judging.check(
            "dicom-file", False, where, fault if isinstance(fault, Failure) else str(fault)[:MAX_REASON]
        )
        judging.leave(after, UNREADABLE)
        return None
    return found


def _judge(
    whole: Dataset, pixels: list[int], where: str, judging: Judging, *, whole_file: bool
) -> JudgedInstance:
    meta = whole.file_meta
    missing = [f"({one >> 16:04X},{one & 0xFFFF:04X})" for one in _META if one not in meta]
    judging.check("dicom-meta", not missing, where, " ".join(missing))
    judging.check("dicom-whole", whole_file, where)
    media_class, media_instance, syntax = (
        plain_value(meta, name)
        for name in ("MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID", "TransferSyntaxUID")
    )
    judging.check("dicom-syntax", _named(syntax, "Transfer Syntax"), where, syntax)
    judging.check("dicom-class", _named(media_class, "SOP Class", "Media Storage"), where, media_class)
    found = JudgedInstance(
        sop_class=media_class,
        sop_instance=media_instance,
        transfer_syntax=syntax,
        is_directory=media_class == DIRECTORY_CLASS,
    )
    if found.is_directory or syntax == DEFLATED:
        if not found.is_directory:  # what follows is of images, and of no directory
            judging.leave((*ATTRIBUTE_RULES.keys() - {"dicom-iod"}, "dicom-meta-agrees"), UNREADABLE)
        judging.check("dicom-uids", _all_uids([media_class, media_instance, syntax]), where)
        return found
    values = {name: plain_value(whole, name) for name in (*TYPE_1, *TYPE_2, *PIXEL_ATTRIBUTES)}
    same = (media_class, media_instance) == (values["SOPClassUID"], values["SOPInstanceUID"])
    judging.check("dicom-meta-agrees", same, where, f"{media_instance} ≠ {values['SOPInstanceUID']}")
    uids = [media_class, media_instance, syntax, *(values[name] for name in TYPE_1 if name != "Modality")]
    judging.check("dicom-uids", _all_uids(uids), where, next((one for one in uids if not _is_uid(one)), ""))
    _judge_attributes(whole, values, where, judging)
    if "Rows" in whole or pixels:
        _judge_pixels(whole, pixels, syntax, where, judging)
    return found


def _named(uid: str, *kinds: str) -> bool:
    return any(kind in UID(uid).type for kind in kinds) if _is_uid(uid) else False


def _is_uid(text: str) -> bool:
    return len(text) <= _MAX_UID and bool(_UID.fullmatch(text))


def _all_uids(uids: list[str]) -> bool:
    return all(_is_uid(one) for one in uids if one)


def _judge_attributes(whole: Dataset, values: Mapping[str, str], where: str, judging: Judging) -> None:
    empty = [name for name in TYPE_1 if not values[name]]
    judging.check("dicom-identity", not empty, where, " ".join(empty))
    missing = [name for name in TYPE_2 if tag_of(name) not in whole]
    judging.check("dicom-type-2", not missing, where, " ".join(missing))
    expected = MODALITIES.get(values["SOPClassUID"])
    if expected is not None:
        judging.check("dicom-modality", values["Modality"] in expected, where, values["Modality"])
    dates = [values[name] for name in ("PatientBirthDate", "StudyDate")]
    holds = values["PatientSex"] in {"", "M", "F", "O"} and all(map(_DATE.fullmatch, dates))
    judging.check("dicom-sex-date", holds, where, " ".join([values["PatientSex"], *dates]))
    raw = whole.get_item(tag_of("PatientName"), keep_deferred=True) if "PatientName" in whole else None
    name = raw.value if raw is not None and isinstance(raw.value, bytes) else b""
    declared = bool(plain_value(whole, "SpecificCharacterSet"))
    judging.check("dicom-character-set", name.isascii() or declared, where)


def _judge_pixels(whole: Dataset, pixels: list[int], syntax: str, where: str, judging: Judging) -> None:
    missing = [name for name in PIXEL_ATTRIBUTES if name not in whole or not str(whole.get(name, "")).strip()]
    if not judging.check("dicom-image", not missing and pixels, where, " ".join(missing) or "PixelData"):
        judging.leave(("dicom-pixels", "dicom-pixel-length"), UNREADABLE)
        return
    try:
        rows, columns, allocated, stored, high, _, samples = (
            int(whole.get(name)) for name in PIXEL_ATTRIBUTES[:7]
        )
        frames = int(whole.get("NumberOfFrames") or 1)
    except VALUE_FAULTS:
        judging.check("dicom-pixels", False, where)
        judging.leave(("dicom-pixel-length",), UNREADABLE)
        return
    holds = 0 < stored <= allocated and high == stored - 1 and samples in {1, 3}
    holds = holds and (samples == 1 or "PlanarConfiguration" in whole)
    judging.check("dicom-pixels", holds, where, f"{allocated}/{stored}/{high} × {samples}")
    if syntax in UNCOMPRESSED and pixels[0] != UNDEFINED:
        bits = rows * columns * samples * frames * allocated
        if "422" in str(whole.get("PhotometricInterpretation", "")):
            bits = bits * 2 // 3
        length = (bits + 7) // 8
        expected = length + length % 2
        judging.check("dicom-pixel-length", pixels[0] == expected, where, f"{pixels[0]} ≠ {expected}")
