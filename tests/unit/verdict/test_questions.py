"""Every place that answers the questions of a verdict takes them from one table, and none forgets one."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.cli.exits import STATUS_OF_CODE, SUCCESS, UNDECIDED
from archiver.cli.run.verify import status
from archiver.examination.examine import examine_whole
from archiver.examination.examine_each import ExaminedPlace, unexamined_place
from archiver.examination.verdict_document import verdict_document
from archiver.paper.verdict_page import VerdictPage, print_verdict
from archiver.verdict import NOT_EXAMINED, Answer, Origin, State, Verdict, proven_answer, unknown_answer
from archiver.verdict_questions import QUESTIONS
from formats.digests import Digest
from formats.errors import FileNotFound
from formats.words import LANGUAGES, translate
from tests.docs.pages import DOCS, ROOT
from tests.packages import SIGNED, package, signer, trust
from tests.unit.operations.test_report import BASIS, MADE

NAMES = [one.name for one in QUESTIONS]
INSIDE = {"timestamp-valid", "nothing-asked"}
"""Codes of answers about a time-stamp of a record, or a record that is only shown: of no question by themselves."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ExaminedPlace:
    path = tmp_path_factory.mktemp("questions") / "p.asice"
    path.write_bytes(package())
    return ExaminedPlace(path=path, examined=examine_whole(path, trust(signer())))


# -- every place --------------------------------------------------------------------------


def test_a_verdict_answers_every_question_in_order() -> None:
    assert [name for name, _ in Verdict().answers()] == NAMES
    assert [one.name for one in fields(Origin)] == [one.name for one in QUESTIONS if one.of_origin]


def test_what_nobody_could_examine_leaves_every_question_open() -> None:
    verdict = unexamined_place(Path("p"), FileNotFound(path="p")).examined.verdict
    assert {name: (one.state, one.code) for name, one in verdict.answers()} == dict.fromkeys(
        NAMES, (State.UNKNOWN, FileNotFound.code)
    )


def test_the_document_and_its_schema(place: ExaminedPlace) -> None:
    document = verdict_document(place.examined, package="p", at=SIGNED)
    answered = [name for name, value in document.items() if isinstance(value, dict) and "indication" in value]
    assert answered == NAMES
    definitions = json.loads((DOCS / "schemas" / "verdict.schema.json").read_text(encoding="utf-8"))["$defs"]
    for definition in ("verdict", "volume"):
        assert [*answers(definitions[definition])] == NAMES
        assert set(NAMES) <= set(definitions[definition]["required"])
    assert [*answers(definitions["origin"])] == [one.name for one in QUESTIONS if one.of_origin]


def answers(definition: dict[str, dict[str, object]]) -> Iterator[str]:
    """Yield the properties that are answers."""
    yield from (
        name for name, schema in definition["properties"].items() if schema == {"$ref": "#/$defs/answer"}
    )


def test_the_report(place: ExaminedPlace) -> None:
    target = BytesIO()
    page = VerdictPage(
        verdict=place.examined.verdict,
        manifest=place.examined.manifest,
        file="p",
        signed_list=None,
        basis=BASIS,
        made=MADE,
        report="r",
        document="d",
        document_digest=Digest.of(b"{}"),
        signer="s",
    )
    print_verdict(page, target)
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(target).pages).split())
    for one in QUESTIONS:
        for sentence in (one.title, one.promise):
            assert sentence in text
            assert translate(sentence, "fr", "archiver") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages(language: str) -> None:
    reference = DOCS / language / "reference"
    text = (reference / "verdict.md").read_text(encoding="utf-8")
    for one in QUESTIONS:
        section = text.split(f"\n## {translate(one.title, language, 'archiver')}\n")[1].split("\n## ")[0]
        for sentence in (one.promise, one.examined, one.remedy):
            assert translate(sentence, language, "archiver") in section
        for code in (*one.proven, *one.unknown, *one.unopened):
            assert f"`{code}`" in section
    assert f"| {', '.join(f'`{name}`' for name in NAMES)} |" in (
        DOCS / "en" / "reference" / "output.md"
    ).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_format_has_the_sections(language: str) -> None:
    text = (DOCS / language / "format" / "archive-format-1.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^#+ ([\d.]+?)\.? ", text, re.MULTILINE))
    assert {section for one in QUESTIONS for section in one.sections} <= headings
    asked = text.split("\n## 15. ")[1].split("\n1. ")[0]
    assert asked.count("**") == 2 * len(QUESTIONS)
    if language == "fr":
        for one in QUESTIONS:
            assert f"**{translate(one.title, 'fr', 'archiver').lower()}**" in asked
            assert one.title.lower() in asked


# -- codes and statuses -------------------------------------------------------------------


def test_every_code_that_the_program_answers_with_belongs_to_a_question() -> None:
    """And the table names no code that nothing answers with."""
    made = set()
    for path in (ROOT / "archiver").rglob("*.py"):
        made |= set(literals(ast.parse(path.read_text(encoding="utf-8"))))
    listed = {code for one in QUESTIONS for code in (*one.proven, *one.unknown)}
    assert made - listed - STATUS_OF_CODE.keys() <= INSIDE | {NOT_EXAMINED.code}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "archiver").rglob("*.py"))
    table = (ROOT / "archiver" / "verdict_questions.py").read_text(encoding="utf-8")
    for code in listed:
        assert sources.count(f'"{code}"') > table.count(f'"{code}"'), code
    assert {code for one in QUESTIONS for code in one.unopened} <= STATUS_OF_CODE.keys()


def literals(tree: ast.AST) -> Iterator[str]:
    """Yield the codes written where an answer is made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id in {"proven_answer", "unknown_answer"} and isinstance(first, ast.Constant):
                yield str(first.value)


PROVEN = proven_answer("intact", "So it is.")


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_the_exit_status_follows_each_question(question, place: ExaminedPlace) -> None:
    verdict = Verdict(**dict.fromkeys(NAMES, PROVEN))

    def of(answer: Answer) -> int:
        changed = replace(verdict, **{question.name: answer})
        return status(replace(place, examined=replace(place.examined, verdict=changed)))

    assert of(PROVEN) == SUCCESS
    for code in question.unknown:
        expected = SUCCESS if code in question.optional else UNDECIDED
        assert of(unknown_answer(code, "Who knows?")) == expected, code
