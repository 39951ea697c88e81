"""Ways in which a search finds nobody, or more than one."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark, plural


class NothingToFind(Failure):
    code = "nothing-to-find"
    sentence = mark("These words say of nobody who it is: {wanted}. Name a person, a birth date or a number.")


class PatientUnknown(Failure):
    """Words that fit nobody; the nearest are listed."""

    code = "patient-unknown"
    sentence = mark("Nobody fits: {wanted}. Nearest: {near}.")


class PatientAmbiguous(Failure):
    """Words that fit several persons where one is wanted."""

    code = "patient-ambiguous"
    sentence = plural(
        "{count} person fits: {wanted}. Say which by the number: {near}.",
        "{count} persons fit: {wanted}. Say which by the number: {near}.",
    )
