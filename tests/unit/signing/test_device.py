"""Keys on a device: addresses, and signing with SoftHSM2 as if it were a practitioner's card."""

from pathlib import Path

import pytest

from archiver.signing.errors import DeviceAddressInvalid, DeviceMissing, DevicePinWrong
from archiver.signing.keys.device import open_device
from archiver.signing.keys.device_address import DeviceAddress, is_device_address, read_device_address
from archiver.signing.signatures.cades import examine_signature, sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from tests.authorities import der, practitioners
from tests.packages import SIGNED
from tests.softhsm import PIN, device

DATA = b"<the list/>"


def test_an_address_is_read():
    found = read_device_address(
        "pkcs11:token=CPS3%20Kerbrat;serial=0102;object=signature%20RSA;id=%00%ff;type=private"
        "?pin-source=file:/run/pin&module-path=/usr/lib/libcps3.so"
    )
    assert found == DeviceAddress(
        token="CPS3 Kerbrat",
        serial="0102",
        label="signature RSA",
        id=b"\x00\xff",
        pin_source=Path("/run/pin"),
        module=Path("/usr/lib/libcps3.so"),
    )
    assert found.text == "CPS3 Kerbrat"
    assert read_device_address("pkcs11:").text == "pkcs11:"
    assert is_device_address("pkcs11:token=x") and not is_device_address("signer.p12")


@pytest.mark.parametrize(("text", "sentence"), [
    ("signer.p12", "does not begin"),
    ("pkcs11:" + "x" * 2048, "does not begin"),
    ("pkcs11:token=a;token=b", "twice"),
    ("pkcs11:colour=red", "not known"),
    ("pkcs11:token", "not known"),
    ("pkcs11:token=a?pin-value=1234", "PIN does not belong"),
    ("pkcs11:token=a;pin-value=1234", "PIN does not belong"),
    ("pkcs11:type=data", "something else than a key"),
    ("pkcs11:token=%ff", "no text"),
    ("pkcs11:?pin-source=|/bin/pin", "names a program"),
])  # fmt: skip
def test_an_address_is_refused(text, sentence):
    with pytest.raises(DeviceAddressInvalid, match=sentence):
        read_device_address(text)


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """A card with an RSA key, and another with two elliptic keys of the same authority."""
    others = practitioners()
    objects = (others.rsa_signer(), "signature", "01")
    two = ((others.signer(), "first", "0a"), (others.signer("Dr Paul Inconnu"), "second", "0b"))
    folder = tmp_path_factory.mktemp("hsm")
    with device(folder, "Carte", objects) as path, device(folder, "Autre", *two):
        yield path


def opened(card, text, pin=PIN):
    return open_device(read_device_address(text), card, pin)


@pytest.mark.parametrize("text", ["pkcs11:token=Carte", "pkcs11:token=Carte;object=signature;id=%01"])
def test_an_rsa_key_signs_and_gives_the_same_bytes_as_in_memory(card, text):
    found = opened(card, text)
    assert found.certificate == practitioners().rsa_signer().certificate
    signature = sign_manifest(DATA, found, at=SIGNED)
    assert signature == sign_manifest(DATA, practitioners().rsa_signer(), at=SIGNED)
    assert PIN not in repr(found)


def test_an_elliptic_key_signs(card):
    found = opened(card, "pkcs11:token=Autre;object=second")
    signature = sign_manifest(DATA, found, at=SIGNED)
    examined = examine_signature(signature, DATA, Trust(at=SIGNED, roots=(der(practitioners().root),)))
    assert examined.path_status is PathStatus.TRUSTED
    assert "Dr Paul Inconnu" in examined.signer.subject


def test_a_wrong_pin_is_tried_once_and_spoils_nothing(card):
    for wrong in ("000000", "1"):
        with pytest.raises(DevicePinWrong):
            opened(card, "pkcs11:token=Carte", wrong)
    assert opened(card, "pkcs11:token=Carte").certificate == practitioners().rsa_signer().certificate


@pytest.mark.parametrize(("text", "sentence"), [
    ("pkcs11:token=Nobody", "no such token"),
    ("pkcs11:token=Carte;serial=99", "no such token"),
    ("pkcs11:token=Carte;object=nothing", "no such key"),
    ("pkcs11:token=Carte;id=%99", "no such key"),
    ("pkcs11:token=Autre", "several keys fit"),
    ("pkcs11:manufacturer=SoftHSM%20project", "several tokens fit"),
])  # fmt: skip
def test_what_is_not_there(card, text, sentence):
    with pytest.raises(DeviceMissing, match=sentence):
        opened(card, text)


def test_no_module(tmp_path):
    pytest.importorskip("pkcs11")
    with pytest.raises(DeviceMissing, match="cannot be loaded"):
        open_device(DeviceAddress(token="x"), tmp_path / "nothing.so", PIN)


def test_a_key_that_is_not_the_certificate_s_is_noticed(card, tmp_path_factory):
    from dataclasses import replace

    from archiver.signing.errors import DeviceRefused

    found = opened(card, "pkcs11:token=Autre;object=first")
    wrong = replace(found, certificate=practitioners().signer("Dr Paul Inconnu").certificate)
    with pytest.raises(DeviceRefused, match="do not belong together"):
        wrong.sign(DATA)
