"""What goes wrong with a database behind an address, each with its own code; none of it repeats a password."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class DriverMissing(Failure):
    """The optional package that speaks to a kind of database is not installed."""

    code = "driver-missing"
    sentence = mark("To read {engine}, install the extra “{extra}” (the package {package}).")


class SystemDriverMissing(Failure):
    """A library of the system that a driver needs, or the driver of ODBC itself, is not installed."""

    code = "system-driver-missing"
    sentence = mark("To read {engine}, this machine lacks a library: {reason}. Install {package}.")


class DatabaseAddressInvalid(Failure):
    """An address of a database that nobody can follow."""

    code = "database-address-invalid"
    sentence = mark(
        "This is no address of a database ({reason}): write mysql://, postgresql://, mssql://, firebird://, "
        "sqlite:// or odbc:, as in postgresql://USER@HOST/DATABASE or odbc:DSN=NAME."
    )


class DatabaseOptionUnfit(Failure):
    """An option of an address that its engine does not take, or whose value is none."""

    code = "database-option-unfit"
    sentence = mark(
        "The option “{option}” of the address cannot be followed: {reason}. What may stand there: {known}."
    )


class SourceRefused(Failure):
    """A database that does not let this user in, or not with this password."""

    code = "source-refused"
    sentence = mark(
        "The database refuses the user or the password: {reason}. Nothing was read; try the password again, or "
        "ask for a user who may read."
    )


class SourceChanged(Failure):
    """Rows that changed while they were read, in a database that gives no snapshot."""

    code = "source-changed"
    sentence = mark(
        "Rows changed while they were read, so that some could be missing. Nothing of this run was kept; try "
        "again when nobody works in the software."
    )


class TextUndecodable(Failure):
    """Text of a database that is not of the encoding in which it is read."""

    code = "source-encoding"
    sentence = mark(
        "Its text is not written in {encoding}: name the right encoding in [source] of the mapping, or in the "
        "address (?charset=)."
    )


UNPRINTABLE = mark("it has a character that nobody sees, such as a line end")
"""What is wrong with an address that would break a sentence, or end early in a driver."""
