"""Columns of evidence in a proposed roster: people read them, and whoever reads the roster passes over them."""

from __future__ import annotations

from collections.abc import Mapping

from formats.model.dictionary.entry import Privacy
from formats.tables.columns import FREE_TEXT, ListColumn
from formats.words import Words, mark

NUMBER = Words("nombre entier", "whole number")
MONEY = Words("somme, dans la monnaie du cabinet", "sum, in the currency of the practice")
DAY = Words("date ISO 8601", "ISO 8601 date")


def _care(fr: str, en: str, meaning: str, form: Words) -> ListColumn:
    return ListColumn(Words(fr, en), meaning, form, Privacy.CARE)


EVIDENCE: Mapping[str, ListColumn] = {
    "reason": _care("Motif", "Reason", mark("What the rules answer, and why."), FREE_TEXT),
    "evidence_about": _care(
        "Indices concernant",
        "Evidence about",
        mark("Practitioner of whom the next columns tell."),
        FREE_TEXT,
    ),
    "attending": _care(
        "Traitant indiqué",
        "Attending",
        mark("Practitioner whom the practice states as attending."),
        FREE_TEXT,
    ),
    "first_seen": _care(
        "Vu la première fois",
        "First seen",
        mark("First day with an act, an appointment or a prescription."),
        DAY,
    ),
    "last_seen": _care("Vu la dernière fois", "Last seen", mark("Last such day."), DAY),
    "visits": _care("Jours de soins", "Visits", mark("Number of such days."), NUMBER),
    "acts": _care("Actes", "Acts", mark("Acts done."), NUMBER),
    "fees": _care("Honoraires", "Fees", mark("Sum of their fees."), MONEY),
    "prescriptions": _care("Ordonnances", "Prescriptions", mark("Lines of prescriptions."), NUMBER),
    "referrals": _care(
        "Adressages", "Referrals", mark("Acts for which they referred the patient to somebody else."), NUMBER
    ),
    "bookings": _care(
        "Rendez-vous", "Bookings", mark("Appointments that took place, were missed or lie ahead."), NUMBER
    ),
    "appointments_ahead": _care(
        "Rendez-vous à venir", "Appointments ahead", mark("Those of them that lie ahead."), NUMBER
    ),
    "exclusive_since": _care(
        "Seul praticien vu depuis",
        "Alone since",
        mark("First day since which nobody else has seen the patient."),
        DAY,
    ),
    "first_booked_with": _care(
        "Premier rendez-vous avec", "First booked with", mark("With whom the first booking was."), FREE_TEXT
    ),
    "others": _care("Autres praticiens", "Others", mark("Others who treat or are booked with."), FREE_TEXT),
    "others_last_seen": _care(
        "Vu par eux la dernière fois", "Last seen by others", mark("Last day with one of them."), DAY
    ),
    "others_acts": _care("Actes des autres", "Acts of others", mark("Acts that they have done."), NUMBER),
    "others_bookings": _care(
        "Rendez-vous des autres", "Bookings of others", mark("Bookings with them."), NUMBER
    ),
    "acts_of_nobody": _care(
        "Actes sans praticien", "Acts of nobody", mark("Acts of which no record says who did them."), NUMBER
    ),
    "former_authors": _care(
        "Auteurs d’un autre cabinet",
        "Authors elsewhere",
        mark(
            "Who treated the patient in another practice, whose dossier was taken over; they can claim nobody here."
        ),
        FREE_TEXT,
    ),
    "household": ListColumn(
        Words("Foyer", "Household"),
        mark("Persons who pay or decide for the patient, or for whom the patient does, and where they go."),
        FREE_TEXT,
        Privacy.THIRD_PARTY,
    ),
    "status": ListColumn(
        Words("Statut du patient", "Status"),
        mark("Status of the patient in the practice."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
    ),
    "other_records": ListColumn(
        Words("Autres fiches", "Other records"),
        mark("How many more records of the same person leave along."),
        NUMBER,
        Privacy.ADMINISTRATIVE,
    ),
    "balance": ListColumn(
        Words("Solde", "Balance"),
        mark("What the records add up to: acts and corrections, less payments and the insurer’s part."),
        MONEY,
        Privacy.ADMINISTRATIVE,
    ),
    "unfinished": _care(
        "En cours",
        "Unfinished",
        mark("Quotes, plans, laboratory work and appointments that are not finished."),
        FREE_TEXT,
    ),
}
"""What the records tell about a person; a reader of rosters passes over these columns."""
