"""What is unfinished on the day of a split: balances, quotes and plans, laboratory work, appointments ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from archiver.practice.store import PracticeStore
from formats.words import Plural, Words, plural


class MatterKind(StrEnum):
    BALANCE = "balance"
    QUOTE = "quote"
    PLAN = "plan"
    LAB_ORDER = "lab-order"
    APPOINTMENT = "appointment"


MATTER_WORDS: Mapping[MatterKind, Words] = {
    MatterKind.BALANCE: Words("Soldes ouverts", "Open balances"),
    MatterKind.QUOTE: Words("Devis non terminés", "Unfinished quotes"),
    MatterKind.PLAN: Words("Plans de traitement en cours", "Unfinished treatment plans"),
    MatterKind.LAB_ORDER: Words("Travaux de laboratoire en cours", "Laboratory work under way"),
    MatterKind.APPOINTMENT: Words("Rendez-vous à venir", "Appointments ahead"),
}
"""Headings of a report."""
MATTER_COUNTS: Mapping[MatterKind, Plural] = {
    MatterKind.QUOTE: plural("{count} quote", "{count} quotes"),
    MatterKind.PLAN: plural("{count} plan", "{count} plans"),
    MatterKind.LAB_ORDER: plural("{count} order to a laboratory", "{count} orders to a laboratory"),
    MatterKind.APPOINTMENT: plural("{count} appointment", "{count} appointments"),
}
"""How many of a kind, inside a cell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """Something unfinished of one person; ``day`` is a date or a time in ISO 8601, or empty.

    Positive ``cents`` are owed by the patient, negative ones to them; of a quote they are its price.
    """

    kind: MatterKind
    person: str
    practitioner: str = ""
    day: str = ""
    title: str = ""
    cents: int | None = None


_BALANCE = """
SELECT patient, sum(cents) FROM (
  SELECT patient, fee_cents AS cents FROM acts WHERE status = 'done'
  UNION ALL SELECT patient, amount_cents FROM adjustments
  UNION ALL SELECT patient, -amount_cents FROM payments
  UNION ALL SELECT patient, -insurer_cents FROM invoices WHERE status <> 'cancelled'
  UNION ALL SELECT invoices.patient, -written_off_cents FROM invoices_lines
    JOIN invoices ON invoices.id = owner WHERE invoices.status <> 'cancelled'
) GROUP BY patient HAVING sum(cents) <> 0
"""
"""What the records of each patient add up to: acts and corrections, less what was paid and what an insurer owes."""
_UNDONE = """
SELECT {table}.patient, coalesce({table}.practitioner, ''), coalesce({day}, ''), title, {cents} FROM {table}
LEFT JOIN {table}_items ON owner = {table}.id LEFT JOIN acts ON acts.id = act
WHERE {where} GROUP BY {table}.id
HAVING count(owner) = 0 OR sum(act IS NULL OR acts.status = 'planned') > 0 ORDER BY {table}.rowid
"""
"""Quotes or plans with an item whose act is still planned, or of which no record says which act it became."""
_QUERIES: Mapping[MatterKind, str] = {
    MatterKind.QUOTE: _UNDONE.format(
        table="quotes", day="issued_on", cents="sum(quotes_items.fee_cents)", where="TRUE"
    ),
    MatterKind.PLAN: _UNDONE.format(
        table="treatment_plans",
        day="created_on",
        cents="NULL",
        where="treatment_plans.status IN ('active', 'saved')",
    ),
    MatterKind.LAB_ORDER: (
        "SELECT patient, coalesce(practitioner, ''), coalesce(sent_at, ordered_at, due_at, ''),"
        " trim(label || ' ' || instructions), cost_cents FROM lab_orders WHERE received_at IS NULL ORDER BY rowid"
    ),
    MatterKind.APPOINTMENT: (
        "SELECT patient, coalesce(practitioner, ''), starts_at, reason, NULL FROM appointments"
        " WHERE status = 'scheduled' AND substr(starts_at, 1, 10) > ?1 ORDER BY starts_at"
    ),
}


def read_unfinished(store: PracticeStore, persons: Mapping[str, str], *, on: str) -> Iterator[Matter]:
    """Yield what is unfinished at the end of the day ``on``, kind by kind, balances first.

    ``persons`` gives the person behind every patient record: the records of one have one balance.
    """
    balances: Counter[str] = Counter()
    for patient, cents in store.db.execute(_BALANCE):
        balances[persons[patient]] += cents
    for person, cents in balances.items():
        if cents:
            yield Matter(kind=MatterKind.BALANCE, person=person, cents=cents)
    for kind, query in _QUERIES.items():
        for patient, practitioner, day, title, cents in store.db.execute(
            query, (on,) if "?1" in query else ()
        ):
            yield Matter(
                kind=kind,
                person=persons[patient],
                practitioner=practitioner,
                day=day,
                title=title,
                cents=cents,
            )
