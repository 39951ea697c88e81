"""Scans as OUVRIR.HTM reads them: STL, PLY and OBJ in each form; what is hostile is refused in one sentence."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.browser.dossier_samples import CUBE_FACES
from tests.browser.readers import Readers, reading

VERTICES = [(x, y, z) for z in (0.0, 10.5) for y in (0.0, 10.0) for x in (-2.0, 10.0)]
CORNERS = np.array([VERTICES[one] for face in CUBE_FACES for one in face], "f4")
HOSTILE = 120

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


def stl() -> bytes:
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(n for one in face for n in VERTICES[one]), 0) for face in CUBE_FACES
    )
    return b"solid that is binary".ljust(80) + struct.pack("<I", len(CUBE_FACES)) + body


def stl_text() -> bytes:
    lines = ["solid cube"]
    for face in CUBE_FACES:
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += ["vertex {:e} {} {}".format(*VERTICES[one]) for one in face]
        lines += ["endloop", "endfacet"]
    return "\n".join([*lines, "endsolid cube"]).encode()


def ply(form: str) -> bytes:
    head = (
        f"ply\nformat {form} 1.0\ncomment made by a test\nelement vertex 8\n"
        "property float x\nproperty float y\nproperty float z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\n"
        "element face 12\nproperty list uchar int vertex_indices\nend_header\n"
    )
    if form == "ascii":
        rows = [f"{x} {y} {z} 200 100 50" for x, y, z in VERTICES] + [
            f"3 {a} {b} {c}" for a, b, c in CUBE_FACES
        ]
        return (head + "\n".join(rows) + "\n").encode()
    order = "<" if form == "binary_little_endian" else ">"
    body = b"".join(struct.pack(f"{order}3f3B", *one, 200, 100, 50) for one in VERTICES)
    return head.encode() + body + b"".join(struct.pack(f"{order}B3i", 3, *face) for face in CUBE_FACES)


def obj(*, squares: bool = False) -> bytes:
    lines = [f"v {x} {y} {z} 0.5 0.4 0.3" for x, y, z in VERTICES]
    if squares:
        lines += [
            f"f {a + 1} {b + 1} {d + 1} {c + 1}"
            for (a, b, d), (_, _, c) in zip(CUBE_FACES[::2], CUBE_FACES[1::2], strict=True)
        ]
    else:
        lines += [f"f {a + 1}/1/1 {b + 1}//2 {c - 8}" for a, b, c in CUBE_FACES]
    return ("# a cube\r\n" + "\r\n".join(lines)).encode()


SAMPLES = {
    "stl": stl(),
    "text.stl": stl_text(),
    "ascii.ply": ply("ascii"),
    "little.ply": ply("binary_little_endian"),
    "big.ply": ply("binary_big_endian"),
    "obj": obj(),
}


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    with reading(tmp_path_factory.mktemp("readers")) as readers:
        yield readers


@pytest.mark.parametrize("name", SAMPLES)
def test_each_form_has_the_same_triangles(readers: Readers, tmp_path: Path, name: str) -> None:
    path = tmp_path / "scan"
    path.write_bytes(SAMPLES[name])
    answer = readers("scan", path, name[-3:])
    assert (answer["triangles"], answer["low"], answer["high"]) == (12, [-2, 0, 0], [10, 10, 10.5])
    assert answer["coloured"] is not name.endswith("stl")
    assert np.array_equal(np.frombuffer((tmp_path / "scan.raw").read_bytes(), "f4").reshape(-1, 3), CORNERS)


def test_squares_are_two_triangles(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(obj(squares=True))
    assert readers("scan", path, "obj")["triangles"] == 12


LIES = {
    "stl": [
        stl()[:-1],
        stl()[:80] + struct.pack("<I", 2**32 - 1) + stl()[84:],
        b"",
        b"solid\nvertex 1 2 3",
        b"solid",
    ],
    "ply": [
        ply("ascii").replace(b"vertex 8", b"vertex 4000000000"),
        ply("ascii").replace(b"face 12", b"face 13"),
        ply("ascii").replace(b"3 0 2 3", b"3 0 2 9"),
        ply("ascii").replace(b"3 0 2 3", b"999999 0 2 3"),
        b"ply\n",
        ply("ascii").replace(b"float x", b"vector x"),
    ],
    "obj": [
        b"v 1 2\nf 1 2 3",
        obj().replace(b"f 1/1/1", b"f 99"),
        b"v 0 0 0\nf 1 1 0",
        b"",
        obj().replace(b"v -2.0", b"v nan"),
    ],
}


@pytest.mark.parametrize("kind", LIES)
def test_numbers_that_lie_are_refused(readers: Readers, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "scan"
    for data in LIES[kind]:
        path.write_bytes(data)
        answer = readers("scan", path, kind)
        assert answer.get("code") == "scan-unreadable", (data[:60], answer)
        assert answer["seconds"] < 2


def test_changed_bytes_are_refused_or_read(readers: Readers, tmp_path: Path) -> None:
    chance = random.Random(5)
    path = tmp_path / "scan"
    refused = 0
    for _ in range(HOSTILE):
        name = chance.choice(list(SAMPLES))
        data = bytearray(SAMPLES[name])
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data)
        answer = readers("scan", path, name[-3:])
        assert "unexpected" not in answer, answer
        refused += "code" in answer
    assert refused > HOSTILE // 5
