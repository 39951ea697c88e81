"""Any consistent dossier becomes a valid bundle and comes back the same; any damage is refused in words."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from formats.errors import Failure
from formats.fhir.kinds import resource_of
from formats.fhir.read import read_bundle
from formats.fhir.write import write_bundle
from formats.model.dossier import PATIENT_KINDS, Dossier
from tests.dossiers import dossiers, full_dossier, patient_variants
from tests.fhir_judge import judge_bundle

WRITTEN_AT = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def written(dossier: Dossier) -> bytes:
    target = io.BytesIO()
    write_bundle(dossier, target, written_at=WRITTEN_AT)
    return target.getvalue()


def assert_comes_back(dossier: Dossier) -> None:
    data = written(dossier)
    read, findings = read_bundle(io.BytesIO(data))
    expected = replace(dossier, source_rows=())
    assert read == expected
    assert repr(read) == repr(expected), (
        "equal times may differ in their offset, and equal numbers in their sign"
    )
    assert findings == ()
    assert [finding.text for finding in judge_bundle(io.BytesIO(data))] == []
    assert written(read) == data
    assert data.decode("utf-8").count("\n") == data.count(b"\n") == len(json.loads(data)["entry"]) + 2


@settings(UNHURRIED, max_examples=60)
@given(dossiers())
def test_every_dossier_comes_back_from_a_valid_bundle(dossier: Dossier) -> None:
    assert_comes_back(dossier)


@pytest.mark.parametrize("kind", PATIENT_KINDS, ids=lambda kind: kind.kind)
@settings(UNHURRIED, max_examples=15)
@given(data=st.data())
def test_every_kind_of_record_comes_back(kind: Any, data: st.DataObject) -> None:
    assert_comes_back(data.draw(dossiers(kinds=(kind,), most=3)))


def test_every_word_comes_back() -> None:
    assert_comes_back(full_dossier())
    for dossier in patient_variants():
        assert_comes_back(dossier)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", " ", "Patient/x", "2020-02-30", "2020", "9" * 5000, "\ud800"]),
    st.just([]),
    st.just({}),
    st.just([[[]]]),
    st.just([None]),
    st.just(
        {
            "extension": [
                {"url": "https://archiver.invalid/fhir/StructureDefinition/exact-text", "valueString": "}"}
            ]
        }
    ),
    st.just({"extension": 5, "coding": 5, "value": {}}),
)
FULL = json.loads(written(full_dossier()))


def places(node: Any) -> list[tuple[Any, Any]]:
    """Return every member of ``node`` as its container and its key, depth first."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    return [pair for key in keys for pair in ((node, key), *places(node[key]))]


@pytest.mark.parametrize("junk", [True, -1, "", [], {}, [[]], {"extension": 5}], ids=repr)
def test_no_element_of_any_resource_makes_the_reader_crash(junk: Any) -> None:
    kinds = {
        (one["resourceType"], str(one["meta"])): one for one in (entry["resource"] for entry in FULL["entry"])
    }
    for whole in kinds.values():
        resource = whole | {"component": whole.get("component", [])[:1]}
        for place in range(len(places(resource))):
            damaged = json.loads(json.dumps(resource))
            container, key = places(damaged)[place]
            container[key] = junk
            with contextlib.suppress(Failure):
                description = resource_of(damaged)
                assert description is None or description.read(damaged).id


@settings(UNHURRIED, max_examples=100)
@given(st.data())
def test_a_damaged_bundle_is_read_or_refused_in_words(data: st.DataObject) -> None:
    entries = [entry for entry in FULL["entry"] if "component" not in entry["resource"]]
    bundle = json.loads(json.dumps(FULL | {"entry": entries}))
    container, key = data.draw(st.sampled_from(places(data.draw(st.sampled_from(bundle["entry"])))))
    container[key] = data.draw(JUNK)
    stream = json.dumps(bundle).encode()
    try:
        read, _ = read_bundle(io.BytesIO(stream))
    except Failure as failure:
        text = str(failure)
    else:
        text = written(read).decode()
    assert text


@settings(UNHURRIED, max_examples=200)
@given(st.binary(max_size=300))
@example(b"")
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":1e999999999}}]}')
def test_noise_is_refused_in_words(noise: bytes) -> None:
    with pytest.raises(Failure):
        read_bundle(io.BytesIO(noise))


@settings(UNHURRIED, max_examples=40)
@given(st.data())
def test_a_truncated_bundle_is_refused(data: st.DataObject) -> None:
    whole = written(full_dossier())
    cut = data.draw(st.integers(0, len(whole) - 4))
    with pytest.raises(Failure):
        read_bundle(io.BytesIO(whole[:cut]))
