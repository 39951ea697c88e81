"""Pages that are written from the code say what the code says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.docs.pages import ROOT

pytestmark = pytest.mark.xdist_group("docs")


@pytest.mark.parametrize("script", ["store_page.py", "mapping_page.py", "bundle_page.py"])
def test_a_generated_page_is_current(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / script), "--check"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_table_of_the_store_has_a_word_about_it() -> None:
    text = (ROOT / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
    sections = text.split("\n### ")[1:]
    assert len(sections) > 40
    for section in sections:
        title, _, about = section.partition("\n\n")
        assert len(about.split("\n", 1)[0]) > 10, f"{title} is not described"
