"""Refuse what no reader would take before anything is written."""

from __future__ import annotations

from archiver.assembly.request import ExportContext
from archiver.assembly.volume import named_organisation, organisation_of
from archiver.package.manifests.manifest_reading import require_readable
from archiver.sealing import keyring
from formats.errors import LimitExceeded
from formats.words import mark


def refuse_beyond_limits(course: ExportContext) -> None:
    """Refuse an export whose package would not be read again, as far as that is known beforehand.

    Raises:
        LimitExceeded: when one package would have more units than a keyring.
        ManifestInvalid: when a name is longer than a manifest has room for, or empty.
    """
    request = course.request
    units = len(request.patients) + 1
    if not request.cut and units > keyring.MAX_ENTRIES:
        name = mark("the number of units in the keyring")
        raise LimitExceeded(name=name, found=units, limit=keyring.MAX_ENTRIES)
    parties = {
        "sender": organisation_of(course.practice),
        "controller_after": named_organisation(request.controller_after),
        "receiver": named_organisation(request.receiver),
    }
    for key, party in parties.items():
        if party is not None:
            require_readable(key, party)
