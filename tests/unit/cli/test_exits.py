"""Every failure has one code, one exit status and one line in the reference."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from archiver.cli import exits
from formats.errors import Failure
from formats.words import translate
from tests.architecture import layers

ROOT = Path(__file__).resolve().parents[3]


def errors_page() -> ModuleType:
    """Load the script that writes the reference."""
    spec = importlib.util.spec_from_file_location("errors_page", ROOT / ".ci" / "errors_page.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGE = errors_page()
FAILURES: list[type[Failure]] = PAGE.failures()


def test_there_are_failures() -> None:
    assert len(FAILURES) > 80


@cache
def declared() -> Counter[str]:
    """Return every class of the source that has a sentence, by its dotted name."""
    found: Counter[str] = Counter()
    for path in layers.modules(ROOT):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in layers.nodes(path):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(one, ast.Assign | ast.AnnAssign) and one.value and "sentence" in names(one)
                for one in node.body
            ):
                found[f"{module}.{node.name}"] += 1
    return found


def names(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {one.id for one in targets if isinstance(one, ast.Name)}


def test_the_reference_forgets_no_failure_of_the_source() -> None:
    assert declared() == Counter(f"{one.__module__}.{one.__qualname__}" for one in FAILURES)


def test_failures_of_the_archiver_stand_beside_their_room() -> None:
    rooms = {name.rpartition(".")[0] for name in declared() if name.startswith("archiver.")}
    assert "archiver.errors" in rooms
    assert {name.rpartition(".")[2] for name in rooms} == {"errors"}


def test_no_failure_is_left_that_nobody_raises() -> None:
    """Each is named a second time: where it is raised, or by one that is more exact."""
    every = (node for path in layers.modules(ROOT) for node in layers.nodes(path))
    named = {node.id for node in every if isinstance(node, ast.Name)}
    assert [one.__name__ for one in FAILURES if one.__name__ not in named] == []


def test_no_two_failures_share_a_code() -> None:
    codes = [one.code for one in FAILURES]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: one.code)
def test_a_failure_has_a_code_a_status_and_a_sentence(failure: type[Failure]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", failure.code)
    assert "code" in vars(failure) and "sentence" in vars(failure), "it speaks with the words of another"
    assert exits.STATUS_OF_CODE[failure.code] not in {exits.SUCCESS, exits.UNDECIDED, exits.INCOMPLETE}
    assert failure.sentence[0] in string.ascii_uppercase + "“{" and failure.sentence.endswith(".")


@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: one.code)
def test_french_names_the_same_things(failure: type[Failure]) -> None:
    french = translate(failure.sentence, "fr", "archiver", "formats")
    assert french != failure.sentence
    assert fields(french) == fields(failure.sentence)


def fields(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_table_lists_nothing_that_is_not_there() -> None:
    assert exits.STATUS_OF_CODE.keys() == {one.code for one in FAILURES}


def test_statuses_fit_in_a_byte_and_are_not_a_shells() -> None:
    own = set(exits.STATUS_OF_CODE.values()) - {exits.INTERRUPTED}
    assert own <= set(range(1, 100))


def test_what_people_do_differently_ends_differently() -> None:
    different = (
        "package-truncated", "member-missing", "member-unlisted", "digest-mismatch", "signature-invalid",
        "signer-untrusted", "unit-mismatch", "wrong-key", "wrong-passphrase", "key-unreadable",
        "roster-unknown-patient", "roster-mismatch", "roster-unreadable", "unknown-practitioner",
        "counts-differ", "attachment-missing", "attachment-changed", "store-unreadable", "already-exists",
        "disk-full", "disk-fault", "interrupted", "unexpected",
    )  # fmt: skip
    assert len({exits.STATUS_OF_CODE[code] for code in different}) == len(different)


def test_an_unlisted_failure_is_still_one() -> None:
    class Unlisted(Failure):
        code = "unlisted"

    assert exits.status_of(Unlisted()) == exits.UNEXPECTED


def test_the_reference_has_every_code() -> None:
    for path in PAGE.PAGES.values():
        page = path.read_text(encoding="utf-8")
        assert [one.code for one in FAILURES if f"| `{one.code}` |" not in page] == []


def test_the_reference_says_of_every_status_what_to_do() -> None:
    named = {int(status) for status in PAGE.STATUSES["status"]}
    done = {
        exits.SUCCESS,
        exits.UNDECIDED,
        exits.INCOMPLETE,
        exits.LATE,
        exits.NONCONFORMING,
        exits.UNEXAMINED,
        exits.UNPROTECTED,
    }
    assert named == {*done, *exits.STATUS_OF_CODE.values()}
    for words in PAGE.STATUSES["status"].values():
        assert all(len(words[language]) == 2 for language in PAGE.PAGES)
