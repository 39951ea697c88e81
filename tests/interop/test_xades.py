"""XAdES signatures by every kind of key, checked by xmlsec1; the signed properties by the ETSI's own words."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree

from archiver.signing.keys.device import open_device
from archiver.signing.keys.device_address import read_device_address
from archiver.signing.keys.key_file import KeySigner, Signer
from archiver.signing.xades import DS, EXCLUSIVE, XADES, sign_files
from formats.digests import Digest
from tests.authorities import practitioners
from tests.softhsm import PIN, device
from tests.tools import need

NOW = datetime.now(UTC).replace(microsecond=0)
KEYS = {
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
}
FILES = {"MANIFEST.XML": b"<a/>", "TRANSVERSE.ZIP": b"PK", "PAT00001.ZIP": b"PK1"}


def self_signed(kind: str) -> KeySigner:
    key = KEYS[kind]()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dr Exemple")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(0x80FF)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return KeySigner(
        key=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        certificate=certificate.public_bytes(Encoding.DER),
        chain=(),
    )


def write(folder: Path, signer: Signer, root: bytes) -> Path:
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    files = [(name, Digest.of(data)) for name, data in FILES.items()]
    path = folder / "SIGN.XML"
    path.write_bytes(b"".join(sign_files(files, signer, at=NOW)))
    (folder / "root.pem").write_bytes(x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM))
    return path


def judged(folder: Path) -> tuple[bool, str]:
    done = subprocess.run(
        [
            *(need("xmlsec1"), "--verify", "--trusted-pem", "root.pem", "--id-attr:Id", "SignedProperties"),
            *("--id-attr:Id", "Manifest", "SIGN.XML"),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    found = re.search(r"Manifests References \(ok/all\): (\S+)", (done.stdout + done.stderr).decode())
    return done.returncode == 0, found[1] if found else ""


@pytest.mark.parametrize("kind", KEYS)
def test_every_kind_of_key_makes_a_signature_that_xmlsec1_accepts(kind: str, tmp_path: Path) -> None:
    signer = self_signed(kind)
    path = write(tmp_path, signer, signer.certificate)
    assert judged(tmp_path) == (True, "3/3")
    text = path.read_bytes()
    for old, new in (
        (b"SigningTime>2", b"SigningTime>3"),
        (b'URI="PAT00001.ZIP"', b'URI="PAT00002.ZIP"'),
        (b"IssuerSerialV2>M", b"IssuerSerialV2>N"),
    ):
        assert old in text, old
        path.write_bytes(text.replace(old, new, 1))
        assert not judged(tmp_path)[0], old


def test_a_key_on_a_device_signs_too(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    signer = practitioners().signer("Dr Malo Kerbrat")
    with device(tmp_path_factory.mktemp("hsm"), "xades", (signer, "signature", "01")) as module:
        token = open_device(read_device_address("pkcs11:token=xades;object=signature"), module, PIN)
        write(tmp_path, token, signer.chain[-1])
    assert judged(tmp_path) == (True, "3/3")


def test_the_signature_has_the_form_of_the_guide(tmp_path: Path) -> None:
    signer = self_signed("P-256")
    root = etree.parse(write(tmp_path, signer, signer.certificate)).getroot()
    names = {"ds": DS, "xades": XADES}
    references = root.findall("ds:SignedInfo/ds:Reference", names)
    assert [one.get("URI") for one in references] == ["#manifest", "#signedProperties"]
    listed = root.findall("ds:Object/ds:Manifest/ds:Reference", names)
    assert [one.get("URI") for one in listed] == [*FILES]
    assert root.find("ds:SignedInfo/ds:CanonicalizationMethod", names).get("Algorithm") == EXCLUSIVE
    assert root.findtext(".//xades:SigningTime", namespaces=names) == NOW.isoformat().replace("+00:00", "Z")
    digest = root.findtext(".//xades:CertDigest/ds:DigestValue", namespaces=names)
    assert digest and hashlib.sha256(signer.certificate).hexdigest() == base64.b64decode(digest).hex()
    # lxml writes the same canonical form that was hashed
    for element in (root.find("ds:Object/ds:Manifest", names), root.find(".//xades:SignedProperties", names)):
        reference = next(one for one in references if one.get("URI") == f"#{element.get('Id')}")
        value = hashlib.sha256(etree.tostring(element, method="c14n", exclusive=True)).digest()
        assert reference.findtext("ds:DigestValue", namespaces=names) == base64.b64encode(value).decode()


def test_a_name_that_would_need_escaping_is_refused() -> None:
    with pytest.raises(ValueError, match="A B"):
        list(sign_files([("A B", Digest.of(b""))], self_signed("P-256"), at=NOW))
