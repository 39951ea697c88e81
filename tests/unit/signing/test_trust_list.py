"""Trust lists of states (ETSI TS 119 612): whom they name, and since when."""

from datetime import timedelta

import pytest

from archiver.signing.errors import TrustListUnreadable
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust import trust_list
from archiver.signing.trust.anchors import Service, Trust
from archiver.signing.trust.trust_list import read_trust_list
from archiver.verdict import State
from formats.errors import LimitExceeded
from tests.authorities import START, der, practitioners
from tests.packages import SIGNED
from tests.trust_lists import GRANTED, service, written
from tests.tsa import authority

DATA = b"<the list/>"
WITHDRAWN = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"
ACCREDITED = "http://uri.etsi.org/TrstSvc/Svcstatus/accredited"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def signature():
    ours = practitioners()
    return sign_manifest(DATA, ours.signer(), at=SIGNED, stamp=authority().at(SIGNED + timedelta(minutes=1)))


def everything(*statuses):
    return (
        service("CA/QC", der(practitioners().above), *statuses),
        service("TSA/QTST", der(authority().leaf), *statuses),
        service("unspecified", der(practitioners().root), *statuses),
    )


def asked(signature, path, at):
    return answer_signature(signature, DATA, Trust(at=at, listed=read_trust_list(path)), where="s")


def test_a_list_vouches_for_signer_and_time(signature, tmp_path):
    found = asked(signature, written(tmp_path, *everything((GRANTED, START))), SIGNED + 3000 * DAY)
    assert (found.existed_at.code, found.trusted.code) == ("timestamped-listed", "accepted-listed")
    assert found.trusted.state is found.existed_at.state is State.PROVEN
    assert found.trusted.facts["trust_list"] == "FR 42 (2026-02-01)"
    for one in (found.trusted, found.existed_at):
        assert "the list itself was not verified" in one.text


def test_what_is_read(tmp_path):
    found = read_trust_list(written(tmp_path, *everything((GRANTED, START))))
    assert [(one.service, one.certificate) for one in found] == [
        (Service.SIGNERS, der(practitioners().above)),
        (Service.TIME_STAMPS, der(authority().leaf)),
    ]


@pytest.mark.parametrize(("statuses", "expected"), [
    (((WITHDRAWN, SIGNED + DAY), (GRANTED, START)), ("timestamped-listed", "accepted-listed")),
    (((WITHDRAWN, SIGNED + DAY), (ACCREDITED, START)), ("timestamped-listed", "accepted-listed")),
    (((WITHDRAWN, SIGNED - DAY), (GRANTED, START)), ("timestamp-untrusted", "signer-untrusted")),
    (((GRANTED, SIGNED + DAY),), ("timestamp-untrusted", "accepted-listed")),
    (((GRANTED, SIGNED + 3 * DAY),), ("timestamp-untrusted", "signer-untrusted")),
])  # fmt: skip
def test_a_service_counts_while_it_is_granted(signature, tmp_path, statuses, expected):
    """A certificate that is not time-stamped is judged at the moment asked for."""
    found = asked(signature, written(tmp_path, *everything(*statuses)), SIGNED + 2 * DAY)
    assert (found.existed_at.code, found.trusted.code) == expected


def test_an_authority_of_time_stamps_vouches_for_no_signer(signature, tmp_path):
    swapped = (
        service("TSA/QTST", der(practitioners().above), (GRANTED, START)),
        service("CA/QC", der(authority().root), (GRANTED, START)),
    )
    found = asked(signature, written(tmp_path, *swapped), SIGNED + DAY)
    assert (found.existed_at.code, found.trusted.code) == ("timestamp-untrusted", "signer-untrusted")


def test_a_root_that_was_given_needs_no_list(signature, tmp_path):
    listed = read_trust_list(written(tmp_path, *everything((GRANTED, START))))
    ours, theirs = der(practitioners().above), der(authority().leaf)
    trust = Trust(at=SIGNED + DAY, roots=(ours,), tsa_roots=(theirs,), listed=listed)
    found = answer_signature(signature, DATA, trust, where="s")
    assert (found.existed_at.code, found.trusted.code) == ("timestamped", "accepted-named")


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda _: "no XML", "well-formed"),
    (lambda text: text.replace("TrustServiceStatusList", "Other"), "no trust list"),
    (lambda text: text.replace("2026-01-01T", "01/01/2026"), "a time is not one"),
    (lambda text: text.replace("00:00:00Z</Status", "00:00:00</Status"), "no zone"),
    (lambda text: text.replace("CA/QC", "CA/X").replace("TSA/QTST", "TSA/X"), "names no authority"),
    (lambda text: text.replace("<X509Certificate>\nMII", "<X509Certificate>\nAAA"), "cannot be read"),
    (lambda text: text.replace("<SchemeTerritory>FR</SchemeTerritory>", ""), "lacks something"),
    (lambda text: text.replace("ServiceStatus>", "Status>"), "lacks something"),
    (lambda text: text.replace("SchemeInformation", "Other"), "which list it is"),
    (lambda text: text.replace("ServiceInformation", "Other"), "says nothing about itself"),
])  # fmt: skip
def test_what_is_no_trust_list(tmp_path, change, sentence):
    path = written(tmp_path, *everything((GRANTED, START)))
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(TrustListUnreadable, match=sentence):
        read_trust_list(path)


def test_limits(tmp_path, monkeypatch):
    path = written(tmp_path, *everything((GRANTED, START), *[(WITHDRAWN, START)] * 201))
    with pytest.raises(LimitExceeded, match="statuses"):
        read_trust_list(path)
    path = written(tmp_path, *everything((GRANTED, START)))
    monkeypatch.setattr(trust_list, "MAX_SERVICES", 2)
    with pytest.raises(LimitExceeded, match="services"):
        read_trust_list(path)
    monkeypatch.setattr(trust_list, "MAX_TRUST_LIST_BYTES", 100)
    with pytest.raises(LimitExceeded, match="bytes"):
        read_trust_list(path)
