"""The whole practice told once: its rows, its files, and the designated rows tests look for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from samples.story import successor
from samples.story.book import Book
from samples.story.care import special_acts, treat
from samples.story.cast import CAST
from samples.story.crowd import crowd
from samples.story.desk import leave_over, speak, watch
from samples.story.diary import first_visits, plan_ahead, visits, write_visits
from samples.story.imaging import imaging
from samples.story.master_data import OWN_SETTINGS, furnish
from samples.story.medical import remember
from samples.story.money import collect, insure
from samples.story.mouth import chart, probe
from samples.story.papers import index, papers
from samples.story.people import PRACTITIONERS, Person
from samples.story.quotes import quote
from samples.story.register import enrol, relations
from samples.story.roster import roster
from samples.story.shelf import Shelf, file_away

SEED = "cabinet dentaire des Tilleuls"
"""The one seed of the sample."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """Everything ``make.py`` writes: people, rows, files by relative path, designated rows by purpose."""

    people: tuple[Person, ...]
    book: Book
    shelf: dict[str, bytes]
    imaging: dict[str, bytes]
    papers: dict[str, bytes]
    index: bytes
    roster: bytes
    designated: dict[str, dict[str, int]]
    successor_people: tuple[Person, ...]
    successor: Book


def tell() -> Telling:
    """Tell both practices from the seed."""
    people = CAST + crowd(Random(f"{SEED}/crowd"))
    by_number = {person.number: person for person in people}
    book = Book(OWN_SETTINGS["PracticeTitle"])
    shelf = Shelf(book, by_number)
    designated = _practice(book, people, shelf)
    others = successor.patients(by_number)
    return Telling(
        people=people,
        book=book,
        shelf=shelf.contents,
        imaging=imaging(by_number),
        papers=papers(by_number),
        index=index(by_number),
        roster=roster(by_number),
        designated=designated,
        successor_people=others,
        successor=successor.tell(Random(f"{SEED}/successor"), others),
    )


def _practice(book: Book, people: tuple[Person, ...], shelf: Shelf) -> dict[str, dict[str, int]]:
    random = Random(f"{SEED}/care")
    furnish(book, OWN_SETTINGS, PRACTITIONERS)
    seen = visits(random, people)
    enrol(book, people, first_visits(seen))
    relations(book)
    insure(book)
    seen = write_visits(book, seen)
    plan_ahead(book, people)
    collect(book, treat(book, random, seen))
    acts = special_acts(book, shelf.people)
    chart(book)
    exams = probe(book)
    sheets = remember(book, people)
    documents = file_away(shelf)
    plans = quote(book, acts, documents["signed_quote"])
    speak(book, people)
    watch(book, seen)
    leave_over(book)
    return {
        "procedurelog": acts,
        "perioexam": exams,
        "sheet": sheets,
        "document": documents,
        "treatplan": plans,
    }
