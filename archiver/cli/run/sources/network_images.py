"""What the commands do that take images from the network: receive or fetch them into a folder, then collect it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.cli.commands.imaging.options import OwnNodeOptions, SenderOptions, TlsOptions
from archiver.cli.options.output import AttributionOutput
from archiver.cli.run import collect
from archiver.cli.run.findings_report import require_report_place
from archiver.cli.run.sources.collected_places import require_report_outside, require_store_outside
from archiver.cli.terminal.console import note, progress, show_json, show_table
from archiver.cli.terminal.usage_errors import SayHow
from archiver.dicom_network.dicomweb import DicomwebServer, RetrieveServer, WebAccess
from archiver.dicom_network.errors import NodeAddressInvalid
from archiver.dicom_network.instance_folder import InstanceFolder
from archiver.dicom_network.library import require_library
from archiver.dicom_network.listing import ImageArchive, ListedStudy, StudyFilter
from archiver.dicom_network.node_address import NodeAddress, parse_node_address
from archiver.dicom_network.reception import Reception
from archiver.dicom_network.tls import TlsFiles
from archiver.network import is_loopback
from archiver.operations.collecting.attribute import own_practice, read_assignments
from archiver.operations.collecting.fetch_images import fetch_images
from archiver.operations.collecting.received_images import received_images
from archiver.practice.store import open_store
from archiver.spooled_list import SpooledList
from formats.words import mark

READABLE = mark("Without TLS, everything can be read on the way to {address}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeAccess:
    """How a node is reached: by which title, and whether it sends to our own address."""

    own: OwnNodeOptions
    move: bool = False
    tls: TlsFiles | None = None


def receive(
    into: Path,
    images: Path,
    *,
    own: OwnNodeOptions,
    senders: SenderOptions,
    tls: TlsOptions,
    output: AttributionOutput,
) -> int:
    """Receive images until it ends, collect them, and return the exit status."""
    require_library()
    from archiver.dicom_network.server import ServerTerms
    from archiver.operations.collecting.receive_images import ReceptionEnd, receive_images

    if tls.given and tls.tls_certificate is None:
        raise SayHow(mark("Who receives over TLS has a certificate: --tls-certificate"))
    _require_collectable(into, images, output)
    terms = ServerTerms(
        title=own.title,
        host=own.address,
        port=own.port,
        titles=frozenset(senders.from_title or ()),
        hosts=frozenset(senders.from_address or ()),
        tls=tls.files,
    )
    if tls.tls_certificate is None:
        _warn(own.address)

    def started(port: int) -> None:
        sentence = mark("Images are received as {title} at {address}, port {port}. Ctrl-C ends it.")
        note(sentence, title=own.title, address=own.address, port=port)

    with progress(mark("Receiving")) as step:
        end = ReceptionEnd(count=senders.count, idle_seconds=senders.idle)
        reception = receive_images(InstanceFolder(images), terms, end, started=started, progress=step)
    return collect.imaging(images, into, output, received=received_images(reception))


def fetch_from_node(
    node: str,
    into: Path,
    images: Path,
    *,
    wanted: StudyFilter,
    access: NodeAccess,
    output: AttributionOutput,
) -> int:
    """Fetch what a node has, collect it, and return the exit status."""
    require_library()
    from archiver.dicom_network.query_retrieve import RetrieveNode
    from archiver.dicom_network.server import ServerTerms, running_server

    address = _address(node)
    _require_collectable(into, images, output)
    if access.tls is None:
        _warn(address.host)
    reception = Reception(InstanceFolder(images))
    destination = access.own.title if access.move else ""
    archive = RetrieveNode(
        address, reception, title=access.own.title, destination=destination, tls=access.tls
    )
    with ExitStack() as open_now:
        if access.move:
            terms = ServerTerms(
                title=access.own.title,
                host=access.own.address,
                port=access.own.port,
                titles=frozenset({address.title}),
                tls=access.tls or TlsFiles(),
            )
            open_now.enter_context(running_server(terms, reception))
        return fetched_from(archive, reception, wanted, into, output)


def fetched_from(
    archive: ImageArchive, reception: Reception, wanted: StudyFilter, into: Path, output: AttributionOutput
) -> int:
    """Fetch what an archive has, collect it, and return the exit status."""
    with progress(mark("Fetching")) as step:
        fetched = fetch_images(archive, reception, wanted, progress=step)
    return collect.imaging(reception.files.folder, into, output, received=received_images(reception, fetched))


def fetch_from_web(
    access: WebAccess, into: Path, images: Path, *, wanted: StudyFilter, output: AttributionOutput
) -> int:
    """Fetch what a DICOMweb server has, collect it, and return the exit status."""
    _require_collectable(into, images, output)
    reception = Reception(InstanceFolder(images))
    return fetched_from(RetrieveServer(access, reception), reception, wanted, into, output)


def list_web_studies(access: WebAccess, wanted: StudyFilter, *, as_json: bool) -> int:
    """List the studies of a DICOMweb server, and return the exit status."""
    return show_studies(SpooledList(DicomwebServer(access).studies(wanted)), as_json=as_json)


def list_studies(node: str, wanted: StudyFilter, *, title: str, tls: TlsFiles | None, as_json: bool) -> int:
    """List the studies of a node, and return the exit status."""
    require_library()
    from archiver.dicom_network.query_retrieve import QueryNode

    archive = QueryNode(_address(node), title=title, tls=tls)
    return show_studies(SpooledList(archive.studies(wanted)), as_json=as_json)


def show_studies(studies: SpooledList[ListedStudy], *, as_json: bool) -> int:
    """Print studies, and return the exit status."""
    if as_json:
        show_json({"studies": 1, "list": [_study_json(one) for one in studies]})
        return 0
    heading = (
        mark("day"),
        mark("number there"),
        mark("name there"),
        mark("modality"),
        mark("description"),
        mark("study"),
        mark("images"),
    )
    show_table([_study_row(one) for one in studies], heading=heading)
    return 0


def _study_row(one: ListedStudy) -> tuple[str | int, ...]:
    day = one.studied_on.isoformat() if one.studied_on else ""
    return (
        day,
        one.patient_id,
        one.patient_name,
        one.modalities,
        one.description,
        one.uid,
        one.announced if one.announced is not None else "?",
    )


def _study_json(one: ListedStudy) -> dict[str, Any]:
    return {
        "study": one.uid,
        "day": one.studied_on.isoformat() if one.studied_on else None,
        "patient_id": one.patient_id,
        "patient_name": one.patient_name,
        "modalities": one.modalities.split(),
        "description": one.description,
        "images": one.announced,
    }


def _address(node: str) -> NodeAddress:
    found = parse_node_address(node)
    if found is None:
        raise NodeAddressInvalid(
            address=node, reason=mark("write TITLE@HOST:PORT, such as PACS@192.168.1.20:104")
        )
    return found


def _require_collectable(into: Path, images: Path, output: AttributionOutput) -> None:
    """Raise, before anything comes over the network, when it could not be collected afterwards."""
    require_store_outside(into, images)
    require_report_outside(output.report, images)
    with open_store(into, reading=True) as store:
        own_practice(store)
    if output.assign is not None:
        read_assignments(output.assign)
    if output.report is not None:
        require_report_place(output.report)


def _warn(host: str) -> None:
    if not is_loopback(host):
        note(READABLE, address=host)
