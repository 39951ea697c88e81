"""Damaged pictures become no object, or one that readers take; nothing else is raised."""

from __future__ import annotations

import io

from hypothesis import given, strategies as st
from pydicom import dcmread

from formats.dicom.header import read_dicom_header
from formats.dicom.objects.instance import MadeInstance
from formats.findings import Finding
from tests.unit.dicom.pictured import Pictured, data_of, picture, stl

FILES = {
    "image/jpeg": picture("RGB", "JPEG"),
    "image/png": picture("RGB"),
    "model/stl": stl(),
}
TEXTS = st.text(max_size=80)


@given(
    media_type=st.sampled_from(sorted(FILES)),
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=4),
    end=st.integers(0, 1 << 14),
    title=TEXTS,
    note=TEXTS,
)
def test_a_damaged_file_becomes_an_object_or_is_named(
    media_type: str, changes: list[tuple[int, int]], end: int, title: str, note: str
) -> None:
    data = bytearray(FILES[media_type])
    for place, value in changes:
        data[place % len(data)] = value
    known = Pictured()
    known.add(bytes(data[: max(len(data) - end, 1)]), media_type, title=title, note=note)
    items = list(known.items())
    assert len([one for one in items if isinstance(one, MadeInstance | Finding)]) == len(items) >= 1
    for one in items:
        if isinstance(one, MadeInstance):
            written = data_of(one)
            assert len(written) == one.attachment.size
            header = read_dicom_header(io.BytesIO(written))
            assert header.part10 and not header.cut_short
            assert dcmread(io.BytesIO(written)).SOPInstanceUID == one.instance_uid
