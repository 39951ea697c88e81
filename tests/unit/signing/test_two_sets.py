"""Trust anchors of signers and of time-stamping authorities: neither set stands in for the other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    KeyUsage,
    Name,
    NameAttribute,
)
from cryptography.x509.oid import NameOID

from archiver.cli.program import program
from archiver.signing.keys.key_file import KeySigner
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from tests.packages import SIGNED, signer
from tests.tsa import authority

DATA = b"<the list/>"
DAY = timedelta(days=1)
NAME = "Dr Malo Kerbrat"


def of_the_stampers_authority() -> KeySigner:
    """Return a signer whom the authority of a time-stamping service certified."""
    issuer, above = authority().issuing
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = (
        CertificateBuilder()
        .issuer_name(issuer.subject)
        .subject_name(Name([NameAttribute(NameOID.COMMON_NAME, NAME)]))
        .public_key(key.public_key())
        .serial_number(77)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2030, 1, 1, tzinfo=UTC))
        .add_extension(BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(above, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return KeySigner(key=private, certificate=leaf.public_bytes(Encoding.DER), chain=authority().roots)


def test_the_authority_of_a_stamper_vouches_for_no_signer():
    signature = sign_manifest(DATA, of_the_stampers_authority(), at=SIGNED, stamp=authority().at(SIGNED))
    stamps = Trust(at=SIGNED + DAY, tsa_roots=authority().roots)
    found = answer_signature(signature, DATA, stamps, where="s")
    assert found.existed_at.code == "timestamped"
    assert (found.trusted.state, found.trusted.code) == (State.UNKNOWN, "no-roots")
    found = answer_signature(signature, DATA, replace(stamps, roots=signer().roots), where="s")
    assert found.trusted.code == "signer-untrusted"


def test_the_authority_of_a_signer_vouches_for_no_time_stamp():
    signature = sign_manifest(DATA, signer(), at=SIGNED, stamp=authority().at(SIGNED))
    signers = Trust(at=SIGNED + DAY, roots=(*signer().roots, *authority().roots))
    found = answer_signature(signature, DATA, signers, where="s")
    assert (found.existed_at.code, found.trusted.code) == ("timestamp-untrusted", "accepted")
    found = answer_signature(signature, DATA, replace(signers, tsa_roots=authority().roots), where="s")
    assert found.existed_at.code == "timestamped"


def commands(group=None, words=()):
    group = group or program()
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, name))
        else:
            options = {option for one in command.params for option in one.opts}
            yield " ".join((*words, name)), options


FOR_STAMPS_ALONE = {"evidence build", "evidence renew", "evidence show"}
"""Who signed does not matter to them."""
WITHOUT_STAMPS = {"judge pdlgc", "backup restore"}
"""Whose stamp a signature has is not judged by them, which limitations.md says; what a backup writes bears none."""


def test_every_command_that_judges_signers_is_told_of_both_sets():
    options_of = dict(commands())
    both = {name for name, options in options_of.items() if "--roots" in options}
    assert len(both) >= 6
    assert all("--tsa-roots" in options_of[name] for name in both - WITHOUT_STAMPS)
    assert {
        name for name in FOR_STAMPS_ALONE if "--tsa-roots" in options_of[name] - {"--roots"}
    } == FOR_STAMPS_ALONE
    assert not any("--roots" in options_of[name] for name in FOR_STAMPS_ALONE)
