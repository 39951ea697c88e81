"""DICOM files of the twelve transfer syntaxes that OUVRIR.HTM decodes, of other people's making, and their pixels."""

from __future__ import annotations

import io
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_color_lut, pixel_array
from pydicom.uid import JPEG2000, JPEG2000Lossless

from tests.tools import need

Array = np.ndarray[Any, Any]

PYDICOM = (
    "MR_small_implicit.dcm",
    "MR_small.dcm",
    "CT_small.dcm",
    "MR_small_bigendian.dcm",
    "ExplVR_BigEnd.dcm",
    "image_dfl.dcm",
    "MR_small_RLE.dcm",
    "SC_rgb_rle.dcm",
    "SC_rgb_rle_16bit_2frame.dcm",
    "SC_rgb_dcmtk_+eb+cr.dcm",
    "SC_rgb_dcmtk_+eb+cy+np.dcm",
    "SC_rgb_dcmtk_+eb+cy+s2.dcm",
    "SC_rgb_dcmtk_+eb+cy+s4.dcm",
    "SC_rgb_small_odd_jpeg.dcm",
    "SC_jpeg_no_color_transform.dcm",
    "SC_rgb_jpeg_app14_dcmd.dcm",
    "examples_ybr_color.dcm",
    "JPGExtended.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "JPEGLSNearLossless_08.dcm",
    "JPEGLSNearLossless_16.dcm",
    "SC_rgb_jls_lossy_line.dcm",
    "SC_rgb_jls_lossy_sample.dcm",
    "MR_small_jp2klossless.dcm",
    "J2K_pixelrep_mismatch.dcm",
    "examples_jpeg2k.dcm",
    "JPEG2000.dcm",
    "693_J2KI.dcm",
    "SC_rgb_gdcm_KY.dcm",
    "SC_ybr_full_422_uncompressed.dcm",
    "examples_palette.dcm",
    "examples_rgb_color.dcm",
    "SC_rgb_small_odd_big_endian.dcm",
)
"""Files of pydicom's own test suite."""
DCMTK = {
    "lossless": ("dcmcjpeg", "+el"),
    "lossless-1": ("dcmcjpeg", "+e1"),
    "extended": ("dcmcjpeg", "+ee"),
    "baseline": ("dcmcjpeg", "+eb"),
    "predictor-2": ("dcmcjpeg", "+el", "+sv", "2"),
    "predictor-4": ("dcmcjpeg", "+el", "+sv", "4"),
    "predictor-5": ("dcmcjpeg", "+el", "+sv", "5"),
    "predictor-6": ("dcmcjpeg", "+el", "+sv", "6"),
    "predictor-7": ("dcmcjpeg", "+el", "+sv", "7"),
    "point": ("dcmcjpeg", "+el", "+pt", "3"),
    "jpeg-ls": ("dcmcjpls", "+el"),
    "near": ("dcmcjpls", "+en", "+md", "3"),
    "rle": ("dcmcrle",),
    "deflated": ("dcmconv", "+td"),
    "big": ("dcmconv", "+tb"),
}
"""What DCMTK makes of an uncompressed file."""
JPEG_2000: dict[str, dict[str, Any]] = {
    "plain": {},
    "tiles": {"tile_size": (37, 41)},
    "offset": {"offset": (5, 3), "tile_offset": (2, 1), "tile_size": (50, 33)},
    "precincts": {"precinct_size": (32, 32), "codeblock_size": (16, 16)},
    "layers": {"quality_layers": [40, 10, 0], "quality_mode": "rates"},
    "no levels": {"num_resolutions": 1},
    "many levels": {"num_resolutions": 7},
    "narrow": {"codeblock_size": (4, 64)},
    **{
        order: {
            "progression": order,
            "precinct_size": (64, 64),
            "quality_layers": [20, 0],
            "tile_size": (64, 64),
        }
        for order in ("LRCP", "RLCP", "RPCL", "PCRL", "CPRL")
    },
    "real": {"irreversible": True, "quality_layers": [0]},
    "real, few": {"irreversible": True, "quality_layers": [20]},
    "real, tiles": {"irreversible": True, "tile_size": (37, 41), "quality_layers": [10]},
    "boxes": {"no_jp2": False},
}
"""Ways in which OpenJPEG, through Pillow, encodes JPEG 2000."""


def gather(folder: Path) -> list[Path]:
    """Write every sample into ``folder``."""
    paths = []
    for name in PYDICOM:
        found = get_testdata_file(name)
        assert isinstance(found, str), name
        paths.append(folder / f"pydicom-{name}")
        paths[-1].write_bytes(Path(found).read_bytes())
    for original in ("MR_small.dcm", "SC_rgb_small_odd.dcm", "examples_overlay.dcm"):
        for name, (tool, *options) in DCMTK.items():
            if name in {"extended", "baseline"} and original != "examples_overlay.dcm":
                continue  # of twelve bits at most, and of eight
            target = folder / f"dcmtk-{name}-{original}"
            done = subprocess.run(
                [need(tool), *options, str(get_testdata_file(original)), target],
                capture_output=True,
                check=False,
            )
            if done.returncode == 0:
                paths.append(target)
    for name, facts in JPEG_2000.items():
        for colour in (False, True):
            paths.append(folder / f"openjpeg-{name}-{'colour' if colour else 'grey'}.dcm")
            write_jpeg_2000(paths[-1], colour=colour, **facts)
    return paths


def write_jpeg_2000(target: Path, *, colour: bool, **facts: Any) -> None:
    """Write a picture of 123 x 97 pixels, in grey of 16 bits or in colours of 8."""
    randomness = np.random.default_rng(7)
    y, x = np.mgrid[0:97, 0:123]
    if colour:
        plain = np.stack([x * 2, y * 2, (x * y) % 251], axis=-1).astype("u1")
        plain[10:60, 20:90] ^= randomness.integers(0, 32, (50, 70, 3), dtype="u1")
        image = Image.fromarray(plain)
    else:
        grey = (x * 311 + y * y * 5).astype("u2")
        grey[10:60, 20:90] ^= randomness.integers(0, 4096, (50, 70), dtype="u2")
        image = Image.fromarray(grey)
    coded = io.BytesIO()
    no_jp2 = facts.pop("no_jp2", True)
    if not colour and "codeblock_size" not in facts:
        facts["mct"] = 0
    image.save(coded, format="JPEG2000", no_jp2=no_jp2, **facts)
    dataset = pydicom.dcmread(
        str(get_testdata_file("MR_small.dcm" if not colour else "SC_rgb_small_odd.dcm"))
    )
    dataset.Rows, dataset.Columns = 97, 123
    if not colour:
        dataset.PixelRepresentation = 0
        dataset.BitsStored, dataset.HighBit = 16, 15
    irreversible = facts.get("irreversible")
    dataset.PhotometricInterpretation = (
        "MONOCHROME2" if not colour else "YBR_ICT" if irreversible else "YBR_RCT"
    )
    dataset.PixelData = encapsulate([coded.getvalue()])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEG2000 if irreversible else JPEG2000Lossless
    dataset.save_as(target)


def expected_pixels(path: Path) -> Array:
    """Return what pydicom makes of a file; what it has no decoder for here, DCMTK unpacks for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path)
        try:
            found = pixel_array(dataset)
        except (RuntimeError, ValueError):
            syntax = dataset.file_meta.TransferSyntaxUID
            plain = path.with_suffix(".plain")
            tool = "dcmdjpls" if syntax.name.startswith("JPEG-LS") else "dcmdjpeg"
            subprocess.run([need(tool), path, plain], check=True, capture_output=True)
            found = pixel_array(plain)
        if dataset.PhotometricInterpretation == "PALETTE COLOR":
            found = apply_color_lut(found, dataset)
    return (
        found >> 8
        if (dataset.SamplesPerPixel == 3 and found.dtype == np.uint16) or _is_wide_palette(dataset, found)
        else found
    )


def _is_wide_palette(dataset: pydicom.Dataset, found: Array) -> bool:
    return dataset.PhotometricInterpretation == "PALETTE COLOR" and found.dtype == np.uint16
