"""Medical devices put into a patient, with what traces them, and those ordered from a dental laboratory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from formats.model.dates import AnyDate, AnyMoment
from formats.model.record import PatientRecord, reference

EMDN_SYSTEM = "1.2.250.1.213.2.68"
"""OID of the European Medical Device Nomenclature, in which the CI-SIS codes the type of a device."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MedicalDevice(PatientRecord):
    """An implant or another device in a patient: what the implant card states (Regulation (EU) 2017/745, art. 18).

    ``part_number`` is the catalogue number (REF), ``udi`` the whole unique device identification in readable
    form and ``udi_di`` its device identifier; ``document`` the paper that shows them, such as the sticker.
    """

    kind: ClassVar[str] = "devices"
    code_system: str = ""
    code: str = ""
    label: str = ""
    manufacturer: str = ""
    model: str = ""
    part_number: str = ""
    lot: str = ""
    serial: str = ""
    udi: str = ""
    udi_di: str = ""
    manufactured_on: AnyDate | None = None
    expires_on: AnyDate | None = None
    teeth: tuple[str, ...] = ()
    implanted_on: AnyDate | None = None
    removed_on: AnyDate | None = None
    act: str | None = reference("acts")
    practitioner: str | None = reference("practitioners")
    document: str | None = reference("documents")
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LabOrder(PatientRecord):
    """Work ordered from a dental laboratory, when it went out and when it came back.

    ``label`` is what was ordered, ``due_at`` the date on the slip, ``checked_at`` when the practice found the
    work good; ``cost_cents`` is what the laboratory charges.
    """

    kind: ClassVar[str] = "lab_orders"
    laboratory: str = ""
    label: str = ""
    shade: str = ""
    teeth: tuple[str, ...] = ()
    instructions: str = ""
    ordered_at: AnyMoment | None = None
    sent_at: AnyMoment | None = None
    due_at: AnyMoment | None = None
    received_at: AnyMoment | None = None
    checked_at: AnyMoment | None = None
    practitioner: str | None = reference("practitioners")
    appointment: str | None = reference("appointments")
    act: str | None = reference("acts")
    cost_cents: int | None = None
    invoice: str = ""
