"""Ways in which what is to be examined is not there, or has its evidence already."""

from __future__ import annotations

from archiver.errors import PackageFailure
from formats.errors import Failure
from formats.words import mark


class VolumeMissing(PackageFailure):
    code = "volume-missing"
    sentence = mark("The set lists this volume, and it is not there.")


class NoPackage(Failure):
    code = "no-package"
    sentence = mark("There is no package (.asice) in this folder.")


class EvidencePresent(Failure):
    code = "evidence-present"
    sentence = mark("{package} has evidence already: renew it, or ask for another record (--another).")


class EvidenceAbsent(Failure):
    code = "evidence-absent"
    sentence = mark("{package} has no evidence to renew or to show.")
