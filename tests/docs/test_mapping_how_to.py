"""What the how-to for the technician shows is, put together, a mapping of the invented software without a fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archiver.operations.mapping.check_mapping import CheckRequest, check_mapping
from archiver.operations.mapping.preview_mapping import PreviewRequest, preview_mapping
from formats.model.identity import IdentifierType
from formats.sources.mapped.language.keys import CHILDREN, CONDITION, LINK, NONE, RECORD, TEST
from tests.docs.pages import ROOT

PAGES = [ROOT / "docs" / language / "how-to" / "mapping.md" for language in ("en", "fr")]
TABLES = ROOT / "samples" / "molaire"
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written(page: Path, target: Path) -> Path:
    """Return the mapping that ``page`` shows piece by piece."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert len(blocks) >= 5
    target.write_text("\n".join(blocks), encoding="utf-8")
    return target


@pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])
def test_its_pieces_are_a_mapping_without_a_fault(page: Path, tmp_path: Path) -> None:
    mapping = written(page, tmp_path / "molaire.toml")
    checked = check_mapping(CheckRequest(mapping=mapping, source=str(TABLES)))
    assert checked.sound and checked.tests, [one.text for one in (*checked.faults, *checked.failures)]
    preview = preview_mapping(PreviewRequest(source=str(TABLES), mapping=mapping))
    assert preview.kinds["patients"] == 40 and 0 not in preview.kinds.values()
    assert preview.tables["ACTES"].unselected == 1


@pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])
def test_it_shows_every_key_of_conditions_links_children_and_tests(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    keys = {*CONDITION, *NONE, *LINK, *RECORD, *CHILDREN, *TEST}
    assert [key for key in keys if not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])
def test_it_lists_every_type_of_identifier(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [one.value for one in IdentifierType if f"`{one.value}`" not in text] == []
