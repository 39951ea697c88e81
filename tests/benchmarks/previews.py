"""Cost of previews: ``python -m tests.benchmarks.previews [FOLDER] [--dossiers N]``.

Dossiers with eight radiographs each (two thirds JPEG, one third PNG, one in eight a panoramic of 4,000,000 pixels)
are made; each preview is made by itself, and the practice is exported twice: with previews to be made, and with those
that lie in the store. Of the process that makes previews the seconds are counted by themselves.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import resource
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from archiver.practice.previews import FOLDER
from archiver.practice.store import open_store
from formats.contents.view import PictureView
from formats.model.documents import Attachment
from formats.model.identity import Sex, Traits
from formats.model.imaging import ImageFile, ImageKind
from formats.model.people import Patient, Practice
from formats.model.record import practice_namespace, record_id
from formats.previews.maker import PreviewMaker
from formats.previews.preview import Preview
from formats.reading import FileBody
from tests.benchmarks.contenders import PROGRAM, Contender

SPACE = practice_namespace("previews")
PICTURES = 8
"""Radiographs of a dossier."""


def radiograph(number: int) -> FileBody:
    """Return a picture that is smooth with noise, as a radiograph is."""
    size = (2880, 1450) if number % PICTURES == 0 else (1300, 1000)
    smooth = Image.effect_noise((size[0] // 16, size[1] // 16), 120).resize(size, Image.Resampling.BICUBIC)
    image = Image.blend(smooth, Image.effect_noise(size, 12), 0.3).convert("L")
    kind = "JPEG" if number % 3 else "PNG"
    target = io.BytesIO()
    image.save(target, kind, quality=90)
    data = target.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    attachment = Attachment(sha256=digest, size=len(data), media_type=f"image/{kind.lower()}")
    return FileBody(attachment=attachment, open=lambda: io.BytesIO(data))


def fill(path: Path, dossiers: int) -> list[Attachment]:
    """Make the practice store at ``path``; return its files."""
    files = []
    with open_store(path, create=True) as store, store.changing():
        practice = Practice(id=record_id(SPACE, "practices", "1"), name="Benchmark", time_zone="Europe/Paris")
        store.put(practice)
        for number in range(dossiers):
            patient = record_id(SPACE, "patients", str(number))
            traits = Traits(birth_family_name=f"EXEMPLE{number}", birth_given_names=("Anne",), sex=Sex.FEMALE)
            store.put(Patient(id=patient, practice=practice.id, traits=traits))
            for place in range(PICTURES):
                body = radiograph(number * PICTURES + place)
                store.keep_file(body)
                image = ImageFile(
                    id=record_id(SPACE, "image_files", f"{number}/{place}"),
                    patient=patient,
                    image=ImageKind.RADIOGRAPH,
                    rotation=90 * (place % 4),
                    attachment=body.attachment,
                )
                store.put(image)
                files.append(body.attachment)
    return files


def made_alone(folder: Path, files: list[Attachment]) -> None:
    """Make every preview, and print what it took."""
    size = 0
    with PreviewMaker() as maker:
        for one in files:
            with (folder / one.sha256[:2] / one.sha256).open("rb") as stream:
                preview = maker.make(stream, one, PictureView())
            assert isinstance(preview, Preview)
            size += len(preview.data)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = (used.ru_utime + used.ru_stime) / len(files) * 1000
    print(f"{len(files)} previews: {cost:.1f} ms of CPU each, {size // len(files)} bytes each")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--dossiers", type=int, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        files = fill(folder / "practice.db", chosen.dossiers)
        made_alone(folder / "practice.files", files)
        new = [PROGRAM, "keys", "new", "keys", "--name", "Benchmark", "--no-passphrase"]
        subprocess.run(new, cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True)
        sealing = ("--to", "keys/receiver.recipient", "--signer", "keys/signer.p12", "--sender", "Benchmark")
        for name in ("first", "again"):
            command = (PROGRAM, "export", "practice.db", f"{name}.asice", "--all", *sealing)
            export = Contender(name=name, group="previews", command=command)
            export.run(folder)
            lying = sum(one.is_file() for one in (folder / "practice.files" / FOLDER).rglob("*"))
            cost = f"{export.cpu[0]:.2f} CPU s, {export.memory / 1024:.0f} MiB"
            print(f"export, {name}: {cost}, {lying} previews lie there")


if __name__ == "__main__":
    main()
