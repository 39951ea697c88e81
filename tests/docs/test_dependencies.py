"""Every package that is installed with the program is accounted for: why, whose, under which licence."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT
from tests.locks import PROGRAM, pins

SCRIPT = ROOT / ".ci" / "dependencies.py"
READ = (
    *("requirements.lock", "pyproject.toml"),
    *(".ci/dependencies.py", ".ci/dependencies.toml", ".ci/generated_files.py", ".ci/npm_lock.py"),
    "archiver/opener/package-lock.json",
)
WRITTEN = ("docs/en/reference/dependencies.md", "docs/fr/reference/dependencies.md", "sbom.cdx.json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the page and the bill are made from, and of both."""
    for name in (*READ, *WRITTEN, "archiver/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def checked(project: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, str(project / ".ci" / "dependencies.py"), *options]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def facts() -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, dict[str, Any]]] = runpy.run_path(str(SCRIPT))["FACTS"]
    return {**tables["direct"], **tables["through"], **tables["build"]}


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("requirements.lock", "yarl==", "another==1.0 \\\n    --hash=sha256:00\nyarl==", "another is locked"),
        ("requirements.lock", "\nyarl==", "\n# yarl==", "yarl is not locked any more"),
        ("requirements.lock", "typer==", "typer==99.", "typer: 99."),
        ("requirements.lock", "yarl==", "yarl==99.", "dependencies.md is out of date"),
        ("pyproject.toml", '  "segno>=1.6",\n', "", "segno is asked for directly, or is not"),
        (
            "archiver/opener/package-lock.json",
            '"version": "0.3.1"',
            '"version": "0.3.2"',
            "age-encryption: the page has 0.3.2",
        ),
        ("archiver/opener/package-lock.json", "sha512-bYgd", "sha512-AAAA", "sbom.cdx.json is out of date"),
        ("sbom.cdx.json", "pkg:pypi/segno", "pkg:pypi/segmo", "sbom.cdx.json is out of date"),
        ("docs/en/reference/dependencies.md", "| MIT |", "| GPL |", "dependencies.md is out of date"),
    ],
)
def test_whatever_changes_is_noticed(project: Path, name: str, old: str, new: str, sentence: str) -> None:
    path = project / name
    before = path.read_text(encoding="utf-8")
    assert checked(project, "--check") == (0, "")
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    status, output = checked(project, "--check")
    assert status == 1
    assert sentence in output


def test_both_are_made_anew_byte_for_byte(project: Path) -> None:
    for name in WRITTEN:
        (project / name).unlink()
    assert checked(project) == (0, "")
    assert all((project / name).read_bytes() == (ROOT / name).read_bytes() for name in WRITTEN)


def test_who_needs_what_is_as_the_packages_say() -> None:
    compared = 0
    for name, one in facts().items():
        for parent in one.get("by", ()):
            needed = {canonicalize_name(Requirement(line).name) for line in requires(parent) or ()}
            assert name in needed, f"{parent} does not ask for {name}"
            compared += 1
    assert compared > 35


def test_licences_are_as_the_packages_say() -> None:
    compared = 0
    for name, one in facts().items():
        try:
            stated = metadata(name)["License-Expression"]
        except PackageNotFoundError:  # for another system
            continue
        if stated:
            assert one["licence"] == stated, name
            compared += 1
    assert compared > 25


def test_the_bill_is_whole_and_hangs_together() -> None:
    bill = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    installed = [one for one in bill["components"] if one["purl"].startswith("pkg:pypi/")]
    shipped = [one for one in bill["components"] if one["purl"].startswith("pkg:npm/")]
    assert len(installed) + len(shipped) == len(bill["components"])
    assert {"%40noble/ciphers", "age-encryption"} <= {one["purl"][8:].rpartition("@")[0] for one in shipped}
    listed = {(one["name"], f"=={one['version']}") for one in installed}
    assert listed == {(name, version) for name, version, _ in pins(PROGRAM)}
    references = [one["bom-ref"] for one in (bill["metadata"]["component"], *bill["components"])]
    assert len(references) == len({*references}) > 50
    assert [one["ref"] for one in bill["dependencies"]] == references
    reached, waiting = set(), [references[0]]
    below = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += below[one]
    built = {one["bom-ref"] for one in bill["components"] if one["scope"] == "excluded"}
    assert reached == {*references} - built
