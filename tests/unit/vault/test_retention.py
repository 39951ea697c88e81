"""Until when a deposit is retained: its own term, without one that of the vault, at most a hundred years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from archiver.vault.description import Hosting, StorageEntry, VaultDescription
from archiver.vault.retention import MAX_DAYS, SHORTEST, term_of

AT = datetime(2026, 11, 29, 22, 30, tzinfo=UTC)
STORAGE = StorageEntry(name="storage-1", address="disk-a", hosting=Hosting(reason="Données fictives"))


@pytest.mark.parametrize(
    ("years", "destroy_from", "term"),
    [
        (20, None, AT + timedelta(days=7305)),
        (20, date(2030, 1, 1), datetime(2030, 1, 1, tzinfo=UTC)),
        (20, date(2051, 6, 1), datetime(2051, 6, 1, tzinfo=UTC)),
        (1, date(2027, 12, 1), datetime(2027, 12, 1, tzinfo=UTC)),
        (5000, None, AT + timedelta(days=MAX_DAYS)),
        (1, date(9999, 12, 31), AT + timedelta(days=MAX_DAYS)),
        (20, date(2026, 1, 1), AT + SHORTEST),
    ],
)
def test_a_stated_term_counts_else_the_years_of_the_vault(
    years: int, destroy_from: date | None, term: datetime
) -> None:
    description = VaultDescription(
        id="urn:uuid:2e527adc-b15b-41ef-994c-ac3112c3733a",
        name="Archives Exemple",
        created=AT,
        storages=(STORAGE,),
        retention_years=years,
    )
    assert term_of(description, AT, destroy_from) == term
