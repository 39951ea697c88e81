"""The folders in which the commands of the documentation run: the sample practice, before and after."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.docs.pages import ROOT
from tests.journeys.program import Program

PRACTICE = ROOT / "samples" / "practice"
SOURCES = ("images", "imaging", "papers", "papers.csv", "roster.csv")
"""What the sample practice has beside its tables."""


def lay_sources(tables: Path, folder: Path) -> None:
    """Put the sources of the sample practice into ``folder``; ``tables`` is where its tables were built."""
    for name in ("tilleuls.sqlite", "pressoir.sqlite"):
        shutil.copy2(tables / name, folder)
    for name in SOURCES:
        path = PRACTICE / name
        shutil.copytree(path, folder / name) if path.is_dir() else shutil.copy2(path, folder)


def lay_results(demo: Path, folder: Path, *names: str) -> None:
    """Put results of the demonstration into ``folder``."""
    for name in names:
        path = demo / name
        shutil.copytree(path, folder / name) if path.is_dir() else shutil.copy2(path, folder)


def lay_years(demo: Path, folder: Path) -> None:
    """Put the whole practice of the demonstration into ``folder``, in a volume for each year."""
    lay_results(demo, folder, "practice.db", "practice.files", "kerbrat", "pressoir")
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12", "--by-retention-year")
    Program(folder=folder)("export", "practice.db", "cabinet.asice", "--all", *sealing).ok()


def lay_whole(demo: Path, folder: Path) -> None:
    """Put the whole practice of the demonstration into ``folder``, deposited in one package, with the key to it."""
    desk = folder / ".desk"
    desk.mkdir()
    lay_results(demo, desk, "practice.db", "practice.files", "kerbrat", "pressoir")
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    ground = ("--ground", "archive-deposit")
    Program(folder=desk)("export", "practice.db", "whole.asice", "--all", *sealing, *ground).ok()
    shutil.copy2(desk / "whole.asice", folder)
    lay_results(demo, folder, "roster.csv", "roots.pem")
    lay_results(demo / "pressoir", folder, "receiver.identity")
    shutil.rmtree(desk)


def lay_clone(tables: Path, folder: Path) -> None:
    """Make ``folder`` look like a clone after `make demo`, as far as pages use it."""
    (folder / "build" / "demo").mkdir(parents=True)
    for name in ("tilleuls.sqlite", "pressoir.sqlite"):
        shutil.copy2(tables / name, folder / "build" / "demo")
    (folder / "samples").symlink_to(ROOT / "samples", target_is_directory=True)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    # The page activates .venv; the programs of this very test run are on the path already.
    (programs / "activate").write_text("VIRTUAL_ENV=.venv\n", encoding="utf-8")


def alias(folder: Path, name: str, program: str) -> Path:
    """Return a folder where ``program`` is also called ``name``; Debian versions call 7-Zip differently."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    if not (programs / name).exists():
        (programs / name).symlink_to(program)
    return programs
