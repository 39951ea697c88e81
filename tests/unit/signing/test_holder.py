"""Whom certificates name, the odd ones included."""

from __future__ import annotations

import pytest
from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from archiver.signing.certificates.subject import MAX_PART, NAMELESS, name_in, subject_name
from tests.authorities import Practitioners


def subject(*parts: tuple[pyca_x509.ObjectIdentifier, str]) -> x509.Name:
    """Return a name as another library encodes it, read again."""
    attributes = [pyca_x509.NameAttribute(kind, text) for kind, text in parts]
    return x509.Name.load(pyca_x509.Name(attributes).public_bytes())


CN, O, OU = NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME  # noqa: E741
SN, GN, NUMBER = NameOID.SURNAME, NameOID.GIVEN_NAME, NameOID.SERIAL_NUMBER
C = NameOID.COUNTRY_NAME


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        pytest.param(
            [(C, "FR"), (O, "Cabinet des Tilleuls"), (NUMBER, "99900000011"), (CN, "Claire Perrichon")],
            "Claire Perrichon (RPPS 99900000011), Cabinet des Tilleuls",
            id="as-we-make-them",
        ),
        pytest.param(
            [(C, "FR"), (CN, "899900000011"), (SN, "PERRICHON"), (GN, "CLAIRE")],
            "CLAIRE PERRICHON (RPPS 99900000011)",
            id="health-card-number-as-common-name",
        ),
        pytest.param([(GN, "Zoë"), (SN, "Œuvrard-Lê")], "Zoë Œuvrard-Lê", id="no-common-name-utf-8"),
        pytest.param(
            [(CN, "Dr A"), (OU, "0002 123456789"), (OU, "Paris"), (OU, "Étage 2")],
            "Dr A, Paris, Étage 2",
            id="several-units-no-organisation",
        ),
        pytest.param([(O, "Hôpital"), (OU, "Paris"), (OU, "Scellement")], "Hôpital", id="organisation-alone"),
        pytest.param(
            [(O, "SELARL"), (NUMBER, "12345678901234")], "SELARL (SIRET 12345678901234)", id="siret"
        ),
        pytest.param(
            [(CN, "Cachet"), (NameOID.ORGANIZATION_IDENTIFIER, "NTRFR-123456789")],
            "Cachet (123456789)",
            id="etsi-semantics",
        ),
        pytest.param([(CN, "Dr A"), (NUMBER, "S2103-77x")], "Dr A (S2103-77x)", id="a-number-of-its-own"),
        pytest.param([(CN, "Cabinet X"), (O, "Cabinet X")], "Cabinet X", id="the-same-twice"),
        pytest.param([(NUMBER, "99900000011")], "RPPS 99900000011", id="a-number-alone"),
        pytest.param([(NameOID.EMAIL_ADDRESS, "a@example.org")], "a@example.org", id="mail-alone"),
        pytest.param([(C, "FR")], NAMELESS, id="a-country-alone"),
        pytest.param([], NAMELESS, id="nothing"),
        pytest.param([(CN, "first"), (CN, "second")], "first", id="two-common-names"),
        pytest.param(
            [(CN, "Dr A\n\x1b[31mproven\u202e\tend")], "Dr A [31mproven end", id="what-would-steer-a-terminal"
        ),
    ],
)
def test_the_name_people_use(parts, name):
    assert name_in(subject(*parts)) == name


def test_a_text_that_is_not_what_it_says_is_left_out():
    raw = subject((CN, "Dr Anne"), (O, "Cabinet")).dump()
    broken = raw.replace(b"Cabinet", b"Cabi\xff\xfe.")
    assert broken != raw
    assert name_in(x509.Name.load(broken)) == "Dr Anne"


def test_a_long_name_is_cut():
    endless = x509.Name.build({"common_name": "x" * 5_000_000})
    assert name_in(endless) == "x" * MAX_PART


def test_a_whole_certificate():
    signer = Practitioners("Autorité Exemple").signer("Dr Zoë Exemple")
    assert subject_name(signer.certificate) == "Dr Zoë Exemple"
    loaded = pyca_x509.load_der_x509_certificate(signer.certificate)
    assert subject_name(loaded.public_bytes(Encoding.DER)) == "Dr Zoë Exemple"
