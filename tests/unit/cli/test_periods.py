"""A period that ends before it begins is a fault of whoever typed it, and no empty list."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archiver.cli.commands.imaging.options import StudyOptions
from archiver.cli.options.register_entries import require_period
from archiver.cli.terminal.usage_errors import SayHow


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2030))
    assert StudyOptions(since=first, until=last).wanted.date_range == "20200101-20300101"
    assert StudyOptions(since=first, until=first).wanted.date_range == "20200101-20200101"
    with pytest.raises(SayHow, match="--since is after --until"):
        _ = StudyOptions(since=last, until=first).wanted
    require_period(None, date(2020, 1, 1))
    require_period(date(2020, 1, 1), None)
