"""The descriptions cover the model, and the table of extensions covers the descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

import pytest

from formats.fhir import extensions
from formats.fhir.codes import BASE, Coding
from formats.fhir.extensions import EXTENSIONS
from formats.fhir.groups import FieldGroup
from formats.fhir.kinds import RESOURCES
from formats.fhir.resources import Resource
from formats.mapping.parts import FieldPart
from formats.mapping.values import IncompleteMapping
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import Coverage, Engagement, Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from tests.dossiers import enums, full_dossier, patient_variants, words
from tests.unit.fhir.bundles import written


@pytest.mark.parametrize("field", ["coverage", "insurer", "patient"])
def test_a_description_that_forgets_a_field_cannot_be_made(field: str) -> None:
    whole = next(resource for resource in RESOURCES if resource.record is Coverage)
    remaining = tuple(part for part in whole.parts if field not in part.fields)
    with pytest.raises(IncompleteMapping, match=f"Coverage: never: {field}"):
        Resource(whole.name, whole.record, remaining)


def groups(parts: tuple[FieldPart, ...]) -> Iterator[FieldGroup]:
    """Yield the groups inside ``parts``, at every depth."""
    for part in parts:
        inner = getattr(part, "group", None)
        if isinstance(inner, FieldGroup):
            yield inner
            yield from groups(inner.parts)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: f"{one.record.kind}-{one.name}")
def test_every_field_is_carried_exactly_once_or_named_as_left_out(resource: Resource) -> None:
    """Besides the rule itself: whatever holds a field of fields is a group, and so under the rule."""
    every = [resource.group, *groups(resource.parts)]
    for group in every:
        declared = sorted(field.name for field in fields(group.made))
        assert sorted((*group.given, *group.fields)) == declared
    made = {group.made for group in every}
    hints = [hint for group in every for hint in get_type_hints(group.made).values()]
    nested = {part for hint in hints for part in (hint, *get_args(hint)) if is_dataclass(part)}
    assert nested - made <= {Attachment, Engagement}, "one part carries each of these whole"


def test_every_kind_of_record_but_source_rows_has_a_resource() -> None:
    described = {resource.record for resource in RESOURCES}
    assert described == {Practice, Practitioner, Patient, *PATIENT_KINDS} - {SourceRow}


def test_kind_and_type_name_one_description() -> None:
    pairs = [(resource.record.kind, resource.name) for resource in RESOURCES]
    assert len(pairs) == len(set(pairs))


def test_the_full_dossier_says_every_word() -> None:
    used = words(full_dossier()).union(*(words(dossier) for dossier in patient_variants()))
    assert {word for vocabulary in enums(Dossier) for word in vocabulary} <= used


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
