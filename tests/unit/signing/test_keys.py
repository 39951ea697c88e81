import json
import os
import re
import stat
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption, load_der_private_key, pkcs12

from archiver.errors import AlreadyExists, KeyUnreadable, WrongPassphrase
from archiver.signing.certificates import reading
from archiver.signing.certificates.fingerprint import Fingerprint, plain_fingerprint
from archiver.signing.errors import SignerUntrusted
from archiver.signing.keys.key_file import ROOTS, SIGNER, SignerName, load_signer, make_signer, write_signer
from formats.errors import FileNotFound, LimitExceeded
from tests.packages import counted, signer


def test_a_signer_is_kept_under_a_passphrase_and_read_again(tmp_path):
    write_signer(tmp_path, signer(), "phrase de passe é")
    assert load_signer(tmp_path / SIGNER, "phrase de passe é") == signer()
    assert reading.read_roots(tmp_path / ROOTS) == signer().roots
    for wrong in ("another", "", None):
        with pytest.raises(WrongPassphrase):
            load_signer(tmp_path / SIGNER, wrong)


def test_a_signer_without_a_passphrase(tmp_path):
    write_signer(tmp_path, signer(), None)
    assert load_signer(tmp_path / SIGNER, None) == signer()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps access lists, not modes")
def test_only_its_owner_may_read_a_key(tmp_path):
    write_signer(tmp_path, signer(), None)
    assert stat.S_IMODE((tmp_path / SIGNER).stat().st_mode) == 0o600


def test_a_key_is_never_replaced(tmp_path):
    write_signer(tmp_path, signer(), None)
    with pytest.raises(AlreadyExists):
        write_signer(tmp_path, signer("Dr Paul Inconnu"), None)


def test_the_certificate_says_who_and_what_for():
    leaf = x509.load_der_x509_certificate(signer().certificate)
    root = x509.load_der_x509_certificate(signer().roots[0])
    leaf.verify_directly_issued_by(root)
    assert "Dr Anne Exemple" in leaf.subject.rfc4514_string()
    assert "Cabinet Exemple" in leaf.subject.rfc4514_string()
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment and usage.digital_signature and not usage.key_cert_sign
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert leaf.not_valid_after_utc.year == 2036


def test_a_key_does_not_show_itself():
    assert "key=" not in repr(signer())


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_no_certificate_holds(name):
    with pytest.raises(KeyUnreadable):
        make_signer(SignerName(name=name), at=datetime(2026, 1, 1, tzinfo=UTC), random=counted())


@pytest.mark.parametrize("data", [b"", b"0", b"hello world", b"\x30\x03\x02\x01\x03", bytes(2 << 20)])
def test_what_is_no_key_file(tmp_path, data):
    path = tmp_path / "key"
    path.write_bytes(data)
    with pytest.raises(KeyUnreadable):
        load_signer(path, None)


def test_a_certificate_is_no_key_file(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(signer().certificate)
    with pytest.raises(KeyUnreadable):
        load_signer(path, "phrase")


def test_a_file_without_a_key_or_with_a_strangers(tmp_path):
    leaf = x509.load_der_x509_certificate(signer().certificate)
    path = tmp_path / "key"
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, None, leaf, None, NoEncryption()))
    with pytest.raises(KeyUnreadable):
        load_signer(path, None)


def test_no_file_is_not_found(tmp_path):
    with pytest.raises(FileNotFound):
        load_signer(tmp_path / "nothing", None)


def test_an_authority_s_elliptic_key_signs_too(tmp_path):
    from cryptography.hazmat.primitives.asymmetric import ec

    from archiver.signing.keys.key_file import KeySigner
    from archiver.signing.signatures.cades import examine_signature, sign_manifest
    from archiver.signing.validity import PathStatus
    from tests.packages import SIGNED, trust

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    made = issued(root_key, key)
    path = tmp_path / "key"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, made[1], [made[0]], NoEncryption()))
    loaded = load_signer(path, None)
    assert isinstance(loaded, KeySigner)
    assert load_der_private_key(loaded.key, None).curve.name == "secp256r1"
    signature = sign_manifest(b"data", loaded, at=SIGNED)
    assert examine_signature(signature, b"data", trust(loaded)).path_status is PathStatus.TRUSTED


def issued(root_key, key):
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    def named(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def built(subject, public_key, number):
        return (
            x509.CertificateBuilder()
            .issuer_name(named("Root"))
            .subject_name(named(subject))
            .public_key(public_key)
            .serial_number(number)
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        )

    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    ca = built("Root", root_key.public_key(), 1).add_extension(x509.BasicConstraints(True, 0), True)
    leaf = built("Leaf", key.public_key(), 2).add_extension(usage, True)
    return ca.sign(root_key, hashes.SHA256()), leaf.sign(root_key, hashes.SHA256())


def test_roots_from_a_folder(tmp_path):
    for number, one in enumerate((signer(), signer("Dr Paul Inconnu"))):
        (tmp_path / f"{number}.pem").write_text(reading.write_pem(one.roots))
    (tmp_path / "note.txt").write_text("not a certificate")
    assert reading.read_roots(tmp_path) == signer().roots + signer("Dr Paul Inconnu").roots


def test_a_root_in_der(tmp_path):
    (tmp_path / "root.crt").write_bytes(signer().roots[0])
    assert reading.read_roots(tmp_path / "root.crt") == signer().roots


@pytest.mark.parametrize(
    "data", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates(tmp_path, data):
    (tmp_path / "roots.pem").write_bytes(data)
    with pytest.raises(KeyUnreadable):
        reading.read_roots(tmp_path / "roots.pem")


def test_an_empty_folder_and_an_endless_file(tmp_path):
    with pytest.raises(KeyUnreadable):
        reading.read_roots(tmp_path)
    (tmp_path / "roots.pem").write_bytes(bytes(reading.MAX_BUNDLE_BYTES + 1))
    with pytest.raises(LimitExceeded):
        reading.read_roots(tmp_path)


def test_fingerprints_as_people_write_them():
    plain = signer().fingerprint
    written = ":".join(plain[i : i + 2] for i in range(0, 64, 2)).upper()
    assert plain_fingerprint(written) == plain
    for wrong in ("", plain[:-1], plain[:-1] + "g"):
        with pytest.raises(KeyUnreadable):
            plain_fingerprint(wrong)


def test_a_fingerprint_stands_in_groups_in_every_sentence_and_plain_in_a_document():
    plain = signer().fingerprint
    grouped = f"{plain}"
    assert re.fullmatch(r"[0-9a-f]{4}( [0-9a-f]{4}){15}", grouped)
    assert plain_fingerprint(grouped) == plain == plain_fingerprint(grouped.upper().replace(" ", "-"))
    assert json.loads(json.dumps({"fingerprint": plain})) == {"fingerprint": grouped.replace(" ", "")}
    assert grouped in str(SignerUntrusted(signer="Dr Anne", fingerprint=plain))
    assert isinstance(reading.fingerprint(signer().certificate), Fingerprint)
