"""Instance UIDs in the dossiers of two patients: whoever keeps one file under a UID keeps that of one of them.

Of a store all dossiers are compared, whoever is chosen; of a package those that are handed over in one run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archiver.practice.store import PracticeStore
from formats.findings import Finding, Severity
from formats.model.dossier import Dossier
from formats.words import mark

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover

_HASH_BYTES = 8
_SHARED = (
    "SELECT instances.sop_instance_uid FROM image_studies_series_instances AS instances"
    " JOIN image_studies ON image_studies.id = instances.owner"
    " LEFT JOIN identity_links AS links ON links.patient = image_studies.patient"
    " GROUP BY instances.sop_instance_uid"
    " HAVING count(DISTINCT coalesce(links.person, image_studies.patient)) > 1"
)


class SharedInstances:
    """What is known of the instance UIDs of other patients in ``content``."""

    def __init__(self, content: PracticeStore | OpenedHandover) -> None:
        self._shared: set[str] | None = None
        if isinstance(content, PracticeStore):
            self._shared = {uid for (uid,) in content.db.execute(_SHARED)}
        self._holders: dict[bytes, str] = {}

    def findings(self, dossier: Dossier) -> Iterator[Finding]:
        """Yield a finding for each instance UID of a dossier that another patient's has as well."""
        studies = dossier.image_studies
        uids = {one.sop_instance_uid for study in studies for each in study.series for one in each.instances}
        for uid in sorted(uids):
            if self._is_shared(uid, dossier.patient.id):
                yield Finding(
                    severity=Severity.WARNING,
                    code="dicom-uid-of-two-patients",
                    where=dossier.patient.id,
                    sentence=mark(
                        "The instance UID {uid} is in another patient's dossier too: a viewer or server that has both "
                        "keeps one of the two. Look at both dossiers: whose image it is, a person decides."
                    ),
                    facts={"uid": uid},
                )

    def _is_shared(self, uid: str, patient: str) -> bool:
        if self._shared is not None:
            return uid in self._shared
        key = hashlib.blake2b(uid.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
        return self._holders.setdefault(key, patient) != patient
