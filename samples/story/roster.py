"""The list of the patients who leave with the collaborator, as both practitioners signed it."""

from __future__ import annotations

import csv
import io

from samples.story.people import COLLABORATOR, PRACTITIONERS, Person

COLUMNS = ("patient_number", "family_name", "given_name", "birth_date", "practitioner_rpps")

LEAVING = (1, 3, 4, 5, 10, 13, 15, 16, 17, 18, 26, 27, 29, 31, 43, 45, 46, 47, 49, 50, 51, 54)
"""Patients who leave; 1, 17 and 43 are shared with the owner, 10 has homonyms who stay, 42 is not listed."""

SHARED = (1, 17, 43)

SPELT = {29: ("LUKASIEWICZ", "ZOE")}
"""Names somebody typed without accents; the patient number decides."""


def roster(people: dict[int, Person]) -> bytes:
    """Return roster.csv: UTF-8, semicolons, ISO dates, one patient a line."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for number in LEAVING:
        person = people[number]
        family, given = SPELT.get(number, (person.family, person.given))
        writer.writerow((number, family, given, person.birth_date, PRACTITIONERS[COLLABORATOR - 1].rpps))
    return stream.getvalue().encode("utf-8")
