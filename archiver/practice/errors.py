"""Ways in which a practice store is refused."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class StoreUnreadable(Failure):
    code = "store-unreadable"
    sentence = mark("This is not a practice store: {reason}.")


class FilesWithoutStore(Failure):
    """A folder of files whose practice store is not beside it: renamed, moved, lost."""

    code = "files-without-store"
    sentence = mark(
        "The folder {folder} holds the files of a practice store, and the store is not beside it. Put both back "
        "together, or give the new store another name. Nothing was made, and no file was removed."
    )


class StoreInSource(Failure):
    """A practice store in the folder that is collected, which would become documents of itself."""

    code = "store-in-source"
    sentence = mark(
        "The practice store {store} lies in the folder that is collected ({folder}), and would be taken for documents: "
        "name the folder of the images or documents, or put the store elsewhere."
    )


class StoreNewer(Failure):
    """A store whose tables are of a version that this program does not know."""

    code = "store-newer"
    sentence = mark(
        "A newer version of this program made this practice store (version {found} of its tables, {known} is "
        "known here): install that version, or a newer one. Nothing was changed."
    )


class StoreReadOnly(Failure):
    """A store on a medium, or in a folder, where this person may not write."""

    code = "store-read-only"
    sentence = mark(
        "This command changes the practice store, and nothing can be written there: copy it elsewhere."
    )


class StoreBusy(Failure):
    """A store to which another command is writing, longer than SQLite waits."""

    code = "store-busy"
    sentence = mark("Another command is writing to this practice store. Try again when it has ended.")


class ReferenceMissing(Failure):
    code = "reference-missing"
    sentence = mark("A record refers to something that was not read: {reason}.")


class RecordUnstorable(Failure):
    """A record with a value that no store can hold: half a surrogate pair, a number of more than 64 bits."""

    code = "record-unstorable"
    sentence = mark("A record cannot be stored ({kind} {identity}): {reason}.")


class AttachmentMissing(Failure):
    code = "attachment-missing"
    sentence = mark("The practice store lacks the file {digest} it lists.")


class AnswerContradictory(Failure):
    code = "answer-contradictory"
    sentence = mark(
        "Question {question} cannot be answered so: question {other} was answered “{answer}” by {by}, and both "
        "cannot be true. Take that back first (archiver people undo), or answer otherwise."
    )
