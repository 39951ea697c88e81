"""Terms of a SEDA transfer: what the package says of its sides, and what a file of the archive says instead.

The file is TOML: ``archival_agreement``, ``archival_agency``, ``transferring_agency``, ``originating_agency``,
``appraisal_rule``, ``appraisal_years``, ``access_rule``, ``hold_rule``. All may be left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.delivery.errors import TransferTermsInvalid
from archiver.disk import failures_about
from archiver.package.manifests.manifest import Manifest, Organisation
from formats.errors import LimitExceeded
from formats.regular_files import open_regular
from formats.seda.transfer import Agency, ManagementRules, Transfer, TransferTerms
from formats.words import mark

MAX_TERMS_BYTES = 64 << 10
"""Bytes of a file of terms; eight short lines have 500."""
MAX_YEARS = 200
"""Duration, in years, of the longest appraisal rule that is taken."""
MAX_TEXT = 256
"""Characters of an identifier."""

_AGENCIES = ("archival_agency", "transferring_agency", "originating_agency")
_RULES = {"appraisal_rule": "appraisal", "access_rule": "access", "hold_rule": "hold"}
_AGREEMENT, _YEARS = "archival_agreement", "appraisal_years"


def read_transfer_terms(path: Path) -> dict[str, str | int]:
    """Return what the file at ``path`` says, by its keys.

    Raises:
        TransferTermsInvalid: when it is no TOML, or has a key or a value that means nothing.
        LimitExceeded, DiskFault: when it is too long, or cannot be read.
    """
    with failures_about(path), open_regular(path) as stream:
        data = stream.read(MAX_TERMS_BYTES + 1)
    if len(data) > MAX_TERMS_BYTES:
        name = mark("the size of a file in bytes")
        raise LimitExceeded(where=str(path), name=name, found=len(data), limit=MAX_TERMS_BYTES)
    try:
        found: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except ValueError as fault:
        raise TransferTermsInvalid(where=str(path), reason=mark("it is not TOML")) from fault
    for key, value in found.items():
        _judge(path, key, value)
    return found


def _judge(path: Path, key: str, value: object) -> None:
    if key == _YEARS:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_YEARS:
            raise TransferTermsInvalid(where=f"{path}: {key}", reason=mark("it is no number of years"))
    elif key not in {*_AGENCIES, *_RULES, _AGREEMENT}:
        raise TransferTermsInvalid(where=f"{path}: {key}", reason=mark("no term is called so"))
    elif not isinstance(value, str) or not value.isprintable() or not 0 < len(value.strip()) <= MAX_TEXT:
        raise TransferTermsInvalid(where=f"{path}: {key}", reason=mark("it is no text of one line"))


def transfer_of(manifest: Manifest, stated: Mapping[str, str | int], at: datetime) -> Transfer:
    """Return the transfer of a package at the moment ``at``; nothing in it is about a patient."""
    handover = manifest.handover
    of_package = {
        "archival_agency": handover.receiver or handover.controller_after,
        "transferring_agency": handover.sender,
        "originating_agency": handover.controller_before,
    }
    agencies = {
        name: Agency(identifier=str(stated[name])) if name in stated else _agency(of_package[name])
        for name in _AGENCIES
    }
    rules: dict[str, Any] = {field: stated[key] for key, field in _RULES.items() if key in stated}
    if _YEARS in stated:
        rules[_YEARS] = stated[_YEARS]
    patients = handover.counts.get("patients", 0)
    return Transfer(
        identifier=f"{manifest.package_id}:{manifest.revision}",
        package=manifest.package_id,
        date=at,
        title=f"Dossiers patients d’un cabinet dentaire, paquet scellé {manifest.package_id}",
        description=(
            f"Paquet ASiC-E (ETSI EN 319 162-1, PRONOM fmt/1564), révision {manifest.revision}, du "
            f"{handover.created.isoformat()}\u202f: {patients} dossiers patients, chiffrés un par un. "
            f"Motif\u202f: {handover.legal_ground}. Remis par {handover.sender.name}. Chaque fichier porte son nom "
            "d’origine dans FileInfo/Filename\u202f; remis sous ces noms, ils forment de nouveau le paquet."
        ),
        terms=TransferTerms(
            **agencies,
            agreement=str(stated.get(_AGREEMENT, "")),
            rules=ManagementRules(**rules),
        ),
    )


def _agency(organisation: Organisation | None) -> Agency:
    if organisation is None:
        return Agency()
    first = next(iter(organisation.identifiers), None)
    if first is None:
        return Agency(identifier=organisation.name)
    return Agency(identifier=first.value, scheme=first.system)
