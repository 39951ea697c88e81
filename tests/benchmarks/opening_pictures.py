"""How long OUVRIR.HTM decodes a radiograph of each encoding: ``python -m tests.benchmarks.opening_pictures [FOLDER]``.

Pictures as large as a practice's, of the same noisy gradients, encoded by Pillow (OpenJPEG) and DCMTK; decoded by the
page's own readers in Node.js, a file read and its values written in that time. The least processor time of several
runs is printed (user and system, all threads), which other programs of the machine change less than the clock's.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless

from tests.browser.readers import reading
from tests.tools import need

RUNS = 9
PANORAMIC = (1500, 2900)
SLICE = (600, 600)
"""Rows and columns."""
BITS = 12
NOISE = 24
"""Standard deviation, in steps of 4,096: what a sensor adds."""


def write_plain(target: Path, shape: tuple[int, int]) -> None:
    """Write gradients with noise, of 12 bits in 16, without compression."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    smooth = 2048 + 1200 * np.sin(x / 180) * np.cos(y / 140)
    noise = np.random.default_rng(14).normal(0, NOISE, shape)
    grey = np.clip(smooth + noise, 0, (1 << BITS) - 1).astype("<u2")
    dataset = pydicom.dcmread(str(get_testdata_file("MR_small.dcm")))
    dataset.Rows, dataset.Columns = shape
    dataset.PixelRepresentation = 0
    dataset.BitsStored, dataset.HighBit = BITS, BITS - 1
    dataset.PixelData = grey.tobytes()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(target)


def write_jpeg_2000(plain: Path, target: Path) -> None:
    """Write what ``plain`` holds as reversible JPEG 2000."""
    dataset = pydicom.dcmread(plain)
    coded = io.BytesIO()
    Image.fromarray(dataset.pixel_array).save(coded, format="JPEG2000", no_jp2=True, mct=0)
    dataset.PixelData = encapsulate([coded.getvalue()])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.save_as(target)


def pictures(folder: Path) -> dict[str, Path]:
    """Write the pictures into ``folder``."""
    panoramic, cut = folder / "panoramic.dcm", folder / "slice.dcm"
    write_plain(panoramic, PANORAMIC)
    write_plain(cut, SLICE)
    found: dict[str, Path] = {}
    for name, tool, plain in (
        ("panoramic, JPEG lossless (14 SV1)", ("dcmcjpeg", "+e1"), panoramic),
        ("panoramic, JPEG extended, 12 bits", ("dcmcjpeg", "+ee"), panoramic),
        ("panoramic, JPEG-LS", ("dcmcjpls", "+el"), panoramic),
        ("slice of a CBCT, JPEG-LS", ("dcmcjpls", "+el"), cut),
    ):
        found[name] = folder / f"{len(found)}.dcm"
        subprocess.run([need(tool[0]), *tool[1:], plain, found[name]], check=True, capture_output=True)
    for name, plain in (("panoramic, JPEG 2000", panoramic), ("slice of a CBCT, JPEG 2000", cut)):
        found[name] = folder / f"{len(found)}.dcm"
        write_jpeg_2000(plain, found[name])
    return found


def main() -> None:
    """Decode each picture several times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    with tempfile.TemporaryDirectory(dir=parser.parse_args().folder) as name:
        folder = Path(name)
        found = pictures(folder)
        with reading(folder) as readers:
            for title, path in found.items():
                answers = [readers("image", path) for _ in range(RUNS)]
                assert all("head" in one for one in answers), answers[0]
                least = min(one["processor"] for one in answers)
                print(f"{title}: {path.stat().st_size:,} bytes, {least:.3f} s")


if __name__ == "__main__":
    main()
