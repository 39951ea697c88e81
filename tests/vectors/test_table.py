"""The page of hostile inputs is that of the corpus, and leaves no case out."""

from __future__ import annotations

import pytest

from tests.vectors.table import FLAWS, PAGE, every_case, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.vectors.table"


@pytest.mark.parametrize("flaw", FLAWS)
def test_every_flaw_has_cases(flaw: str) -> None:
    assert [one for one in every_case() if FLAWS[flaw].has(one)]


def test_every_case_has_a_flaw_of_the_page() -> None:
    assert not [one.key for one in every_case() if not any(cases.has(one) for cases in FLAWS.values())]
