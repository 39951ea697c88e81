"""Keys of the mapping language, version 1: what each means and may hold.

The parser, the published JSON Schema and the reference page come from here; which fields a kind of record has comes
from the data dictionary (``targets``).
"""

from __future__ import annotations

from collections.abc import Mapping

from formats.sources.decoders import DECODERS
from formats.sources.mapped.language.key_entries import KeyEntry, Shape
from formats.words import mark

LANGUAGE = 1
"""The version of the language that is read."""
SECTION = "[section]"


UNITS = ("euro", "cent")
SIGNS = ("+", "-")
DECIMALS = (",", ".")
NOTATIONS = ("fdi", "universal", "palmer", "haderup")
LETTERS = ("french", "english")

SECTIONS: Mapping[str, KeyEntry] = {
    "mapping": KeyEntry(mark("What this mapping is and of which software."), Shape.SECTION, required=True),
    "source": KeyEntry(mark("How the files are written, and where the documents are."), Shape.SECTION),
    "defaults": KeyEntry(mark("How values are written, unless a value says otherwise."), Shape.SECTION),
    "practice": KeyEntry(mark("What tells this practice from every other."), Shape.SECTION),
    "codes": KeyEntry(mark("Code tables, by name: from a value of the source to a word."), Shape.SECTION),
    "left_out": KeyEntry(mark("Tables that stay behind, each with the reason."), Shape.SECTION),
    "tables": KeyEntry(mark("The tables, by name."), Shape.SECTION, required=True),
    "tests": KeyEntry(mark("Tests of the mapping: rows in, records out."), Shape.SECTIONS),
}
"""What a mapping is made of."""

MAPPING: Mapping[str, KeyEntry] = {
    "language": KeyEntry(mark("Version of the mapping language: 1."), Shape.WHOLE, required=True),
    "name": KeyEntry(
        mark("Name of the source; identities of records hang on it, so it never changes."),
        Shape.NAME,
        required=True,
    ),
    "version": KeyEntry(mark("Version of the mapping, as its author counts."), Shape.TEXT, required=True),
    "author": KeyEntry(mark("Who answers for it."), Shape.TEXT, required=True),
    "software": KeyEntry(mark("The software whose tables it describes."), Shape.TEXT, required=True),
    "software_version": KeyEntry(mark("Versions of the software it was made for."), Shape.TEXT),
    "licence": KeyEntry(mark("Under which licence it may be shared (SPDX)."), Shape.TEXT),
    "note": KeyEntry(mark("What whoever uses it should know."), Shape.TEXT),
}

DIALECT: Mapping[str, KeyEntry] = {
    "encoding": KeyEntry(
        mark(
            "Encoding of text, by its Python name; without it UTF-8, UTF-16, Windows-1252 and MS-DOS are told apart."
        ),
        Shape.TEXT,
    ),
    "separator": KeyEntry(mark("What stands between two cells; without it the heading tells."), Shape.TEXT),
    "quotes": KeyEntry(
        mark("Whether quotation marks enclose cells; false where they are letters like others."),
        Shape.BOOLEAN,
    ),
}
"""How a delimited file is written, said of all files or of one."""

LAYOUT: Mapping[str, KeyEntry] = {
    "sheet": KeyEntry(
        mark(
            "Sheet of the workbook; without it the one with the name of the table, or the only one with rows."
        ),
        Shape.TEXT,
    ),
    "rows": KeyEntry(
        mark(
            "Keys of JSON that lead to the list of rows, with points between; without it the file is that list."
        ),
        Shape.TEXT,
    ),
    "element": KeyEntry(
        mark("Element of XML that is a row; without it every element in the root is one."), Shape.TEXT
    ),
    "widths": KeyEntry(
        mark("Characters of each column of records of fixed width; “columns” names them."), Shape.WHOLES
    ),
    "record": KeyEntry(
        mark(
            "Bytes of a record of fixed width, where no line ends stand between them; widths count bytes then."
        ),
        Shape.WHOLE,
    ),
    "number": KeyEntry(
        mark("Column that takes the number of such a record, from 1: in some software it is the key."),
        Shape.TEXT,
    ),
}
"""Where the rows of a table lie in its file, for files that are not delimited text."""

SOURCE: Mapping[str, KeyEntry] = {
    **DIALECT,
    "files": KeyEntry(
        mark("Folder of documents and images, from the folder of the source on; --files names another."),
        Shape.TEXT,
    ),
    "patient_columns": KeyEntry(
        mark("Columns that hold a patient's key in tables of which the mapping says nothing."), Shape.TEXTS
    ),
}

CONVERSIONS: Mapping[str, KeyEntry] = {
    "dates": KeyEntry(
        mark(
            "Patterns of dates and times, tried in their order: yyyy, yy, MM, dd, HH, mm, ss and what stands between."
        ),
        Shape.TEXTS,
    ),
    "first_year": KeyEntry(
        mark("First of the hundred years that a year of two digits (yy) may mean."), Shape.WHOLE
    ),
    "decimal": KeyEntry(mark("The decimal sign of numbers in text."), Shape.CHOICE, choices=DECIMALS),
    "unit": KeyEntry(mark("Unit of amounts of money."), Shape.CHOICE, choices=UNITS),
    "notation": KeyEntry(
        mark("Notation of teeth; palmer is Zsigmondy's too."), Shape.CHOICE, choices=NOTATIONS
    ),
    "letters": KeyEntry(mark("Letters of tooth surfaces."), Shape.CHOICE, choices=LETTERS),
    "true": KeyEntry(mark("Words that mean yes."), Shape.TEXTS),
    "false": KeyEntry(mark("Words that mean no."), Shape.TEXTS),
    "empty": KeyEntry(mark("Values that mean: not filled in."), Shape.TEXTS),
}
"""How values are written, said of all values or of one."""

DEFAULTS: Mapping[str, KeyEntry] = {
    **CONVERSIONS,
    "time_zone": KeyEntry(mark("Time zone of times (IANA); without it Europe/Paris."), Shape.TEXT),
}

PRACTICE: Mapping[str, KeyEntry] = {
    "key": KeyEntry(
        mark(
            "TABLE.COLUMN whose first value tells the practice from every other (SIRET, FINESS); --practice wins."
        ),
        Shape.TEXT,
    ),
    "currency": KeyEntry(
        mark("Currency of amounts (ISO 4217), where no table becomes the practice; without it EUR."),
        Shape.TEXT,
    ),
}

TABLE: Mapping[str, KeyEntry] = {
    "file": KeyEntry(
        mark(
            "File of the table, with * for any letters where it has several; without it the one with its name."
        ),
        Shape.TEXT,
    ),
    **LAYOUT,
    **DIALECT,
    "columns": KeyEntry(mark("Names of the columns of a file without headings."), Shape.TEXTS),
    "key": KeyEntry(
        mark(
            "What tells a row from every other; without it, its content does, and a changed row is another one."
        ),
        Shape.COLUMNS,
    ),
    "owner": KeyEntry(
        mark("Whose row it is: the column of the patient's key, or the row of another table it belongs to."),
        Shape.OWNER,
    ),
    "credentials": KeyEntry(mark("Columns that stay behind: passwords and keys."), Shape.TEXTS),
    "joins": KeyEntry(
        mark("Rows of other tables that a column points to, by the name columns use."), Shape.SECTION
    ),
    "decoded": KeyEntry(
        mark("What a decoder finds in cells of a private encoding, by the name columns use."), Shape.SECTION
    ),
    "records": KeyEntry(mark("What a row becomes."), Shape.SECTIONS),
}

LINK: Mapping[str, KeyEntry] = {
    "table": KeyEntry(mark("The table that is pointed to."), Shape.TEXT, required=True),
    "column": KeyEntry(mark("The column here that holds the key of its row."), Shape.COLUMNS, required=True),
    "padded": KeyEntry(
        mark("The sign, such as 0, that fills the column from the left and is no part of the key."),
        Shape.TEXT,
    ),
}
"""A foreign key: of an owner, of a join."""

DECODED: Mapping[str, KeyEntry] = {
    "decoder": KeyEntry(
        mark("Decoder that reads them."), Shape.CHOICE, required=True, choices=tuple(DECODERS)
    ),
    "version": KeyEntry(
        mark("Version of the decoder for which the mapping was made."), Shape.WHOLE, required=True
    ),
    "columns": KeyEntry(mark("The columns that it reads."), Shape.TEXTS, required=True),
}

RECORD: Mapping[str, KeyEntry] = {
    "kind": KeyEntry(mark("Kind of record, as the data dictionary calls it."), Shape.TEXT, required=True),
    "name": KeyEntry(
        mark("Name of the record where a row becomes several; all but one need it, and it never changes."),
        Shape.NAME,
    ),
    "each": KeyEntry(
        mark("Name of [decoded]: a record for each part that was found, where the row would become one."),
        Shape.TEXT,
    ),
    "when": KeyEntry(mark("Conditions that all must hold."), Shape.CONDITIONS),
    "none": KeyEntry(
        mark("When a health statement says that there is none, which is not the same as an empty cell."),
        Shape.SECTION,
    ),
    "fields": KeyEntry(
        mark("From field of the record to column, constant or value."), Shape.FIELDS, required=True
    ),
}

CONDITION: Mapping[str, KeyEntry] = {
    "column": KeyEntry(mark("The column that is looked at."), Shape.COLUMN, required=True),
    "is": KeyEntry(mark("Values of which it must have one."), Shape.TEXTS),
    "is_not": KeyEntry(mark("Values of which it must have none."), Shape.TEXTS),
    "filled": KeyEntry(mark("Whether it must hold something, or nothing."), Shape.BOOLEAN),
}

NONE: Mapping[str, KeyEntry] = {
    "column": KeyEntry(mark("The column that says so."), Shape.COLUMN, required=True),
    "values": KeyEntry(mark("The values with which it says so."), Shape.TEXTS, required=True),
}

VALUE: Mapping[str, KeyEntry] = {
    "column": KeyEntry(mark("The column of the value."), Shape.COLUMN),
    "columns": KeyEntry(
        mark("Columns whose texts are put together; of a key, its parts; of an amount, its sum."), Shape.TEXTS
    ),
    "first_of": KeyEntry(
        mark("Columns of which the first that holds something is the value’s column."), Shape.TEXTS
    ),
    "if_filled": KeyEntry(mark("The value where the column holds something, whatever."), Shape.SCALAR),
    "if_empty": KeyEntry(mark("The value where the column holds nothing."), Shape.SCALAR),
    "join": KeyEntry(
        mark("What stands between the texts of several columns; without it a space."), Shape.TEXT
    ),
    "constant": KeyEntry(mark("A value that every row has; “=text” is short for it."), Shape.SCALAR),
    "codes": KeyEntry(mark("Code table."), Shape.CODES),
    "otherwise": KeyEntry(mark("The word for values that the code table does not have."), Shape.TEXT),
    "clock": KeyEntry(mark("The column of the time of day, where the date has its own."), Shape.COLUMN),
    "since": KeyEntry(
        mark("The column of a time of day; the value are the minutes from it to that of the column."),
        Shape.COLUMN,
    ),
    "less": KeyEntry(mark("Columns of amounts that are taken away."), Shape.TEXTS),
    "sign": KeyEntry(mark("“-” where the source counts the other way round."), Shape.CHOICE, choices=SIGNS),
    "split": KeyEntry(mark("What stands between several values of one cell."), Shape.TEXT),
    "table": KeyEntry(mark("The table whose row is referred to, where several could be."), Shape.TEXT),
    "record": KeyEntry(mark("The name of that row's record, where it has one."), Shape.NAME),
    "folder": KeyEntry(mark("Folder of the file, from the folder of documents on."), Shape.TEXT),
    "content": KeyEntry(mark("The column that holds the file itself."), Shape.COLUMN),
    **CONVERSIONS,
}

CHILDREN: Mapping[str, KeyEntry] = {
    "children": KeyEntry(mark("The table whose rows are the values."), Shape.TEXT, required=True),
    "column": KeyEntry(mark("Its column that holds the key of this row."), Shape.COLUMN, required=True),
    "fields": KeyEntry(
        mark("From field of the value to column, constant or value."), Shape.FIELDS, required=True
    ),
}

EACH: Mapping[str, KeyEntry] = {
    "each": KeyEntry(
        mark("Name of [decoded]: a value for each part that was found."), Shape.TEXT, required=True
    ),
    "fields": CHILDREN["fields"],
}

PIECES: Mapping[str, KeyEntry] = {
    "children": KeyEntry(
        mark("The table whose rows, in the order of their keys, hold the pieces of the file."),
        Shape.TEXT,
        required=True,
    ),
    "column": CHILDREN["column"],
    "content": KeyEntry(mark("Its column that holds a piece."), Shape.COLUMN, required=True),
}

TEST: Mapping[str, KeyEntry] = {
    "name": KeyEntry(mark("What is tested."), Shape.TEXT, required=True),
    "rows": KeyEntry(
        mark("Rows by table: list of tables from column to value."), Shape.SECTION, required=True
    ),
    "records": KeyEntry(
        mark("All records of each named kind that come of them, each with the fields that are compared."),
        Shape.SECTION,
    ),
    "findings": KeyEntry(
        mark("Codes of all findings that come of them; without it they are not compared."), Shape.TEXTS
    ),
}
