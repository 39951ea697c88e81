"""What is installed is what the locks say, and the locks are what ``pyproject.toml`` asks for."""

from __future__ import annotations

import json
import re
import sysconfig
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.locks import DEVELOPMENT, PROGRAM, ROOT, locked, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked(*tables: list[str]) -> list[Requirement]:
    return [Requirement(line) for table in tables for line in table]


@pytest.mark.parametrize("path", [PROGRAM, DEVELOPMENT], ids=lambda path: path.name)
def test_every_package_is_pinned_with_its_hashes(path: Path) -> None:
    found = locked(path)
    assert len(found) > 30
    loose = [
        str(one)
        for one, hashes in found.items()
        if not re.fullmatch(r"==[\w.+!]+", str(one.specifier)) or not hashes
    ]
    assert loose == []


def test_both_locks_agree() -> None:
    """Tests run on exactly the packages that a user installs."""
    assert pins(PROGRAM) - pins(DEVELOPMENT) == set()


def test_what_judges_in_tests_alone_is_not_installed_with_the_program() -> None:
    judges = {"fhir-resources", "fhir-core", "pyhanko", "pypdf", "pyasn1-alt-modules"}
    assert judges <= {canonicalize_name(one.name) for one in locked(DEVELOPMENT)}
    assert judges & {canonicalize_name(one.name) for one in locked(PROGRAM)} == set()


@pytest.mark.parametrize(
    ("path", "requirements"),
    [
        (
            PROGRAM,
            asked(
                PROJECT["project"]["dependencies"],
                *PROJECT["project"]["optional-dependencies"].values(),
                PROJECT["build-system"]["requires"],
            ),
        ),
        (DEVELOPMENT, asked(*PROJECT["dependency-groups"].values())),
    ],
    ids=["program", "development"],
)
def test_what_the_project_asks_for_is_locked(path: Path, requirements: list[Requirement]) -> None:
    versions: dict[str, list[str]] = {}
    for one in locked(path):
        versions.setdefault(canonicalize_name(one.name), []).append(str(one.specifier).removeprefix("=="))
    assert len(requirements) > 10
    missing = [
        str(one)
        for one in requirements
        if not versions.get(canonicalize_name(one.name))
        or not all(one.specifier.contains(version) for version in versions[canonicalize_name(one.name)])
    ]
    assert missing == []


def test_what_is_installed_is_what_is_locked() -> None:
    """A package that somebody added by hand would hide that the lock lacks it."""
    paths = [
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
    ]  # not what setuptools brings for itself
    found = distributions(path=paths)
    here = {canonicalize_name(one.metadata["Name"]): one.version for one in found}
    wanted = {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in locked(DEVELOPMENT)
        if one.marker is None or one.marker.evaluate()
    }
    assert {name: version for name, version in here.items() if name != "archiver"} == wanted


def test_the_packages_of_node_are_pinned_with_their_digests() -> None:
    lock = json.loads((ROOT / "tests" / "interop" / "node" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert "node_modules/age-encryption" in packages
    assert [
        name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")
    ] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


def test_no_lock_names_where_packages_came_from() -> None:
    """Everybody has their own mirror; a digest is the same on all of them."""
    for path in (PROGRAM, DEVELOPMENT):
        assert "://" not in path.read_text(encoding="utf-8")
