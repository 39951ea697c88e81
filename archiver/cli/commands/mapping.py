"""``archiver mapping``: the description of a software's tables, checked by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, OutputOptions
from archiver.cli.options.passphrases import DatabasePassword, database_password
from archiver.cli.terminal.help import TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize, translate_template
from formats.words import mark

app = TranslatedTyper(mark("Descriptions of a software's tables (mappings)."))


TablesPlace = Annotated[
    str,
    typer.Argument(
        help=localize(mark("A folder of CSV files, a SQLite file, or the address of a database."))
    ),
]
MappingFile = Annotated[
    Path, typer.Option("--mapping", help=localize(mark("The mapping of the software (TOML).")))
]
FilesFolder = Annotated[
    Path | None,
    typer.Option(
        "--files",
        metavar=argument_word("folder"),
        help=localize(mark("The folder of documents, if it is elsewhere.")),
    ),
]
PracticeKey = Annotated[
    str | None,
    typer.Option("--practice", help=localize(mark("A stable number of the practice, such as its FINESS."))),
]
"""What is asked by whatever reads tables by a mapping."""


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("check", help=localize(mark("Check a mapping, and run the tests it carries.")))(check)
    app.command("propose", help=localize(mark("Propose a mapping from the names and contents of tables.")))(
        propose
    )
    app.command("preview", help=localize(mark("Show what a mapping makes of a source; nothing is stored.")))(
        taking_groups(preview)
    )
    program.add_typer(app, name="mapping")


def propose(
    *,
    source: TablesPlace,
    software: Annotated[str, typer.Option("--software", help=localize(mark("What the software is called.")))],
    to: Annotated[Path, typer.Option("--to", help=localize(mark("The mapping to write (TOML).")))],
    password_file: DatabasePassword = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.mappings import propose as proposing
    from archiver.operations.mapping.propose_mapping import ProposeMappingRequest

    password = database_password(password_file, source)
    request = ProposeMappingRequest(
        source=source, software=software, target=to, password=password, translate=translate_template
    )
    proposing.run(request, as_json=as_json)


def preview(
    *,
    source: TablesPlace,
    mapping: MappingFile,
    files: FilesFolder = None,
    practice: PracticeKey = None,
    password_file: DatabasePassword = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            help=localize(
                mark("Where to write it with ten dossiers, as a page (HTML); an earlier one is replaced.")
            ),
        ),
    ] = None,
    output: OutputOptions,
) -> None:
    from archiver.cli.run.mappings import preview as previewing
    from archiver.operations.mapping.preview_mapping import PreviewRequest

    password = database_password(password_file, source)
    request = PreviewRequest(
        source=source, mapping=mapping, files=files, practice=practice, password=password
    )
    previewing.run(request, page=page, output=output)


def check(
    *,
    mapping: Annotated[Path, typer.Argument(help=localize(mark("The mapping (TOML).")))],
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            help=localize(mark("The tables as well: do columns and values fit?")),
        ),
    ] = None,
    files: FilesFolder = None,
    password_file: DatabasePassword = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.mappings import check as checking
    from archiver.operations.mapping.check_mapping import CheckRequest

    password = "" if source is None else database_password(password_file, source)
    request = CheckRequest(mapping=mapping, source=source, files=files, password=password)
    return checking.run(request, as_json=as_json)
