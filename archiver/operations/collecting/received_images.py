"""What came over the network before it is collected: counts, and what a person should know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from archiver.dicom_network.instance_folder import InstanceState
from archiver.dicom_network.reception import Reception
from archiver.operations.collecting.fetch_images import FetchedImages
from formats.findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedImages:
    """Instances that were ``received``, ``same`` as one that was there or ``different`` from it, or ``refused``.

    Where studies were listed: these, the instances ``announced`` of them, those ``present`` before, those ``missing``
    now.
    """

    received: int
    same: int
    different: int
    refused: int
    studies: int = 0
    announced: int = 0
    present: int = 0
    missing: int = 0
    findings: Collection[Finding] = ()


def received_images(reception: Reception, fetched: FetchedImages | None = None) -> ReceivedImages:
    """Return what came in one run."""
    listed = fetched or FetchedImages()
    return ReceivedImages(
        received=reception.arrivals[InstanceState.STORED],
        same=reception.arrivals[InstanceState.SAME],
        different=reception.arrivals[InstanceState.DIFFERENT],
        refused=reception.refused,
        studies=listed.studies,
        announced=listed.announced,
        present=listed.present,
        missing=listed.missing,
        findings=reception.findings,
    )
