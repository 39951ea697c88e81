"""Findings that a store keeps say the same afterwards, in both languages."""

from __future__ import annotations

import pytest

from archiver.practice.registers.stored_findings import findings_of, findings_text
from formats.errors import FolderNotFound, LimitExceeded, in_words
from formats.findings import Finding, Severity
from formats.words import BYTES, BilingualText, Counted, Words, catalogue, mark, plural

FINDINGS = (
    Finding(
        severity=Severity.NOTE, code="half a character", where="caf\udce9", sentence=mark("Nothing changed.")
    ),
    Finding(severity=Severity.NOTE, code="plain", where="a/1", sentence=mark("Nothing changed.")),
    Finding(
        severity=Severity.WARNING,
        code="counted",
        where="b",
        sentence=plural("{count} table is left: {names}.", "{count} tables are left: {names}."),
        facts={"count": 1, "names": "…"},
    ),
    Finding(
        severity=Severity.ERROR,
        code="nested",
        where="é",
        sentence=mark("{reason} {size} {words}"),
        facts={
            "reason": LimitExceeded(
                where="t", name=plural("{count} row", "{count} rows").of(2), found=3, limit=2
            ),
            "size": Counted(2, BYTES),
            "words": BilingualText(Words("dossier", "file")),
        },
    ),
    Finding(
        severity=Severity.ERROR,
        code="failed",
        where="",
        sentence="{reason}",
        facts={"reason": FolderNotFound(path="/x")},
    ),
    Finding(
        severity=Severity.ERROR,
        code="ours, and theirs",
        where="",
        sentence="{reason} {given}",
        facts={"reason": mark("it is damaged"), "given": "it is damaged"},
    ),
)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_findings_say_the_same_afterwards(language: str) -> None:
    translate = catalogue("archiver", language).gettext
    text = findings_text(FINDINGS)
    assert text.isascii()
    again = findings_of(text)
    assert [(one.severity, one.code, one.where) for one in again] == [
        (one.severity, one.code, one.where) for one in FINDINGS
    ]
    for one, other in zip(again, FINDINGS, strict=True):
        assert in_words(one.sentence, one.facts, translate) == in_words(
            other.sentence, other.facts, translate
        )
        assert one.text == other.text


@pytest.mark.parametrize("text", ["", "{}x", '[{"severity": "note"}]', '[{"severity": "loud"}]', "[1]", "3"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        findings_of(text)
