"""openssl reads what our signatures enclose: time-stamps, revocation lists, a second signer."""

from datetime import timedelta

import pytest
from asn1crypto import cms, tsp  # noqa: F401 - tsp registers the attribute

from archiver.package import layout
from archiver.signing.certificates.reading import write_pem
from archiver.signing.revocation.sources import Sources
from formats.digests import Digest
from tests.authorities import der, practitioners
from tests.packages import SIGNED, package, unpacked
from tests.tools import need, run
from tests.tsa import authority, openssl_verify

STAMPED = SIGNED + timedelta(minutes=5)
PLACES = (
    (layout.ASIC_MANIFEST, layout.SIGNATURE, ""),
    (layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE, "Autre"),
)


def who(place):
    return practitioners(place[2]) if place[2] else practitioners()


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    ours, theirs = map(who, PLACES)
    lists = tuple(
        one.revocations(at=SIGNED, by_root=root) for one in (ours, theirs) for root in (False, True)
    )
    sources = Sources(lists=lists, responses=(theirs.response(theirs.signer().certificate, at=SIGNED),))
    data = package(
        by=ours.signer(), co_signer=theirs.signer(), stamp=authority().at(STAMPED), sources=sources
    )
    tree = unpacked(data, tmp_path_factory.mktemp("signed"))
    for place in PLACES:
        (tree / f"roots{place[2]}.pem").write_text(write_pem((der(who(place).root),)))
    return tree


def verified(tree, place, *more, at=STAMPED):
    return run(
        *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", place[1]),
        *("-content", place[0], "-CAfile", f"roots{place[2]}.pem", "-purpose", "any"),
        *("-attime", str(int(at.timestamp())), "-out", "/dev/null", *more),
        cwd=tree,
    )


@pytest.mark.parametrize("place", PLACES)
def test_each_signature_verifies_alone(tree, place):
    assert "CAdES Verification successful" in verified(tree, place)


@pytest.mark.parametrize("place", PLACES)
def test_the_enclosed_lists_are_what_openssl_checks_against(tree, place):
    assert "CAdES Verification successful" in verified(tree, place, "-crl_check_all")
    with pytest.raises(AssertionError, match="CRL has expired"):
        verified(tree, place, "-crl_check_all", at=STAMPED + timedelta(days=30))


@pytest.mark.parametrize("place", PLACES)
def test_the_time_stamp_verifies_over_the_signature_s_value(tree, place):
    signer = cms.ContentInfo.load((tree / place[1]).read_bytes())["content"]["signer_infos"][0]
    token = signer["unsigned_attrs"][0]["values"][0].dump()
    digest = Digest.of(signer["signature"].native)
    assert "Verification: OK" in openssl_verify(token, digest, authority(), STAMPED)
    with pytest.raises(AssertionError, match="message imprint mismatch"):
        openssl_verify(token, Digest.of(b"else"), authority(), STAMPED)
