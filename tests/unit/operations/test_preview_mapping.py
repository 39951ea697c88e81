"""A preview tells what a collection would store, names what no rule asks for, and stores nothing."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from archiver.operations.collecting.collect import collect
from archiver.operations.mapping.preview_mapping import (
    DOSSIERS,
    MappingPreview,
    PreviewRequest,
    preview_json,
    preview_mapping,
)
from archiver.operations.mapping.preview_page import preview_page
from archiver.practice.store import open_store
from formats import registry
from formats.errors import in_words
from formats.words import translate
from tests.docs.pages import ROOT

MAPPING = ROOT / "docs" / "mappings" / "molaire-3.toml"
TABLES = ROOT / "samples" / "molaire"
AT = datetime(2026, 11, 29, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def preview() -> MappingPreview:
    return preview_mapping(PreviewRequest(source=str(TABLES), mapping=MAPPING))


def test_its_counts_and_findings_are_those_of_a_collection(preview: MappingPreview, tmp_path: Path) -> None:
    read = registry.reader_for("mapped")(str(TABLES), mapping=MAPPING)
    with read as items, open_store(tmp_path / "practice.db", create=True) as store:
        outcome = collect(store, items, system="molaire", clock=lambda: AT)
    stored = {kind: one.stored for kind, one in outcome.kinds.items() if kind not in {"files", "source_rows"}}
    assert preview.kinds == stored and 0 not in stored.values()
    assert {name: one.rows for name, one in preview.tables.items()} == {
        name: one.read for name, one in outcome.tables.items()
    }
    codes = (Counter(one.code for one in found) for found in (preview.findings, outcome.findings))
    assert len({frozenset(one.items()) for one in codes}) == 1


def test_it_names_every_column_that_no_rule_asks_for(preview: MappingPreview) -> None:
    found = {(one.table, one.column): (one.filled, one.samples) for one in preview.columns}
    assert set(found) == {
        ("CCAM", "TARIF"), ("UTILISATEURS", "NOM"), ("SMS", "ENVOI"), ("SMS", "TEXTE"),
    }  # fmt: skip
    assert found["CCAM", "TARIF"] == (7, ["28,92", "26,97", "25,06"])
    assert all(len(sample) <= 40 for _, samples in found.values() for sample in samples)
    document = preview_json(preview)
    assert document["unread_columns"][0] == {
        "table": "CCAM", "column": "TARIF", "filled": 7, "samples": ["28,92", "26,97", "25,06"],
    }  # fmt: skip
    assert document["tables"]["ACTES"] == {"rows": 163, "read": 162, "unselected": 0, "verbatim": 1}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_its_page_shows_ten_dossiers_each_with_anchors_of_its_own(
    preview: MappingPreview, language: str
) -> None:
    speak = partial(translate, language=language)

    def localize(sentence: str, **facts: object) -> str:
        return in_words(sentence, facts, speak)  # type: ignore[arg-type]

    page = b"".join(preview_page(preview, localize, language, written_at=AT))
    document = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True))
    anchors = [str(one) for one in document.xpath("//@id")]
    assert len(anchors) == len(set(anchors))
    text = page.decode()
    assert set(re.findall('href="#([^"]+)"', text)) <= set(anchors)
    assert len(preview.dossiers) == DOSSIERS == text.count("<hr/>")
    for dossier in preview.dossiers:
        assert dossier.patient.traits.birth_family_name in text
    assert "douze euros" in text and "c2VjcmV0" not in text
