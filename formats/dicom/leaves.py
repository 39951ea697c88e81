"""Which directory record fits an instance, and what that record holds (PS3.3 §F.4–F.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pydicom.uid as sop
from pydicom.dataset import Dataset
from pydicom.uid import UID

from formats.dicom.attributes import plain_value


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """A type of record for instances.

    Its attributes ``must`` have a value (type 1), may be ``empty`` (2), or ``may`` be there (1C, 3).
    """

    type: str
    must: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


_CONTENT = ("InstanceNumber", "ContentDate", "ContentTime")
_LABEL = ("ContentDescription", "ContentCreatorName")
IMAGE = Leaf(type="IMAGE", must=("InstanceNumber",), may=("ImageType",))
_ENCAPSULATED = Leaf(
    type="ENCAP DOC",
    must=("InstanceNumber", "MIMETypeOfEncapsulatedDocument"),
    empty=("ContentDate", "ContentTime", "DocumentTitle", "ConceptNameCodeSequence"),
)
_REPORT = Leaf(
    type="SR DOCUMENT",
    must=(*_CONTENT, "CompletionFlag", "VerificationFlag", "ConceptNameCodeSequence"),
    may=("VerificationDateTime", "ContentSequence"),
)
_KEY_OBJECT = Leaf(
    type="KEY OBJECT DOC", must=(*_CONTENT, "ConceptNameCodeSequence"), may=("ContentSequence",)
)
_PRESENTATION = Leaf(
    type="PRESENTATION",
    must=("InstanceNumber", "PresentationCreationDate", "PresentationCreationTime", "ContentLabel"),
    empty=_LABEL,
    may=("ReferencedSeriesSequence",),
)
_WAVEFORM = Leaf(type="WAVEFORM", must=_CONTENT)


def _labelled(kind: str) -> Leaf:
    return Leaf(type=kind, must=(*_CONTENT, "ContentLabel"), empty=_LABEL)


LEAVES: Mapping[UID, Leaf] = {
    **dict.fromkeys(
        (
            sop.EncapsulatedPDFStorage,
            sop.EncapsulatedCDAStorage,
            sop.EncapsulatedSTLStorage,
            sop.EncapsulatedOBJStorage,
            sop.EncapsulatedMTLStorage,
        ),
        _ENCAPSULATED,
    ),
    **dict.fromkeys(
        (
            sop.GrayscaleSoftcopyPresentationStateStorage,
            sop.ColorSoftcopyPresentationStateStorage,
            sop.PseudoColorSoftcopyPresentationStateStorage,
        ),
        _PRESENTATION,
    ),
    **dict.fromkeys(
        (
            sop.BasicTextSRStorage,
            sop.EnhancedSRStorage,
            sop.ComprehensiveSRStorage,
            sop.Comprehensive3DSRStorage,
            sop.XRayRadiationDoseSRStorage,
            sop.PatientRadiationDoseSRStorage,
            sop.ImplantationPlanSRStorage,
        ),
        _REPORT,
    ),
    sop.KeyObjectSelectionDocumentStorage: _KEY_OBJECT,
    sop.BasicVoiceAudioWaveformStorage: _WAVEFORM,
    sop.GeneralAudioWaveformStorage: _WAVEFORM,
    sop.TwelveLeadECGWaveformStorage: _WAVEFORM,
    sop.GeneralECGWaveformStorage: _WAVEFORM,
    sop.RawDataStorage: Leaf(type="RAW DATA", must=_CONTENT),
    sop.SpatialRegistrationStorage: _labelled("REGISTRATION"),
    sop.DeformableSpatialRegistrationStorage: _labelled("REGISTRATION"),
    sop.SpatialFiducialsStorage: _labelled("FIDUCIAL"),
    sop.RealWorldValueMappingStorage: _labelled("VALUE MAP"),
    sop.SurfaceSegmentationStorage: _labelled("SURFACE"),
    sop.SurfaceScanMeshStorage: Leaf(type="SURFACE SCAN", must=_CONTENT[1:]),
    sop.SurfaceScanPointCloudStorage: Leaf(type="SURFACE SCAN", must=_CONTENT[1:]),
    sop.StereometricRelationshipStorage: Leaf(type="STEREOMETRIC"),
    sop.RTDoseStorage: Leaf(type="RT DOSE", must=("InstanceNumber", "DoseSummationType")),
    sop.RTStructureSetStorage: Leaf(
        type="RT STRUCTURE SET",
        must=("InstanceNumber", "StructureSetLabel"),
        empty=("StructureSetDate", "StructureSetTime"),
    ),
    sop.RTPlanStorage: Leaf(
        type="RT PLAN", must=("InstanceNumber", "RTPlanLabel"), empty=("RTPlanDate", "RTPlanTime")
    ),
}
"""Types of record by SOP class (PS3.3 §F.4); images are told by other means."""


def record_type_of(dataset: Dataset) -> Leaf | None:
    """Return the type of record for an instance; ``None`` for a private or unknown kind without pixels."""
    kind = UID(plain_value(dataset, "SOPClassUID"))
    if kind in LEAVES:
        return LEAVES[kind]
    pixels = "Rows" in dataset and "Columns" in dataset
    return IMAGE if pixels or kind.name.endswith("Image Storage") else None
