"""The descriptions cover the model, and the table of extensions covers the descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from formats.fhir import extensions
from formats.fhir.codes import BASE, Coding
from formats.fhir.extensions import EXTENSIONS
from formats.fhir.groups import FieldGroup, Many, NestedField
from formats.fhir.kinds import RESOURCES
from formats.fhir.records.people import ENGAGEMENT
from formats.fhir.resources import Resource
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from tests.dossiers import enums, full_dossier, standings, words
from tests.unit.fhir.bundles import written


def groups(group: FieldGroup) -> Iterator[FieldGroup]:
    yield group
    for part in group.parts:
        if isinstance(part, Many | NestedField):
            yield from groups(part.group)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: f"{one.record.kind}-{one.name}")
def test_every_field_is_carried_exactly_once(resource: Resource) -> None:
    for group in groups(FieldGroup(resource.record, resource.parts)):
        declared = sorted(field.name for field in fields(group.made) if field.name != "id")
        assert sorted(group.fields) == declared


def test_an_engagement_is_carried_whole() -> None:
    assert sorted(ENGAGEMENT.fields) == ["end", "role", "start"]


def test_every_kind_of_record_but_source_rows_has_a_resource() -> None:
    described = {resource.record for resource in RESOURCES}
    assert described == {Practice, Practitioner, Patient, *PATIENT_KINDS} - {SourceRow}


def test_kind_and_type_name_one_description() -> None:
    pairs = [(resource.record.kind, resource.name) for resource in RESOURCES]
    assert len(pairs) == len(set(pairs))


def test_the_full_dossier_says_every_word() -> None:
    said = words(full_dossier()).union(*(words(dossier) for dossier in standings()))
    assert {word for vocabulary in enums(Dossier) for word in vocabulary} <= said


def urls(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "url" in node and len(node) > 1 and not node["url"].startswith("urn:"):
            yield node["url"]
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        yield from urls(inner)


def test_every_extension_is_listed_and_none_in_vain() -> None:
    ended_before = replace(
        full_dossier().coverages[0], id="c9", end=full_dossier().coverages[0].start.replace(year=1999)
    )
    whole = full_dossier()
    used = set(urls(json.loads(written(replace(whole, coverages=(*whole.coverages, ended_before))))))
    listed = {extension.url for extension in EXTENSIONS.values()}
    assert used - listed == {extensions.DATA_ABSENT}
    assert listed - used == set()


def test_every_extension_is_explained_in_both_languages() -> None:
    for extension in EXTENSIONS.values():
        assert extension.english
        assert extension.french
        assert extension.english != extension.french
        assert extension.standard or extension.url.startswith(f"{BASE}/StructureDefinition/")


def test_codings_are_values() -> None:
    assert Coding("s", "c") == Coding("s", "c", "")
