"""Amounts that are not known, or that no practice has, of dossiers that are exported."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest
from archiver.operations.export import export
from archiver.practice.store import open_store
from archiver.sealing.age import HybridIdentity
from formats.errors import LimitExceeded
from formats.model.money import Invoice, Payment
from formats.model.record import practice_namespace, record_id
from tests.full_dossier import full_dossier
from tests.packages import counted, signer

KEY = HybridIdentity(seed=b"k" * 32)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def exported(folder: Path, *records: Invoice | Payment) -> ExportOutcome:
    dossier = full_dossier()
    with open_store(folder / "p.db", create=True) as store:
        for one in (dossier.practice, *dossier.practitioners, dossier.patient, *records):
            store.put(one)
        access = KeyringRecipients(recipients=[KEY.to_recipient()])
        patients = [dossier.patient.id]
        request = ExportRequest(
            target=folder / "p.asice", patients=patients, access=access, signer=signer(), sender="Cabinet"
        )
        return export(store, request, clock=lambda: NOON, randomness=counted(b"amounts"))


def of_patient(kind: type[Invoice | Payment], **values: object) -> Invoice | Payment:
    return kind(
        id=record_id(practice_namespace("amounts"), kind.kind, 1),
        patient=full_dossier().patient.id,
        **values,  # type: ignore[arg-type]
    )


def test_an_invoice_whose_total_is_not_known_counts_and_adds_nothing(tmp_path: Path) -> None:
    counts = exported(tmp_path, of_patient(Invoice, total_cents=None)).counts
    assert counts["invoices"] == 1 and not counts.get("invoiced_cents")


def test_a_sum_beyond_what_a_keyring_states_is_refused_as_such(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded) as refused:
        exported(tmp_path, of_patient(Payment, amount_cents=(1 << 62) + 1))
    assert refused.value.facts["limit"] == 1 << 62
    assert not (tmp_path / "p.asice").exists()
