"""CONTRIBUTING.md: the places it names are there; adding a field works, and a step left out fails the test it names."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from formats.words import LANGUAGES
from tests.docs.pages import DOCS, ROOT

TITLE = "## Adding a field to Patient, end to end\n"
STEP = re.compile(r"^### (?P<number>\d+)\. .*?(?=^### |\Z)", re.MULTILINE | re.DOTALL)
DIFF = re.compile(r"^```diff\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^Left out: `(?P<test>[^`]+)` fails", re.MULTILINE)
FILE = re.compile(
    r"^--- a/(?P<path>\S+)\n\+\+\+ b/(?P=path)\n(?P<hunks>.*?)(?=^--- a/|\Z)", re.MULTILINE | re.DOTALL
)
PLACES = "## Where things are\n"
PLACE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/[\w.-]*)`")
"""A path in a table: it has a slash, and no ellipsis for what is to be made."""
PARTS = ("archiver", "formats", "samples", "tests", "pyproject.toml", "setup.py")
UNUSED = shutil.ignore_patterns("__pycache__", "vectors", "history", "*.asice")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step: what it changes, and the test that fails without it, where one is named."""

    number: int
    diff: str
    test: str


def steps() -> tuple[Step, ...]:
    _, _, rest = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(TITLE)
    section = rest.partition("\n## ")[0]
    return tuple(
        Step(
            number=int(found["number"]),
            diff="".join(block["body"] for block in DIFF.finditer(found[0])),
            test=named["test"] if (named := NAMED.search(found[0])) else "",
        )
        for found in STEP.finditer(section)
    )


STEPS = steps()
NAMING = [step for step in STEPS if step.test]


def hunks(diff: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, old and new text of every hunk."""
    for file in FILE.finditer(diff):
        for hunk in file["hunks"].split("@@\n")[1:]:
            lines = [line or " \n" for line in hunk.splitlines(keepends=True)]
            old = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
            new = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
            yield file["path"], old, new


@dataclass(frozen=True)
class Copy:
    """A copy of the repository in which steps are taken."""

    folder: Path

    def take(self, taken: Collection[Step]) -> None:
        """Bring the copy to where ``taken`` steps, and no others, have been taken."""
        for path in {path for step in STEPS for path, _, _ in hunks(step.diff)}:
            shutil.copyfile(ROOT / path, self.folder / path)
        for step in taken:
            for path, old, new in hunks(step.diff):
                file = self.folder / path
                text = file.read_text(encoding="utf-8")
                assert text.count(old) == 1, f"step {step.number}: {path} has not, or not once:\n{old}"
                file.write_text(text.replace(old, new), encoding="utf-8")
        self.run("setup.py", "--quiet", "build_catalogues", check=True)

    def failures(self, *tests: str) -> list[str]:
        """Return what pytest says of each test, or module, that fails."""
        done = self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
        found = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        assert bool(found) == bool(done.returncode), done.stdout + done.stderr
        return found

    def run(self, *words: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, capture_output=True, encoding="utf-8", check=check
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("repository")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=UNUSED)
        else:
            shutil.copyfile(ROOT / name, folder / name)
    return Copy(folder)


def test_every_step_is_read() -> None:
    assert [step.number for step in STEPS] == list(range(1, 8))
    assert [step.number for step in NAMING] == [2, 4, 5, 6]
    assert all(step.diff for step in STEPS[:-1])


def test_all_steps_together_pass(copy: Copy) -> None:
    copy.take(STEPS)
    assert copy.failures(*(step.test for step in NAMING), "tests/unit/model/test_dictionary.py") == []


@pytest.mark.parametrize("step", NAMING, ids=lambda step: f"step {step.number}")
def test_a_step_that_is_left_out_fails_the_test_it_names(copy: Copy, step: Step) -> None:
    copy.take([one for one in STEPS if one is not step])
    assert copy.failures(step.test) == [step.test]


def test_the_places_of_the_table_are_there() -> None:
    """What is not there from the root on is a page of both languages."""
    _, _, after = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(PLACES)
    named = PLACE.findall(after.partition("\n## ")[0])
    assert len(named) > 40
    pages = {name for name in named if not (ROOT / name).exists()}
    assert {name for name in pages if not all((DOCS / one / name).exists() for one in LANGUAGES)} == set()
