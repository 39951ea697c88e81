"""Commands that receive images, fetch them from a node, and list what a node has (PS3.4, annexes B and C)."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.cli.commands.imaging.options import (
    Images,
    OwnNodeOptions,
    OwnTitle,
    SenderOptions,
    StudyOptions,
    TlsOptions,
    WebOptions,
)
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, AttributionOutput, Into
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark

Node = Annotated[str, typer.Argument(help=localize(mark("The node: PACS@192.168.1.20:104.")))]
Tls = Annotated[bool, typer.Option("--tls", help=localize(mark("Reach the node over TLS.")))]


def register_sources(group: typer.Typer) -> None:
    """Add the commands to the group ``collect``."""
    receive_help = mark("Receive DICOM images that an imaging program sends, and collect them (Storage SCP).")
    group.command("dicom-receive", help=localize(receive_help))(receive)
    node_help = mark("Fetch DICOM images from a node, and collect them (Query/Retrieve).")
    group.command("dicom-node", help=localize(node_help))(fetch_from_node)
    web_help = mark("Fetch DICOM images from a DICOMweb server, and collect them (QIDO-RS, WADO-RS).")
    group.command("dicomweb", help=localize(web_help))(fetch_from_web)


def register(program: typer.Typer) -> None:
    """Add the command that lists to the program."""
    sentence = mark("List the studies of images that a node has.")
    program.command("studies", help=localize(sentence))(studies)


@taking_groups
def receive(
    *,
    into: Into,
    images: Images,
    own: OwnNodeOptions,
    senders: SenderOptions,
    tls: TlsOptions,
    output: AttributionOutput,
) -> int:
    from archiver.cli.run.sources import network_images

    return network_images.receive(into, images, own=own, senders=senders, tls=tls, output=output)


@taking_groups
def fetch_from_node(
    *,
    node: Node,
    into: Into,
    images: Images,
    wanted: StudyOptions,
    move: Annotated[
        bool,
        typer.Option("--move", help=localize(mark("The node sends to this program's address (C-MOVE)."))),
    ] = False,
    own: OwnNodeOptions,
    over_tls: Tls = False,
    tls: TlsOptions,
    output: AttributionOutput,
) -> int:
    from archiver.cli.run.sources import network_images

    access = network_images.NodeAccess(own=own, move=move, tls=tls.files if over_tls or tls.given else None)
    return network_images.fetch_from_node(
        node, into, images, wanted=wanted.wanted, access=access, output=output
    )


@taking_groups
def fetch_from_web(
    *,
    server: Annotated[
        str, typer.Argument(help=localize(mark("The DICOMweb server: https://HOST/dicom-web.")))
    ],
    into: Into,
    images: Images,
    wanted: StudyOptions,
    web: WebOptions,
    output: AttributionOutput,
) -> int:
    from archiver.cli.run.sources import network_images

    return network_images.fetch_from_web(
        web.access(server), into, images, wanted=wanted.wanted, output=output
    )


@taking_groups
def studies(
    *,
    node: Annotated[
        str,
        typer.Argument(
            help=localize(
                mark("The node, PACS@192.168.1.20:104, or the DICOMweb server, https://HOST/dicom-web.")
            )
        ),
    ],
    wanted: StudyOptions,
    title: OwnTitle = "ARCHIVER",
    over_tls: Tls = False,
    tls: TlsOptions,
    web: WebOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.sources import network_images

    if "://" in node and (over_tls or tls.given):
        raise SayHow(mark("--tls and its files are for a node, TITLE@HOST:PORT"))
    if "://" not in node and web.given:
        raise SayHow(mark("A user or an access token is for a DICOMweb server, https://HOST/dicom-web"))
    if "://" in node:
        return network_images.list_web_studies(web.access(node), wanted.wanted, as_json=as_json)
    files = tls.files if over_tls or tls.given else None
    return network_images.list_studies(node, wanted.wanted, title=title, tls=files, as_json=as_json)
