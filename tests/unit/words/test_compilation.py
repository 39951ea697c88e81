"""Catalogues are compiled by whatever installs or packs the project, as Babel compiles them, and are in it."""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from gettext import GNUTranslations
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from formats.words import translate

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = ["archiver/locale/fr/LC_MESSAGES/archiver.mo", "formats/locale/fr/LC_MESSAGES/archiver.mo"]
PARTS = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "archiver", "formats")
SENTENCE = "This file is not DICOM."
HARD = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

#: a/b.py
#, python-brace-format
msgid ""
"One \"word\", a tab\t"
"and a \\."
msgstr "Un « mot »,\n"
"deux lignes."

msgid "{count} dossier"
msgid_plural "{count} dossiers"
msgstr[0] "{count} dossier"
msgstr[1] "{count} dossiers"

msgid "not yet"
msgstr ""
"""


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The ``setup.py`` of the project."""
    spec = importlib.util.spec_from_file_location("setup", ROOT / "setup.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone holds of what is packed; a catalogue is compiled nowhere in it."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def catalogue(compiled: bytes) -> dict[object, str]:
    """What gettext reads, without the header, where Babel names itself and the day."""
    found: dict[object, str] = GNUTranslations(io.BytesIO(compiled))._catalog
    del found[""]
    return found


@pytest.mark.parametrize("text", [None, *CATALOGUES], ids=["escapes", "archiver", "formats"])
def test_a_catalogue_says_what_babel_reads(build: ModuleType, text: str | None) -> None:
    po = (ROOT / text).with_suffix(".po").read_text(encoding="utf-8") if text else HARD
    theirs = io.BytesIO()
    write_mo(theirs, read_po(io.StringIO(po), locale="fr"))
    ours = catalogue(build.compiled(po))
    assert ours == catalogue(theirs.getvalue())
    assert len(ours) > (2 if text is None else 150)


def test_a_line_that_is_none_is_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="msgctxt"):
        build.compiled('msgctxt "a"\nmsgid "b"\nmsgstr "c"\n')


@pytest.mark.parametrize("path", CATALOGUES)
def test_what_the_program_reads_is_the_source_beside_it(build: ModuleType, path: str) -> None:
    """Else: ``make locale``, or any other target."""
    assert (ROOT / path).read_bytes() == build.compiled(
        (ROOT / path).with_suffix(".po").read_text(encoding="utf-8")
    )


@pytest.mark.slow
def test_source_distribution_wheel_and_editable_installation_have_them(clone: Path, tmp_path: Path) -> None:
    pack = "import sys; from setuptools import build_meta as b; print('made', getattr(b, sys.argv[1])(sys.argv[2]))"
    made = run("-c", pack, "build_sdist", str(tmp_path), cwd=clone).split("made ")[-1].strip()
    with tarfile.open(tmp_path / made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        options = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # since Python 3.11.4
        archive.extractall(tmp_path / "unpacked", **options)  # noqa: S202  our own, just made
    assert {*CATALOGUES, *(name.replace(".mo", ".po") for name in CATALOGUES)} <= names
    for folder in (clone, *(tmp_path / "unpacked").iterdir()):
        for path in CATALOGUES:
            (folder / path).unlink()
        made = run("-c", pack, "build_wheel", str(tmp_path), cwd=folder).split("made ")[-1].strip()
        with zipfile.ZipFile(tmp_path / made) as wheel:
            assert [name for name in sorted(wheel.namelist()) if name.endswith((".mo", ".po"))] == CATALOGUES
            (tmp_path / made).unlink()
    for path in CATALOGUES:
        (clone / path).unlink()
    installation = tmp_path / "installed"
    run(
        *("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", str(installation)),
        *("--editable", str(clone)),
        cwd=tmp_path,
    )
    assert [path for path in CATALOGUES if (clone / path).is_file()] == CATALOGUES


@pytest.mark.parametrize("stale", [False, True], ids=["missing", "stale"])
def test_the_environment_compiles_what_is_newer(clone: Path, stale: bool) -> None:
    """``.ci/environment``, where everything is installed already."""
    shutil.copytree(ROOT / ".ci", clone / ".ci")
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy2(ROOT / name, clone / name)
    virtual = clone / ".venv" / "bin"
    virtual.mkdir(parents=True)
    python = virtual / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    marks = (
        "cat requirements.lock requirements-dev.lock|locked-",
        "cat pyproject.toml requirements-dev.lock|installed-",
    )
    for files, prefix in (mark.split("|") for mark in marks):
        command = f"touch .venv/{prefix}$({files} | cksum | tr ' ' '-')"
        subprocess.run(["sh", "-euc", command], cwd=clone, check=True)
    sentence = translate(SENTENCE, "fr", "formats")
    source = clone / "formats" / "locale" / "fr" / "LC_MESSAGES" / "archiver.po"
    if stale:
        run("setup.py", "--quiet", "build_catalogues", cwd=clone)
        sentence = "Une autre phrase."
        old, new = translate(SENTENCE, "fr", "formats"), sentence
        source.write_text(source.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        compiled = source.with_suffix(".mo")
        before = source.stat().st_mtime - 60
        os.utime(compiled, (before, before))
    subprocess.run([clone / ".ci" / "environment", "dev"], check=True)
    output = run(
        "-c",
        f"from formats.words import translate; print(translate({SENTENCE!r}, 'fr', 'formats'))",
        cwd=clone,
    )
    assert output.strip() == sentence
