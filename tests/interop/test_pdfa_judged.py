"""Readable copies and what somebody changed in them, before Apache Preflight and before our own rules of PDF/A-1."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from archiver.twins.press import TwinPress
from formats.judging.judgement import Judging, RuleState
from formats.judging.members import Members
from formats.judging.pdlgc.pdfs import PDF_RULES, judge_pdfs
from tests.copies import documents_of
from tests.full_dossier import full_dossier
from tests.pdfa import pdfa_faults
from tests.unit.pdlgc.bodies import opener, with_files

IN_CATALOGUE = {
    "JavaScript": b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
    "launch": b"/OpenAction<</S/Launch/F(a.exe)>>",
    "files within": b"/Names<</EmbeddedFiles<</Names[]>>>>",
    "layers": b"/OCProperties<</OCGs[]/D<<>>>>",
}
"""What an incremental update adds to the catalogue of a file."""
UNSEEN = {"additional actions": b"/AA<</WC<</S/GoTo/D[0/Fit]>>>>"}
"""What Preflight refuses, and our rules do not look for."""


@pytest.fixture(scope="module")
def copies() -> list[bytes]:
    dossier, bodies = with_files(full_dossier())
    documents = documents_of(dossier)
    made = []
    with TwinPress() as press:
        opened = press.prepare(dossier, documents, opener(bodies))
        for one in documents:
            with opened(one) as stream:
                made.append(stream.read())
    return made


def updated(pdf: bytes, extra: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a file with an incremental update: ``extra`` in its catalogue, ``trailer`` in its trailer."""
    last = pdf[pdf.rindex(b"trailer") :]
    number = int(re.search(rb"/Root (\d+) 0 R", last)[1])  # type: ignore[index]
    before = int(re.search(rb"startxref\s+(\d+)", last)[1])  # type: ignore[index]
    found = re.search(rb"\n%d 0 obj\s*<<(.*?)>>\s*endobj" % number, pdf, re.DOTALL)
    assert found is not None
    body = re.sub(rb"/OpenAction\s*\[[^]]*\]", b"", found[1])
    at = len(pdf) + 1
    made = pdf + b"\n%d 0 obj\n<<%s %s>>\nendobj\n" % (number, body, extra)
    entry = b"xref\n%d 1\n%010d 00000 n \ntrailer\n" % (number, at)
    entries = re.search(rb"<<(.*)>>", last, re.DOTALL)
    assert entries is not None
    place = len(made)
    return (
        made + entry + b"<<%s /Prev %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (entries[1], before, trailer, place)
    )


def broken(pdf: bytes) -> set[str]:
    """Return the rules that a file breaks by its content."""
    name = "PDF/20260101_Note_EXEMPLE_Anne_DOC00001.pdf"
    judging = Judging("pdlgc", "PAT00001.ZIP", PDF_RULES)
    judge_pdfs(Members("PAT00001.ZIP", {name: len(pdf)}, lambda _: io.BytesIO(pdf)), 1, (), judging)
    return {one.rule.id for one in judging.judgement().verdicts if one.state is RuleState.FAILED}


def mutants(pdf: bytes) -> Mapping[str, bytes]:
    return {
        **{name: updated(pdf, extra) for name, extra in IN_CATALOGUE.items()},
        "encrypted": updated(pdf, trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/O()/U()/P 0>>"),
        "no claim": re.sub(rb"pdfaid:part>1<", b"pdfaid:part>2<", pdf),
        "cut short": pdf[:-64],
    }


def test_what_preflight_takes_we_take_and_what_it_refuses_we_refuse(
    copies: list[bytes], tmp_path: Path
) -> None:
    changed = mutants(copies[0])
    unseen = {name: updated(copies[0], extra) for name, extra in UNSEEN.items()}
    files = {f"copy{number}.pdf": one for number, one in enumerate(copies)}
    files |= {f"{name.replace(' ', '-')}.pdf": one for name, one in (changed | unseen).items()}
    files["only-updated.pdf"] = updated(copies[0])
    faults = pdfa_faults(files, tmp_path)
    assert {name for name, one in faults.items() if one} == {
        f"{name.replace(' ', '-')}.pdf" for name in changed | unseen
    }
    assert not [one for one in (*copies, files["only-updated.pdf"]) if broken(one)]
    assert {name for name, one in changed.items() if not broken(one)} == set()
    assert len(changed) == 7 and not [name for name, one in unseen.items() if broken(one)]
