"""Presentation contexts (PS3.8, 7.1.1.13) of associations that list and fetch images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydicom.uid as sop
from pynetdicom.presentation import PresentationContext, build_context, build_role

from archiver.dicom_network.library import MAX_CONTEXTS
from archiver.dicom_network.listing import ListedInstance

FIND = "1.2.840.10008.5.1.4.1.2.2.1"
MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
GET = "1.2.840.10008.5.1.4.1.2.2.3"
"""Study Root Query/Retrieve Information Model (PS3.4, C.6.2.1.3)."""
_STREAMED = ("1.2.840.10008.1.2.4.204", "1.2.840.10008.1.2.4.205", "1.2.840.10008.1.2.7.")
"""Transfer syntaxes of which the pixels lie elsewhere, or are a live stream."""
SYNTAXES = tuple(str(one) for one in sop.AllTransferSyntaxes if not one.startswith(_STREAMED))
FREQUENT_SYNTAXES = (
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.5",
)
"""Transfer syntaxes proposed where the node does not say which SOP classes it has."""
DENTAL_CLASSES = (
    sop.DigitalIntraOralXRayImageStorageForPresentation,
    sop.DigitalXRayImageStorageForPresentation,
    sop.ComputedRadiographyImageStorage,
    sop.CTImageStorage,
    sop.EnhancedCTImageStorage,
    sop.XRay3DCraniofacialImageStorage,
    sop.SecondaryCaptureImageStorage,
    sop.MultiFrameTrueColorSecondaryCaptureImageStorage,
    sop.VLPhotographicImageStorage,
    sop.GrayscaleSoftcopyPresentationStateStorage,
    sop.EncapsulatedPDFStorage,
    sop.EncapsulatedSTLStorage,
    sop.DigitalIntraOralXRayImageStorageForProcessing,
    sop.XRayRadiationDoseSRStorage,
)
"""SOP classes proposed there: those of dental imaging."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contexts:
    """What an association proposes: contexts, and the roles in them (PS3.7, D.3.3.4)."""

    contexts: list[PresentationContext]
    roles: list[Any] = field(default_factory=list)


def query_contexts(service: str) -> Contexts:
    """Return what is proposed to list or to move."""
    return Contexts(contexts=[build_context(service)])


def get_contexts(missing: Sequence[ListedInstance]) -> Iterator[tuple[Contexts, Sequence[ListedInstance]]]:
    """Yield what is proposed to get instances: as few associations as their SOP classes need, each with its share."""
    classes = sorted({one.sop_class for one in missing if one.sop_class})
    if not classes or any(not one.sop_class for one in missing):
        yield _proposed(DENTAL_CLASSES, FREQUENT_SYNTAXES), missing
        return
    together = (MAX_CONTEXTS - 1) // len(SYNTAXES)
    for start in range(0, len(classes), together):
        chosen = classes[start : start + together]
        yield _proposed(chosen, SYNTAXES), [one for one in missing if one.sop_class in chosen]


def _proposed(classes: Sequence[str], syntaxes: Sequence[str]) -> Contexts:
    contexts = [build_context(GET)]
    contexts += [build_context(one, [syntax]) for one in classes for syntax in syntaxes]
    return Contexts(contexts=contexts, roles=[build_role(one, scp_role=True) for one in classes])
