"""Straight-line code is made when it pays, can be printed and read, and holds nothing of a dossier."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from formats.fhir.codegen import compiled
from formats.fhir.codegen.compiled import COMPILED, CompiledResource, write_line
from formats.fhir.codegen.names import Names
from formats.fhir.elements import Element
from formats.fhir.kinds import RESOURCES, resource_for
from formats.fhir.parts import Value
from formats.fhir.primitives import TEXT
from formats.fhir.records.care import ACT
from formats.fhir.resources import Resource
from formats.fhir.write import write_bundle
from formats.mapping.parts import Setting
from tests.benchmarks.clinical import clinical_dossier
from tests.benchmarks.records import costs
from tests.dossiers import full_dossier


def source_of(one: CompiledResource) -> str:
    return "\n".join(one.source(function, Names()) for function in ("write", "read"))


def test_every_description_has_a_writer_and_a_reader_that_compile() -> None:
    for resource in RESOURCES:
        source = source_of(CompiledResource(resource))
        compile(source, resource.name, "exec")
        assert [line for line in source.splitlines() if line.startswith(("def write(", "def read("))] == [
            "def write(record, setting):",
            "def read(node):",
        ]


def test_nothing_of_a_dossier_enters_the_source() -> None:
    before = {key: source_of(one) for key, one in COMPILED.items()}
    write_bundle(clinical_dossier(), io.BytesIO(), written_at=datetime(2026, 1, 1, tzinfo=UTC))
    write_bundle(full_dossier(), io.BytesIO(), written_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert {key: source_of(one) for key, one in COMPILED.items()} == before


def test_a_kind_is_compiled_only_when_enough_of_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    act = full_dossier().acts[0]
    fresh = CompiledResource(resource_for(act))
    monkeypatch.setitem(compiled.COMPILED, ("Procedure", "acts"), fresh)
    lines = []
    for _ in range(compiled.INTERPRETED):
        lines.append(write_line(act, Setting()))
        assert "write" not in vars(fresh)
    lines.append(write_line(act, Setting()))
    assert "write" in vars(fresh)
    assert len(set(lines)) == 1


def test_the_code_of_a_kind_is_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "formats.fhir.codegen", "acts"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout.startswith("# acts: Procedure\n\ndef write(record, setting):\n    id = record.id\n")
    assert "\n    return Act(id=id, " in done.stdout


def test_a_part_derived_from_another_is_not_taken_for_it() -> None:
    class Loud(Value):
        """A value that is written in another way."""

        __slots__ = ()

        def tell(self, record: Any, node: Element) -> None:
            node[self.path] = getattr(record, self.field).upper()

    parts = tuple(Loud("area", "areaText", TEXT, "") if "area" in part.fields else part for part in ACT.parts)
    loud = CompiledResource(Resource(ACT.name, ACT.record, parts))
    act = replace(full_dossier().acts[0], area="arcade")
    assert '"areaText":"ARCADE"' in loud.write(act, Setting())


@pytest.mark.unmeasured
def test_records_cost_no_more_than_a_few_times_the_plain_reading_of_their_json() -> None:
    """Half of what the descriptions alone take; another's load stretches both alike."""
    found = costs(rounds=8)
    reference = found["reference: json.loads"]
    assert found["bundle written"] < 2 * reference, found
    assert found["bundle read"] < 6 * reference, found
