"""What came over the network in one run: instances in a file-set, counted, and findings about those that did not."""

from __future__ import annotations

import threading
from collections import Counter

from archiver.dicom_network.instance_folder import InstanceFile, InstanceFolder, InstanceState
from archiver.dicom_network.network_activity import NetworkActivity
from archiver.spooled_list import SpooledList
from formats.errors import Fact, LimitExceeded
from formats.findings import Finding, Severity
from formats.words import mark

MAX_INSTANCES = 1_000_000
"""Instances of one run; a folder that is collected holds at most twice as many files."""
MAX_FINDINGS = 10_000
"""Findings of one run about what others sent."""


class Reception:
    """Instances that came into ``files``: ``arrivals`` counted, ``refused`` ones, and ``findings``.

    Safe for several associations at once.
    """

    def __init__(self, files: InstanceFolder) -> None:
        self.files = files
        self.activity = NetworkActivity()
        self.arrivals: Counter[InstanceState] = Counter()
        self.refused = 0
        self.findings: SpooledList[Finding] = SpooledList()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many instances came and are there."""
        return self.arrivals.total()

    def require_within_limit(self) -> None:
        """Raise when enough came.

        Raises:
            LimitExceeded: past ``MAX_INSTANCES`` instances.
        """
        if self.count >= MAX_INSTANCES:
            raise LimitExceeded(name=mark("the number of images"), found=self.count + 1, limit=MAX_INSTANCES)

    def keep(self, file: InstanceFile, uid: str) -> None:
        """Keep a whole instance; afterwards it is safe on the disk.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        arrival = self.files.keep(file, uid)
        with self._lock:
            self.arrivals[arrival] += 1
        self.activity.note()

    def refuse(self, uid: str, reason: Fact) -> None:
        """Count an instance that is not kept, and say why."""
        with self._lock:
            self.refused += 1
        sentence = mark("The image {uid} was refused: {reason}.")
        self.note(Severity.ERROR, "dicom-instance-refused", uid, sentence, uid=uid, reason=reason)

    def note(self, severity: Severity, code: str, where: str, sentence: str, **facts: Fact) -> None:
        """Add a finding; nothing more is said beyond ``MAX_FINDINGS``."""
        finding = Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)
        with self._lock:
            if len(self.findings) < MAX_FINDINGS:
                self.findings.append(finding)
