"""Any consistent dossier becomes a valid FHIR document, and NDJSON, and comes back the same with its files."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from formats.fhir_exports.read import read_export
from formats.fhir_interchange.bulk import MANIFEST, NdjsonExport
from formats.fhir_interchange.document import DOCUMENT, write_fhir_document
from formats.fhir_interchange.resources import file_places
from formats.findings import Finding
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody
from tests.dossiers import dossiers, full_dossier, patient_variants
from tests.fhir_judge import judge_bundle, judge_resource
from tests.fhir_profiles import judge_profiles

AT = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)
UNHURRIED = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking a dossier on disk takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def content_of(attachment: Attachment) -> bytes:
    return repr(attachment.sha256).encode()


def with_files(dossier: Dossier) -> tuple[Dossier, dict[str, bytes]]:
    """Return a dossier whose files have a content, without its source rows, and that content by its SHA-256."""
    contents: dict[str, bytes] = {}

    def real(attachment: Attachment | None) -> Any:
        if attachment is None:
            return None
        data = content_of(attachment)
        digest = hashlib.sha256(data).hexdigest()
        contents[digest] = data
        return replace(attachment, sha256=digest, size=len(data))

    studies = tuple(
        replace(
            study,
            series=tuple(
                replace(
                    series,
                    instances=tuple(
                        replace(one, attachment=real(one.attachment)) for one in series.instances
                    ),
                )
                for series in study.series
            ),
        )
        for study in dossier.image_studies
    )
    made = replace(
        dossier,
        source_rows=(),
        image_studies=studies,
        documents=tuple(replace(one, attachment=real(one.attachment)) for one in dossier.documents),
        image_files=tuple(replace(one, attachment=real(one.attachment)) for one in dossier.image_files),
    )
    return made, contents


def lay_files(dossier: Dossier, contents: dict[str, bytes], root: Path) -> None:
    for digest, place in file_places(dossier).items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(contents[digest])


def in_order(records: Any) -> tuple[Any, ...]:
    return tuple(sorted(records, key=lambda one: str(one.id)))


def sorted_dossier(dossier: Dossier) -> Dossier:
    names = ("practitioners", *(kind.kind for kind in PATIENT_KINDS))
    return replace(dossier, **{one: in_order(getattr(dossier, one)) for one in names})


def read_back(place: Path) -> tuple[Dossier, list[Finding], dict[str, bytes]]:
    """Return the only dossier at a place, what was found wrong, and its files."""
    records: dict[type[Record], list[Any]] = {}
    findings, files = [], {}
    for item in read_export(place):
        if isinstance(item, Finding):
            findings.append(item)
        elif isinstance(item, FileBody):
            with item.open() as stream:
                files[item.attachment.sha256] = stream.read()
        elif isinstance(item, Record) and not isinstance(item, SourceRow):
            records.setdefault(type(item), []).append(item)
    (patient,), practices = records[Patient], records[Practice]
    dossier = Dossier(
        practice=next(one for one in practices if one.id == patient.practice),
        practitioners=in_order(records.get(Practitioner, ())),
        patient=patient,
        **{kind.kind: in_order(records.get(kind, ())) for kind in PATIENT_KINDS if kind is not SourceRow},
    )
    return dossier, findings, files


def assert_comes_back(dossier: Dossier) -> None:
    dossier, contents = with_files(dossier)
    expected = sorted_dossier(dossier)
    with tempfile.TemporaryDirectory() as folder:
        for layout in (as_document, as_ndjson):
            root = Path(folder, layout.__name__)
            root.mkdir()
            layout(dossier, root)
            lay_files(dossier, contents, root)
            found, findings, files = read_back(root)
            assert found == expected
            assert repr(found) == repr(expected), "equal times may differ in their offset"
            assert findings == []
            assert files == contents


def as_document(dossier: Dossier, root: Path) -> None:
    with (root / DOCUMENT).open("wb") as stream:
        write_fhir_document(dossier, stream, written_at=AT)
    with (root / DOCUMENT).open("rb") as stream:
        assert [fault.text for fault in judge_bundle(stream)] == []
    bundle = json.loads((root / DOCUMENT).read_bytes())
    nodes = [entry["resource"] for entry in bundle["entry"]]
    assert [fault for node in (bundle, *nodes) for fault in judge_profiles(node)] == []
    first = nodes[0]
    assert first["resourceType"] == "Composition"
    named = [one["reference"] for section in first["section"] for one in section.get("entry", ())]
    named += [first["subject"]["reference"], first["custodian"]["reference"]]
    assert sorted(named) == sorted(f"{one['resourceType']}/{one['id']}" for one in nodes[1:])


def as_ndjson(dossier: Dossier, root: Path) -> None:
    with NdjsonExport(lambda name: (root / name).open("xb"), AT) as export:
        export.add(dossier)
        export.finish()
    manifest = json.loads((root / MANIFEST).read_bytes())
    lines = {one["url"]: list(json_lines(root / one["url"])) for one in manifest["output"]}
    assert {one["url"]: one["count"] for one in manifest["output"]} == {
        name: len(found) for name, found in lines.items()
    }
    every = [(name, node) for name, found in lines.items() for node in found]
    assert all(name == f"{node['resourceType']}.ndjson" for name, node in every)
    assert [fault.text for _, node in every for fault in judge_resource(node)] == []


def json_lines(path: Path) -> Iterator[Any]:
    with path.open("rb") as stream:
        yield from map(json.loads, stream)


@settings(UNHURRIED, max_examples=15)
@given(dossiers())
def test_every_dossier_comes_back_from_fhir(dossier: Dossier) -> None:
    assert_comes_back(dossier)


@pytest.mark.parametrize("kind", PATIENT_KINDS, ids=lambda kind: kind.kind)
@settings(UNHURRIED, max_examples=3)
@given(data=st.data())
def test_every_kind_of_record_comes_back_from_fhir(kind: Any, data: st.DataObject) -> None:
    assert_comes_back(data.draw(dossiers(kinds=(kind,), most=3)))


def test_every_word_comes_back_from_fhir() -> None:
    assert_comes_back(full_dossier())
    for dossier in patient_variants():
        assert_comes_back(dossier)
