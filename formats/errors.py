"""The root of every failure a person can act on.

A failure has a stable ``code`` (documented, never reused), one ``sentence``
with named facts, and a place. Programs read the code; people read the
sentence, in their language; the CLI alone turns a code into an exit status.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, Self, TypeAlias

from formats.printable import printable, without_credentials
from formats.words import BilingualText, Counted, Plural, Sentence, mark, translate

Fact: TypeAlias = "str | int | Failure"
"""What a sentence names: a text (translated where it is a ``Sentence`` of ours, and never where somebody else wrote
it), a number (``Counted`` with what it counts), or another failure."""

SYSTEM_REASONS = {
    errno.ENOENT: mark("there is no such file or folder"),
    errno.EACCES: mark("you have no permission"),
    errno.EPERM: mark("you have no permission"),
    errno.EISDIR: mark("it is a folder"),
    errno.ENOTDIR: mark("it is not a folder"),
    errno.EROFS: mark("it can only be read"),
    errno.ELOOP: mark("links lead around in a circle"),
    errno.EIO: mark("the device reports a fault"),
    errno.EADDRINUSE: mark("another program uses this port"),
    errno.EADDRNOTAVAIL: mark("this machine does not have this address"),
}
"""What people meet, in their language; anything else is said as the system says it."""

REASONS = frozenset(("reason", "detail"))
"""Facts that say why, in words that may be a whole sentence of somebody else's: a server's, or one that was stored."""
_FULL_STOPS = (".", "”.", "\u00a0».")
"""What ends a sentence behind a fact."""

PLACED = mark("{where}: {text}")
"""A sentence behind the place it is about."""


class Failure(Exception):
    """A refusal with a stable code; subclasses give the code and the sentence."""

    code: ClassVar[str] = "failure"
    sentence: ClassVar[str] = mark("Something went wrong.")

    def __init__(self, *, where: str = "", **facts: Fact) -> None:
        super().__init__(in_english(self.sentence, facts))
        self.where = where
        self.facts = facts

    def __reduce__(self) -> tuple[Callable[..., Failure], tuple[type[Failure], str, dict[str, Fact]]]:
        """Travel between processes whole."""
        return _again, (type(self), self.where, self.facts)

    def __str__(self) -> str:
        text = in_english(self.sentence, self.facts)
        return f"{_shown(self.where)}: {text}" if self.where else text


def in_words(sentence: str, facts: Mapping[str, Fact], translate: Callable[[str], str]) -> str:
    """Return ``sentence`` with its ``facts`` in place, all of it in the language of ``translate``."""
    if isinstance(sentence, Plural):
        sentence = sentence.of(facts[sentence.by])
    template = translate(sentence)
    shown = {name: _fact_in_words(fact, translate) for name, fact in facts.items()}
    return template.format(
        **{name: _within(template, name, facts[name], text) for name, text in shown.items()}
    )


def _within(template: str, name: str, fact: Fact, text: str | int) -> str | int:
    """Return the words of a fact without their full stop, where the sentence around them has its own right behind.

    A path or a name ends as it ends: only what is a sentence of its own loses it.
    """
    if not (isinstance(text, str) and text.endswith(".")):
        return text
    is_sentence = isinstance(fact, Failure | PlacedSentence | Sentence) or name in REASONS
    closes = any(f"{{{name}}}{end}" in template for end in _FULL_STOPS)
    return text[:-1] if is_sentence and closes else text


class PlacedSentence(str):
    """A finding as a fact inside a sentence: its English text, that brings what it takes to be said in French."""

    __slots__ = ("facts", "sentence", "where")
    where: str
    sentence: str
    facts: Mapping[str, Fact]

    def __new__(cls, where: str, sentence: str, facts: Mapping[str, Fact]) -> Self:
        made = super().__new__(cls, with_place(where, in_english(sentence, facts), _english))
        made.where, made.sentence, made.facts = where, sentence, facts
        return made

    def __reduce__(self) -> tuple[type[PlacedSentence], tuple[str, str, Mapping[str, Fact]]]:
        """Travel between processes whole."""
        return PlacedSentence, (self.where, self.sentence, self.facts)


def in_english(sentence: str, facts: Mapping[str, Fact]) -> str:
    """Return ``sentence`` with its ``facts`` in place, in English."""
    return in_words(sentence, facts, _english)


def failure_in_words(failure: Failure, translate: Callable[[str], str]) -> str:
    """Return what ``failure`` says, with its place in front, in the language of ``translate``."""
    return with_place(failure.where, in_words(failure.sentence, failure.facts, translate), translate)


def with_place(where: str, text: str, translate: Callable[[str], str]) -> str:
    """Return ``text`` behind the place it is about, when there is one."""
    return translate(PLACED).format(where=_shown(where), text=text) if where else text


def failure_about(failure: Failure, path: str) -> Failure:
    """Return ``failure`` with the file of several that it is about in front, where it does not name it already."""
    if failure.where.startswith(path) or path in failure.facts.values():
        return failure
    return _again(type(failure), f"{path}, {failure.where}" if failure.where else path, failure.facts)


def reason_of(fault: OSError) -> str:
    """Return why the system refuses, as a sentence of the catalogue where people meet it often."""
    return SYSTEM_REASONS.get(fault.errno or 0, fault.strerror or str(fault) or type(fault).__name__)


def _english(sentence: str) -> str:
    return translate(sentence, "en")


def _fact_in_words(fact: Fact, translate: Callable[[str], str]) -> str | int:
    if isinstance(fact, Failure):
        return failure_in_words(fact, translate)
    if isinstance(fact, PlacedSentence):
        return with_place(fact.where, in_words(fact.sentence, fact.facts, translate), translate)
    if isinstance(fact, Counted):
        return in_words(fact.noun, {fact.noun.by: int(fact)}, translate)
    if isinstance(fact, str):
        return _shown(translate(fact) if isinstance(fact, Sentence | Plural | BilingualText) else fact)
    return fact


def _shown(text: str) -> str:
    """Return ``text`` of others as every message shows it: nothing in it acts, and no password is in it."""
    return printable(without_credentials(text))


def _again(kind: type[Failure], where: str, facts: dict[str, Fact]) -> Failure:
    return kind(where=where, **facts)


class FileNotFound(Failure):
    """A file that a person names, or that was there before, and is not; no fault of any disk."""

    code = "file-not-found"
    sentence = mark("File not found: {path}.")


class FolderNotFound(Failure):
    """A folder that a person names, or in which something is to be written, and which is not there."""

    code = "folder-not-found"
    sentence = mark("Folder not found: {path}.")


def not_found(path: Path) -> Failure:
    """Return the failure of a file at ``path`` that is not there, or whose folder is not."""
    if not path.parent.is_dir():
        return FolderNotFound(path=str(path.parent))
    return FileNotFound(path=str(path))


class FormatFailure(Failure):
    """Outside data that cannot be read as the format it claims to be."""

    code = "format"
    sentence = mark("This is not readable as {format}.")


class LimitExceeded(FormatFailure):
    """Outside data that goes past a named limit."""

    code = "limit-exceeded"
    sentence = mark("{name} is {found}, and the limit is {limit}.")


class UnsafeName(FormatFailure):
    """A file name from outside that must never reach a disk."""

    code = "unsafe-name"
    sentence = mark("The file name {name!r} is refused: {reason}.")


class TableUnreadable(FormatFailure):
    """A list, a table or a file of lines that breaks its own rules."""

    code = "table-unreadable"
    sentence = mark("The list {place} cannot be read: {reason}.")

    def __init__(self, *, where: str = "", **facts: Fact) -> None:
        place = f"{facts['name']}:{facts['line']}" if facts.get("line") else facts.get("name", "")
        super().__init__(where=where, **(facts | {"place": place}))


class NotARegularFile(Failure):
    """A place where a file should be and something else is: reading it might never end."""

    code = "not-a-regular-file"
    sentence = mark("This is {kind}, not a file. Name a file.")


class AttachmentChanged(Failure):
    """A file whose bytes are not those it is listed with."""

    code = "attachment-changed"
    sentence = mark("The file {digest} is not the one that is listed: {reason}.")


class InconsistentDossier(Failure):
    """A dossier whose records do not hold together."""

    code = "dossier-inconsistent"
    sentence = mark("The dossier is inconsistent: {reason}.")
