"""The other patients: ordinary people drawn from the seed, so that the practice is not only special cases."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from samples.story.cast import CAST
from samples.story.people import COLLABORATOR, OWNER, Person

CROWD = 18
"""Ordinary patients beside the cast."""

_FAMILY = (
    "Aubépin",
    "Bellefontaine",
    "Coudrier",
    "Delorme-Plessis",
    "Esnault",
    "Fougeray",
    "Gauvrit",
    "Houdan",
    "Joubertin",
    "Kermadec",
    "Lavigerie",
    "Mabillard",
    "Noirmont",
    "Orvault",
    "Pontcarré",
    "Queffélec",
    "Rabastens",
    "Sauvageot",
)
_WOMEN = ("Agathe", "Brigitte", "Delphine", "Françoise", "Héloïse", "Jeanne", "Margaux", "Océane", "Renée")
_MEN = ("Aurélien", "Bastien", "Cédric", "François", "Joël", "Loïc", "Maël", "Rémi", "Stéphane")

_FIRST_BIRTH = date(1945, 1, 1)
_BIRTH_SPAN = 65 * 365


def crowd(random: Random) -> tuple[Person, ...]:
    """Return the ordinary patients, numbered after the cast; every third is the collaborator's."""
    return tuple(_one(random, place) for place in range(CROWD))


def _one(random: Random, place: int) -> Person:
    sex = "F" if place % 2 else "M"
    return Person(
        number=len(CAST) + 1 + place,
        family=_FAMILY[place],
        given=(_WOMEN if sex == "F" else _MEN)[place // 2],
        sex=sex,
        birth=_FIRST_BIRTH + timedelta(days=random.randrange(_BIRTH_SPAN)),
        seen=(COLLABORATOR,) if place % 3 == 0 else (OWNER,),
        ins_status="QUAL" if place % 4 else "",
    )
