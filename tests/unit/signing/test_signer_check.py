"""What a signer's certificate must be: what readers would refuse, whoever signs is told before anything begins."""

from datetime import UTC, datetime

import pytest

from archiver.signing.errors import (
    SignerAlgorithmEnded,
    SignerPathIncomplete,
    SignerPathInvalid,
    SignerUnfit,
)
from archiver.signing.keys.key_file import load_signer
from archiver.signing.keys.signer_check import lacks_root, refuse_unfit
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.signed_data import read_signature
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from formats.errors import Failure
from tests import signing_keys as keys
from tests.packages import SIGNED, signer
from tests.signing_keys import certified, der, inter, leaf, root, short_key, write_p12

DATA = b"<the list/>"


def loaded(folder, who, *beside):
    return load_signer(write_p12(folder / "signer.p12", who, *beside), None)


def judged(signer, *roots, **kinds):
    """Return what a reader says who accepts ``roots``."""
    signature = sign_manifest(DATA, signer, at=SIGNED)
    return answer_signature(
        signature, DATA, Trust(at=SIGNED, roots=tuple(map(der, roots)), **kinds), where="s"
    )


@pytest.mark.parametrize(
    "order", ["inter root", "root inter", "inter", "inter root leaf", "inter inter root"]
)
def test_a_chain_in_any_order_is_put_right(tmp_path, order):
    holders = {"inter": inter(), "root": root(), "leaf": leaf()}
    made = loaded(tmp_path, leaf(), *(holders[one] for one in order.split()))
    assert made.chain[:1] == (der(inter()),) and not made.left_out
    refuse_unfit([made], SIGNED)
    assert made.roots == ((der(root()),) if "root" in order else ())
    found = judged(made, root())
    assert (found.signed_by.state, found.trusted.state) == (State.PROVEN, State.PROVEN)


def test_certificates_of_others_are_left_out(tmp_path):
    beside = certified("Dr Sans Rapport"), certified("Racine sans rapport", authority=True)
    made = loaded(tmp_path, leaf(), beside[0], root(), beside[1], inter())
    assert made.chain == (der(inter()), der(root()))
    assert made.left_out == tuple(map(der, beside))
    refuse_unfit([made], SIGNED)
    assert judged(made, root()).trusted.state is State.PROVEN


def test_of_two_ways_the_one_that_ends_in_a_root_is_taken(tmp_path):
    """An authority that was certified twice, once by somebody whose certificate is not there."""
    other = certified("Autre racine", authority=True)
    crossed = certified("Autorité des praticiens", other, key=inter().key, authority=True)
    for beside in ((crossed, inter(), root()), (inter(), root(), crossed)):
        made = loaded(tmp_path, leaf(), *beside)
        assert made.chain == (der(inter()), der(root()))


USES = {
    "servers alone": ({"purposes": [keys.SERVERS]}, "extended key usage"),
    "programs alone": ({"purposes": [keys.CODE]}, "extended key usage"),
    "time-stamps alone": ({"purposes": [keys.TIMES]}, "extended key usage"),
    "OCSP alone": ({"purposes": [keys.OCSP, keys.SERVERS]}, "extended key usage"),
    "encryption": ({"usage": ("key_encipherment",)}, "key usage"),
    "issuing": ({"usage": ("key_cert_sign",)}, "key usage"),
}


@pytest.mark.parametrize("name", USES)
def test_a_certificate_for_something_else_is_refused_on_both_sides(tmp_path, name):
    kinds, sentence = USES[name]
    who = certified("Dr Malo Kerbrat", inter(), **kinds)
    made = loaded(tmp_path, who, inter(), root())
    with pytest.raises(SignerUnfit, match=sentence):
        refuse_unfit([made], SIGNED)
    accepted_by_root = judged(made, root())
    itself = judged(made, fingerprints=frozenset({made.fingerprint}))
    first = judged(made, first_use=True)
    assert {one.trusted.code for one in (accepted_by_root, itself, first)} == {"signer-unfit"}


@pytest.mark.parametrize("kinds", [
    {"purposes": [keys.DOCUMENTS]}, {"purposes": [keys.MAIL]}, {"purposes": [keys.ANY]},
    {"purposes": [keys.SERVERS, keys.MAIL]}, {"usage": ("digital_signature",)},
    {"usage": ("content_commitment",)}, {"usage": None},
])  # fmt: skip
def test_a_certificate_for_documents_is_taken_on_both_sides(tmp_path, kinds):
    made = loaded(tmp_path, certified("Dr Malo Kerbrat", inter(), **kinds), inter(), root())
    refuse_unfit([made], SIGNED)
    assert judged(made, root()).trusted.state is State.PROVEN


def _short(_):
    return certified("Dr Court", inter(), key=short_key()), (inter(), root())


def _sha1(folder):
    above = keys.sha1_inter(folder)
    return certified("Dr Vieux", above), (above, root())


def _alone(_):
    return leaf(), ()


def _without_intermediate(_):
    return leaf(), (root(),)


def _gap_below_the_root(_):
    middle = certified("Autorité du milieu", inter(), authority=True)
    return certified("Dr Malo Kerbrat", middle), (middle, root())


def _below_a_signer(_):
    return certified("Dr Sous", leaf()), (leaf(), inter(), root())


def _below_a_signer_alone(_):
    return certified("Dr Sous", leaf()), (leaf(),)


def _sha1_without_root(folder):
    above = keys.sha1_inter(folder)
    return certified("Dr Vieux", above), (above,)


def _ended_without_root(_):
    above = certified("Autorité finie", root(), authority=True, end=datetime(2025, 1, 1, tzinfo=UTC))
    return certified("Dr Malo Kerbrat", above), (above,)


def _too_deep_without_root(_):
    above = certified("Autorité des feuilles", root(), authority=True, depth=0)
    middle = certified("Autorité de trop", above, authority=True)
    return certified("Dr Malo Kerbrat", middle), (middle, above)


def _ended_above(_):
    above = certified("Autorité finie", root(), authority=True, end=datetime(2025, 1, 1, tzinfo=UTC))
    return certified("Dr Malo Kerbrat", above), (above, root())


@pytest.mark.parametrize(("make", "expected", "sentence"), [
    (_short, SignerAlgorithmEnded, r"1024"),
    (_sha1, SignerAlgorithmEnded, "sha1"),
    (_alone, SignerPathIncomplete, "Autorité des praticiens"),
    (_without_intermediate, SignerPathIncomplete, "Autorité des praticiens"),
    (_gap_below_the_root, SignerPathIncomplete, "Autorité des praticiens"),
    (_sha1_without_root, SignerAlgorithmEnded, "sha1"),
    (_ended_without_root, SignerPathInvalid, "Autorité finie"),
    (_too_deep_without_root, SignerPathInvalid, "Autorité des feuilles"),
    (_below_a_signer_alone, SignerPathInvalid, "Dr Malo Kerbrat"),
    (_below_a_signer, SignerPathInvalid, "Racine des praticiens"),
    (_ended_above, SignerPathInvalid, "Racine des praticiens"),
])  # fmt: skip
def test_what_readers_would_refuse_is_not_signed(tmp_path, make, expected, sentence):
    who, beside = make(tmp_path)
    made = loaded(tmp_path, who, *beside)
    with pytest.raises(expected, match=sentence):
        refuse_unfit([made], SIGNED)
    # and so it is: no reader who has the root accepts it
    found = judged(made, root())
    assert found.trusted.state is not State.PROVEN or found.signed_by.state is not State.PROVEN


@pytest.mark.parametrize("middle", [False, True])
def test_a_path_that_lacks_the_root_alone_is_signed_with_and_accepted_by_who_has_the_root(tmp_path, middle):
    between = (certified("Autorité du milieu", inter(), authority=True),) if middle else ()
    who = certified("Dr Malo Kerbrat", *between) if middle else leaf()
    made = loaded(tmp_path, who, *between, inter())
    refuse_unfit([made], SIGNED)

    assert lacks_root(made)
    inside = read_signature(sign_manifest(DATA, made, at=SIGNED)).certificates
    assert {one.dump() for one in inside} == set(map(der, (who, *between, inter())))
    found = judged(made, root())
    assert (found.signed_by.state, found.trusted.code) == (State.PROVEN, "accepted-named")


def test_every_signer_is_checked(tmp_path):
    with pytest.raises(Failure):
        refuse_unfit([signer(), None, loaded(tmp_path, *_alone(tmp_path)[:1])], SIGNED)
    refuse_unfit([signer(), None], SIGNED)


def test_a_self_signed_certificate_signs(tmp_path):
    own = certified("Dr Tout Seul")
    made = loaded(tmp_path, own)
    refuse_unfit([made], SIGNED)
    assert judged(made, own).trusted.code == "accepted"
    assert judged(made, certified("Autre")).trusted.code == "signer-untrusted"
