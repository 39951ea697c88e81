"""Ways in which a command names what is not there, and in which the program itself fails."""

from __future__ import annotations

from archiver.errors import KeyFailure
from formats.errors import Failure
from formats.words import mark, plural


class QuestionUnknown(Failure):
    code = "question-unknown"
    sentence = mark(
        "There is no such question or merge ({number}): archiver people list has those there are."
    )


class QuestionUnanswered(Failure):
    code = "question-unanswered"
    sentence = mark("Question {question} is open: there is no answer to take back.")


class PassphraseMissing(KeyFailure):
    code = "passphrase-missing"
    sentence = mark(
        "This key has a passphrase, and nobody is here to type it: name its file with {option}, or set {variable}."
    )


class GoneUndecided(Failure):
    """Records that the source does not have any more, and nobody who says whether they leave."""

    code = "gone-undecided"
    sentence = plural(
        "{count} record that leaves is gone from the software of the practice, and nobody is here to say whether it "
        "leaves too: --gone keep or --gone leave-out.",
        "{count} records that leave are gone from the software of the practice, and nobody is here to say whether "
        "they leave too: --gone keep or --gone leave-out.",
    )


class ShellUnknown(Failure):
    code = "shell-unknown"
    sentence = mark("The shell of this terminal is not known: bash, zsh, fish and PowerShell can complete.")


class Unexpected(Failure):
    """A fault in this program; ``ARCHIVER_TRACE=1`` shows where."""

    code = "unexpected"
    sentence = mark("Something unexpected happened inside the program ({kind}: {reason}); please report it.")


class OutputUnwritten(Failure):
    code = "output-unwritten"
    sentence = mark(
        "What the command says could not be written to the standard output ({reason}); the files it made are complete."
    )


class SourceUnrecognized(Failure):
    """A place where nothing lies that any reader knows."""

    code = "source-unrecognized"
    sentence = mark(
        "Nothing that can be collected is recognised at {place}. Name its kind: archiver sources lists them."
    )


class SourceUnmapped(Failure):
    """Tables that no reader knows by itself."""

    code = "source-unmapped"
    sentence = mark(
        "{place} holds tables, and what they mean stands in a mapping: "
        "archiver collect mapped PLACE --mapping FILE --into STORE."
    )


class ListAmongTables(Failure):
    """A list of documents that is one table among others: those of a software, or with a list by chance."""

    code = "source-list-among-tables"
    sentence = mark(
        "At {place} lie several tables, and one of them reads like a list of documents. For the documents that it "
        "lists: archiver collect documents {place} --into STORE. For all tables: "
        "archiver collect mapped {place} --mapping FILE --into STORE."
    )


class SourceUnpublished(Failure):
    """A file of the Dental Practice Migration Format, of which no description is public."""

    code = "source-unpublished"
    sentence = mark(
        "{place} is called like a file of DPMF (Dental Practice Migration Format), whose structure is not published: "
        "{advice}."
    )


class SourceAmbiguous(Failure):
    """A place where several readers find what they know."""

    code = "source-ambiguous"
    sentence = mark(
        "What lies at {place} may be of several kinds: {names}. Name one: archiver collect KIND {place}."
    )
