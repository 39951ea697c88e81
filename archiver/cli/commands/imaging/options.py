"""Options of the commands that take images from the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options.passphrases import web_password, web_token
from archiver.cli.options.register_entries import require_period
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark

if TYPE_CHECKING:
    from archiver.dicom_network.dicomweb import WebAccess
    from archiver.dicom_network.listing import StudyFilter
    from archiver.dicom_network.tls import TlsFiles

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
Images = Annotated[
    Path,
    typer.Option(
        "--images",
        metavar=argument_word("folder"),
        help=localize(
            mark("The folder for the images; made if it is not there. What is in it is not fetched again.")
        ),
    ),
]


def title_typed(text: str) -> str:
    """Return an application entity title.

    Raises:
        BadParameter: when it is none.
    """
    from archiver.dicom_network.node_address import is_title

    if not is_title(text):
        reason = localize(mark("a title is of ASCII, and 16 characters long at most"))
        raise typer.BadParameter(reason)
    return text


def titles_typed(texts: list[str] | None) -> list[str] | None:
    """Return several application entity titles."""
    for text in texts or ():
        title_typed(text)
    return texts


def addresses_typed(texts: list[str] | None) -> list[str] | None:
    """Return numeric addresses; of a name, or a range, nobody would ever be let in.

    Raises:
        BadParameter: when one is none.
    """
    for text in texts or ():
        try:
            ip_address(text)
        except ValueError as fault:
            reason = localize(mark("an address is numeric, such as 192.168.1.20"))
            raise typer.BadParameter(reason) from fault
    return texts


OwnTitle = Annotated[
    str,
    typer.Option("--title", callback=title_typed, help=localize(mark("This program's title (AE title)."))),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnNodeOptions:
    """By which title, address and port others reach this program.

    Raises:
        BadParameter: when the address is empty.
    """

    title: OwnTitle = "ARCHIVER"
    address: Annotated[
        str,
        typer.Option("--address", help=localize(mark("Own address at which images are received."))),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help=localize(mark("Port at which images are received."))),
    ] = 11112

    def __post_init__(self) -> None:
        if not self.address.strip():
            reason = mark(
                "it names no address; 127.0.0.1 is this machine alone, 0.0.0.0 every address it has"
            )
            raise typer.BadParameter(reason, param_hint="--address")


@dataclass(frozen=True, kw_only=True, slots=True)
class TlsOptions:
    """Files for TLS; a key is one without a passphrase.

    Raises:
        SayHow: when there is a key without its certificate.
    """

    tls_certificate: Annotated[
        Path | None, typer.Option("--tls-certificate", help=localize(mark("Own certificate for TLS (PEM).")))
    ] = None
    tls_key: Annotated[
        Path | None,
        typer.Option("--tls-key", help=localize(mark("Its key, if that is not in the same file (PEM)."))),
    ] = None
    tls_roots: Annotated[
        Path | None,
        typer.Option(
            "--tls-roots", help=localize(mark("Roots to which the other side's certificate leads (PEM)."))
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.tls_key is not None and self.tls_certificate is None:
            raise SayHow(mark("A key for TLS goes with a certificate: --tls-certificate"))

    @property
    def given(self) -> bool:
        """Whether there is any: then TLS is meant."""
        return self.tls_certificate is not None or self.tls_roots is not None

    @property
    def files(self) -> TlsFiles:
        """The files."""
        from archiver.dicom_network.tls import TlsFiles

        return TlsFiles(certificate=self.tls_certificate, key=self.tls_key, roots=self.tls_roots)


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderOptions:
    """From whom images are received, and when that ends."""

    from_title: Annotated[
        list[str] | None,
        typer.Option(
            "--from-title",
            callback=titles_typed,
            help=localize(mark("Title of a sender that is let in; without one, any.")),
        ),
    ] = None
    from_address: Annotated[
        list[str] | None,
        typer.Option(
            "--from-address",
            callback=addresses_typed,
            help=localize(mark("Numeric address of a sender that is let in; without one, any.")),
        ),
    ] = None
    count: Annotated[
        int | None, typer.Option("--count", min=1, help=localize(mark("End after so many images.")))
    ] = None
    idle: Annotated[
        int | None,
        typer.Option(
            "--idle", min=1, help=localize(mark("End after so many seconds in which nothing came."))
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WebOptions:
    """Who is let in by a DICOMweb server.

    Raises:
        SayHow: when two are, or a password is for nobody.
    """

    user: Annotated[
        str,
        typer.Option(
            "--user", help=localize(mark("Who is let in by a password; it is asked for, or given by a file."))
        ),
    ] = ""
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help=localize(mark("File whose first line is the user's password."))),
    ] = None
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file", help=localize(mark("File whose first line is an access token (Bearer)."))
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.user and self.token_file is not None:
            raise SayHow(mark("A user and an access token exclude each other"))
        if self.password_file is not None and not self.user:
            raise SayHow(mark("A password goes with a user: --user"))

    @property
    def given(self) -> bool:
        """Whether somebody is named."""
        return bool(self.user) or self.token_file is not None

    def access(self, base: str) -> WebAccess:
        """Return how the server is reached; the password is asked for where nobody has given it.

        Raises:
            KeyUnreadable: when a file holds none; NodeAddressInvalid.
        """
        from archiver.dicom_network.dicomweb import WebAccess, require_web_access

        require_web_access(WebAccess(base=base, user=self.user))
        password = web_password(self.password_file, self.user, base) if self.user else ""
        token = "" if self.user else web_token(self.token_file)
        return require_web_access(WebAccess(base=base, user=self.user, password=password, token=token))


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyOptions:
    """Which studies: all, unless it is said."""

    patient_id: Annotated[
        str, typer.Option("--patient-id", help=localize(mark("Only studies of this patient's number there.")))
    ] = ""
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=DAY_FORMATS, help=localize(mark("Only studies of this day or later."))
        ),
    ] = None
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", formats=DAY_FORMATS, help=localize(mark("Only studies of this day or before."))
        ),
    ] = None

    @property
    def wanted(self) -> StudyFilter:
        """What is asked for.

        Raises:
            SayHow: when nothing can be of such a period.
        """
        from archiver.dicom_network.listing import StudyFilter

        since, until = (one.date() if one else None for one in (self.since, self.until))
        require_period(since, until)
        return StudyFilter(patient_id=self.patient_id, since=since, until=until)
