"""Parts of an answer: told apart wherever the pieces break, refused when they do not hold together."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from archiver.dicom_network.multipart import (
    BROKEN,
    CUT,
    MAX_PART_HEADER,
    NOT_MULTIPART,
    OTHER_LENGTH,
    AnswerParts,
    MultipartError,
    boundary_of,
)

KIND = b"Content-Type: application/dicom\r\n"


def answer(*bodies: bytes, boundary: bytes = b"b", header: bytes = KIND, before: bytes = b"") -> bytes:
    parts = b"".join(b"\r\n--%b\r\n%b\r\n%b" % (boundary, header, body) for body in bodies)
    return before + parts.removeprefix(b"" if before else b"\r\n") + b"\r\n--%b--\r\nepilogue" % boundary


def reading(data: bytes, size: int = 1 << 16) -> Callable[[int], bytes]:
    stream = io.BytesIO(data)
    return lambda count: stream.read(min(count, size))


def parts(data: bytes, size: int = 1 << 16, boundary: bytes = b"b") -> list[bytes]:
    return [b"".join(part) for part in AnswerParts(reading(data, size), boundary)]


@given(
    bodies=st.lists(st.binary(max_size=300), max_size=4),
    size=st.integers(1, 400),
    boundary=st.text("abcXYZ0123456789'()+_,-./:=?", min_size=1, max_size=70).map(str.encode),
    header=st.sampled_from([KIND, b"", b"Content-ID: <1>\r\n" + KIND]),
    before=st.sampled_from([b"", b"preamble"]),
)
def test_what_was_written_is_read(
    bodies: list[bytes], size: int, boundary: bytes, header: bytes, before: bytes
) -> None:
    if any(b"\r\n--" + boundary in b"\r\n" + body + b"\r\n" for body in bodies):
        return
    data = answer(*bodies, boundary=boundary, header=header, before=before)
    if not bodies:
        data = b"--%b--" % boundary
    assert parts(data, size, boundary) == bodies


@pytest.mark.parametrize("size", [1, 3, 17, 1 << 16])
def test_a_part_that_nobody_reads_is_passed_over(size: int) -> None:
    data = answer(b"first" * 100, b"second", b"third")
    found = list(AnswerParts(reading(data, size), b"b"))
    assert len(found) == 3
    assert [next(iter(part), b"") for part in AnswerParts(reading(data, size), b"b")][1][:1] == b"s"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", CUT),
        (b"no boundary at all", CUT),
        (b"x" * 2 * MAX_PART_HEADER, BROKEN),
        (answer(b"first")[:-15], CUT),
        (answer(b"first", b"second")[:60], CUT),
        (b"--b\r\n" + b"X: y\r\n" * MAX_PART_HEADER, BROKEN),
        (b"--b\r\nX-Endless: " + b"y" * 2 * MAX_PART_HEADER, BROKEN),
        (b"--bcd\r\n\r\nanother boundary", BROKEN),
        (b"--b" + b" " * 1000, BROKEN),
        (answer(b"first", header=b"Content-Length: 4\r\n"), OTHER_LENGTH),
        (answer(b"first", header=b"Content-Length: 99\r\n"), OTHER_LENGTH),
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 16])
def test_what_does_not_hold_together_is_refused(data: bytes, reason: str, size: int) -> None:
    with pytest.raises(MultipartError) as refused:
        parts(data, size)
    assert refused.value.args == (reason,)


def test_a_stated_length_that_is_right_is_taken() -> None:
    assert parts(answer(b"first", header=b"content-length: 5\r\n")) == [b"first"]
    assert parts(answer(b"first", header=b"Content-Length: five\r\n")) == [b"first"]


@pytest.mark.parametrize(
    ("kind", "boundary"),
    [
        ('multipart/related; type="application/dicom"; boundary=abc', b"abc"),
        ('multipart/related; boundary="a b"; type="application/dicom"', b"a b"),
        ("MULTIPART/RELATED; BOUNDARY=abc", b"abc"),
    ],
)
def test_a_boundary_is_found(kind: str, boundary: bytes) -> None:
    assert boundary_of(kind) == boundary


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/html",
        "application/dicom",
        "multipart/related",
        "multipart/related; boundary=",
        f"multipart/related; boundary={'x' * 71}",
        "multipart/mixed; boundary=abc",
        "multipart/related; boundary*=utf-8''%C3%A9",
    ],
)
def test_an_answer_without_parts_is_refused(kind: str) -> None:
    with pytest.raises(MultipartError) as refused:
        boundary_of(kind)
    assert refused.value.args == (NOT_MULTIPART,)
