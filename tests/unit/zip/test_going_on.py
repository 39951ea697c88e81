"""An archive that was left in its midst and goes on is the one that was written at once."""

from __future__ import annotations

import io
import os
import zipfile

from formats.zip.archive import ZipArchive
from formats.zip.headers import local_header_length
from formats.zip.writer import HEAD, ZipStream
from tests.unit.pdlgc.bodies import WRITTEN_AT

BODIES = {"A": b"short", "B": os.urandom(HEAD * 2), "C": b"z" * (HEAD * 2), "D": b"the end"}


def test_it_goes_on_behind_what_is_whole() -> None:
    whole = io.BytesIO()
    stream = ZipStream(whole, when=WRITTEN_AT)
    earlier = []
    for name, body in BODIES.items():
        stream.add(name, [body])
        earlier.append(stream.last)
    length = stream.finish()
    for count in range(len(BODIES) + 1):
        before = earlier[:count]
        end = before[-1].end if before else 0
        target = io.BytesIO(whole.getvalue()[:end])
        target.seek(end)
        again = ZipStream(target, when=WRITTEN_AT, earlier=before)
        for name, body in [*BODIES.items()][count:]:
            again.add(name, [body])
        assert again.finish() == length and target.getvalue() == whole.getvalue()


def test_what_is_stored_lies_there_byte_for_byte() -> None:
    target = io.BytesIO()
    stream = ZipStream(target, when=WRITTEN_AT)
    places = {}
    for name, body in BODIES.items():
        member = stream.begin(name, stored=True)
        member.write(body)
        member.end()
        places[name] = stream.last
    stream.finish()
    for name, body in BODIES.items():
        start = places[name].offset + local_header_length(1, zip64=False)
        assert target.getvalue()[start : start + len(body)] == body
    with zipfile.ZipFile(target) as found:
        assert {one.compress_type for one in found.infolist()} == {zipfile.ZIP_STORED}
        assert found.testzip() is None
    strict = ZipArchive(target)
    assert {name: strict.read(name, limit=1 << 30) for name in BODIES} == BODIES
