"""``archiver collect``: from the practice and imaging software into the practice store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archiver.cli.commands.imaging import network
from archiver.cli.commands.mapping import FilesFolder, MappingFile, PracticeKey, TablesPlace
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, AttributionOutput, Into, OutputOptions
from archiver.cli.options.passphrases import DatabasePassword, database_password
from archiver.cli.terminal.help import TranslatedGroup, TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

if TYPE_CHECKING:
    from formats.papers.folder import PathPatterns


class CollectGroup(TranslatedGroup):
    """The commands of each source; a place in their stead is collected as what it is recognised as."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        first = args[0]
        named = first in self.commands or first.startswith("-")
        place = not named and (Path(first).exists() or any(sign in first for sign in "/\\.:"))
        return super().resolve_command(ctx, ["any", *args] if place else args)


app = TranslatedTyper(mark("Take everything into the practice store."), cls=CollectGroup)

IntoNew = Annotated[
    Path, typer.Option("--into", help=localize(mark("The practice store; made if it is not there.")))
]
Again = Annotated[
    bool,
    typer.Option("--again", help=localize(mark("Read everything again, even from an unchanged source."))),
]
Part = Annotated[
    bool,
    typer.Option(
        "--part", help=localize(mark("The source is a part of what there is: nothing is gone that it lacks."))
    ),
]
Folder = Annotated[Path, typer.Argument(help=localize(mark("The folder.")))]
Place = Annotated[Path, typer.Argument(help=localize(mark("A file, or a folder of them.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class PathOptions:
    """What says whose the documents are: the list, unless there are patterns."""

    listing: Annotated[
        Path | None, typer.Option("--csv", help=localize(mark("The list, if it is not beside the folder.")))
    ] = None
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            "--pattern",
            help=localize(
                mark("Without a list: what paths say, as {one} or {another}."),
                one="PATIENTS/{number}",
                another="'{family} {given} {number}'",
            ),
        ),
    ] = None
    notes: Annotated[
        list[str] | None,
        typer.Option(
            "--notes",
            help=localize(mark("The same of text files of notes, as {one}."), one="'{number}.txt'"),
        ),
    ] = None

    def patterns(self) -> PathPatterns | None:
        """Return the patterns, if there are any.

        Raises:
            PatternUnusable: when one is none; BadParameter: beside a list.
        """
        if not self.pattern and not self.notes:
            return None
        from formats.papers.folder import PathPatterns
        from formats.papers.path_pattern import parse_pattern

        if self.listing is not None:
            raise typer.BadParameter(mark("a list and patterns exclude each other"), param_hint="--csv")
        documents, notes = (tuple(map(parse_pattern, texts or ())) for texts in (self.pattern, self.notes))
        return PathPatterns(documents=documents, notes=notes)


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="collect")
    program.command("sources", help=localize(mark("List what can be collected.")))(sources)


def sources(*, as_json: AsJson = False) -> int:
    from archiver.cli.run.sources import listed

    return listed.show(as_json=as_json)


@app.command("any", help=localize(mark("Collect what lies at a place, as it is recognised.")))
@taking_groups
def found_there(
    *,
    source: Annotated[str, typer.Argument(help=localize(mark("A file, a folder or the URL of a server.")))],
    into: IntoNew,
    output: OutputOptions,
) -> int:
    from archiver.cli.run.sources import recognized

    return recognized.collect_there(source, into, output=output)


@app.command("opendental", help=localize(mark("Collect Open Dental: a server's URL or a SQLite copy.")))
@taking_groups
def opendental(
    *,
    source: Annotated[str, typer.Argument(help=localize(mark("mysql://USER@HOST/DATABASE, or a file.")))],
    into: IntoNew,
    images: Annotated[
        Path | None,
        typer.Option(
            "--images",
            metavar=argument_word("folder"),
            help=localize(mark("The folder of images and documents (A to Z).")),
        ),
    ] = None,
    practice: PracticeKey = None,
    password_file: DatabasePassword = None,
    time_zone: Annotated[
        str,
        typer.Option("--time-zone", help=localize(mark("The practice's time zone; Open Dental notes none."))),
    ] = "Europe/Paris",
    again: Again = False,
    part: Part = False,
    output: OutputOptions,
) -> int:
    from archiver.cli.run import collect

    return collect.opendental(
        source,
        into,
        password=database_password(password_file, source),
        images=images,
        practice=practice,
        time_zone=time_zone,
        again=again,
        part=part,
        output=output,
    )


@app.command(
    "mapped",
    help=localize(mark("Collect the tables of any software, files or a database, by a mapping.")),
)
@taking_groups
def tables(
    *,
    source: TablesPlace,
    into: IntoNew,
    mapping: MappingFile,
    files: FilesFolder = None,
    practice: PracticeKey = None,
    password_file: DatabasePassword = None,
    again: Again = False,
    part: Part = False,
    output: OutputOptions,
) -> int:
    from archiver.cli.run import collect

    return collect.tables(
        source,
        into,
        mapping=mapping,
        files=files,
        practice=practice,
        password=database_password(password_file, source),
        again=again,
        part=part,
        output=output,
    )


@app.command("dicom", help=localize(mark("Collect a folder of DICOM images, a DICOMDIR or a ZIP of them.")))
@taking_groups
def dicom(
    *,
    folder: Folder,
    into: Into,
    output: AttributionOutput,
) -> int:
    from archiver.cli.run import collect

    return collect.imaging(folder, into, output)


@app.command(
    "bridges",
    help=localize(mark("Collect folders of imaging software, by the bridge files that say whose they are.")),
)
@taking_groups
def bridges(*, folder: Folder, into: Into, output: AttributionOutput) -> int:
    from archiver.cli.run import collect

    return collect.imaging(folder, into, output, source="bridges")


def _from_outside(name: str, sentence: str) -> None:
    """Add the command of a source that comes from other organisations."""

    @app.command(name, help=localize(sentence))
    @taking_groups
    def found_outside(*, place: Place, into: IntoNew, output: OutputOptions) -> int:
        from archiver.cli.run import collect

        return collect.outside(name, place, into, output=output)


for _name, _sentence in {
    "archive": mark("Collect plain archives: dossiers that were handed over unsealed, or opened by hand."),
    "cda": mark("Collect clinical documents (CDA) of other organisations."),
    "pdlgc": mark("Collect portability archives (PDLGC) of other software."),
    "xdm": mark("Collect media of documents (IHE XDM) of other organisations."),
}.items():
    _from_outside(_name, _sentence)


network.register_sources(app)


@app.command(
    "fhir", help=localize(mark("Collect a FHIR export of other software (R4: a Bundle, or NDJSON)."))
)
@taking_groups
def fhir(*, place: Place, into: IntoNew, practice: PracticeKey = None, output: OutputOptions) -> int:
    from archiver.cli.run import collect

    return collect.outside("fhir", place, into, output=output, practice=practice)


@app.command(
    "documents", help=localize(mark("Collect a folder of documents, by a list (CSV) or by their paths."))
)
@taking_groups
def documents(*, folder: Folder, into: Into, paths: PathOptions, output: AttributionOutput) -> int:
    from archiver.cli.run import collect

    return collect.papers(folder, into, paths, output)
