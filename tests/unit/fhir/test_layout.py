"""The lines of a bundle, and the limits within which one is read."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from formats.errors import FormatFailure, InconsistentDossier, LimitExceeded
from formats.fhir.layout import MAX_DEPTH, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_WHOLE_BYTES, read_bundle_entries
from formats.model.care import Note, NoteKind
from tests.dossiers import full_dossier
from tests.unit.fhir.bundles import PATIENT, PRACTICE, foreign, holding, key, read, written


def test_one_entry_a_line_and_the_same_bytes_again() -> None:
    data = written(full_dossier())
    lines = data.decode("utf-8").split("\n")
    assert lines[-2:] == ["]}", ""]
    assert len(lines) - 3 == len(json.loads(data)["entry"])
    assert all(line.startswith('{"fullUrl":') for line in lines[1:-2])
    assert data == written(full_dossier())


def test_a_line_break_in_a_text_breaks_no_line() -> None:
    note = Note(id="n1", patient=key("patients"), note=NoteKind.CLINICAL, text="a\nb\r\nc\u2028d\u0085e")
    dossier = holding(notes=(note,))
    assert read(written(dossier)) == (dossier, ())


@pytest.mark.parametrize("length", [300_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_a_long_text_comes_back_whole(length: int) -> None:
    text = ("é\x00" * length)[:length]
    dossier = holding(notes=(Note(id="n1", patient=key("patients"), note=NoteKind.CLINICAL, text=text),))
    assert read(written(dossier))[0] == dossier


def test_what_could_not_be_read_again_is_not_written() -> None:
    text = "x" * (MAX_ENTRY_BYTES + 1)
    dossier = holding(notes=(Note(id="n1", patient=key("patients"), note=NoteKind.CLINICAL, text=text),))
    with pytest.raises(LimitExceeded) as refusal:
        written(dossier)
    assert "ClinicalImpression/n1" in str(refusal.value)


def test_an_identity_that_is_no_fhir_id_is_refused() -> None:
    dossier = holding(notes=(Note(id="a b", patient=key("patients"), note=NoteKind.CLINICAL, text="x"),))
    with pytest.raises(FormatFailure, match="notes/a b"):
        written(dossier)


def test_a_line_that_is_too_long_is_refused_without_being_held() -> None:
    head, _, rest = written(full_dossier()).partition(b"\n")
    long = (
        head
        + b"\n"
        + b'{"resource":{"resourceType":"Basic","x":"'
        + b"x" * (MAX_ENTRY_BYTES + 10)
        + b'"}},\n'
        + rest
    )
    with pytest.raises(LimitExceeded, match="length of a line"):
        read(long)


def test_a_whole_bundle_that_is_too_large_is_refused() -> None:
    data = foreign(PRACTICE, PATIENT) + b" " * MAX_WHOLE_BYTES
    with pytest.raises(LimitExceeded, match="size of the bundle"):
        read(data)


def test_too_many_entries_are_refused() -> None:
    data = b'{"resourceType":"Bundle","entry":[' + b"0," * MAX_ENTRIES + b"0]}"
    with pytest.raises(LimitExceeded, match="number of entries"):
        list(read_bundle_entries(io.BytesIO(data)))


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    data = b'{"resourceType":"Bundle","entry":' + b"[" * depth + b"]" * depth + b"}"
    with pytest.raises(LimitExceeded, match="depth of nesting"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"Bundle","entry":{}}',
        b'{"resourceType":"Bundle","entry":[1]}',
        b'{"resourceType":"Bundle","entry":[{}]}',
        b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":5}}]}',
        b'{"resourceType":"Bundle","resourceType":"Bundle","entry":[]}',
        b'{"resourceType":"Bundle","total":NaN,"entry":[]}',
        b'{"resourceType":"Bundle","total":' + b"9" * 5000 + b',"entry":[]}',
    ],
    ids=range(12),
)
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(FormatFailure):
        read(data)


def test_something_after_the_bundle_is_refused() -> None:
    with pytest.raises(FormatFailure, match="after the Bundle"):
        read(written(full_dossier()) + b"{}")


def test_a_missing_end_is_refused() -> None:
    data = written(full_dossier())
    with pytest.raises(FormatFailure):
        read(data[: data.rindex(b"]}")])


def test_our_bundle_reads_the_same_when_reformatted_by_others() -> None:
    data = json.dumps(json.loads(written(full_dossier())), indent=4).encode("utf-8-sig")
    dossier, findings = read(data)
    assert dossier == replace(full_dossier(), source_rows=())
    assert findings == ()


def test_the_same_resource_twice_is_refused() -> None:
    with pytest.raises(FormatFailure, match="exactly one Patient, and this bundle has 2"):
        read(foreign(PRACTICE, PATIENT, PATIENT))
    act = {
        "resourceType": "Procedure",
        "id": "x",
        "status": "completed",
        "subject": {"reference": "Patient/a1"},
    }
    with pytest.raises(InconsistentDossier):
        read(foreign(PRACTICE, PATIENT, act, act))
