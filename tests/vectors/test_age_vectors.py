"""The public age test vectors (C2SP/CCTV), one flaw per file, made by another implementation."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archiver.errors import WrongPassphrase
from archiver.sealing.age import Identity, PassphraseIdentity, decrypt, encrypt, parse_identity
from archiver.sealing.age.armor import ArmorReader, ArmorWriter
from archiver.sealing.age.header import bind_header, read_age_header
from archiver.sealing.age.parts import AgePart
from archiver.sealing.age.payload import NONCE, PayloadWriter, payload_key
from archiver.sealing.errors import SealBroken, WrongKey
from formats.errors import Failure, LimitExceeded
from tests.material import MATERIAL, material

MINIMUM = {
    "HMAC failure": 1,
    "armor failure": 14,
    "header failure": 43,
    "no match": 10,
    "payload failure": 14,
    "success": 14,
}
"""Cases of each outcome in the collection as it was first read; a later one may only grow."""

PART = {
    "HMAC failure": AgePart.MAC,
    "header failure": AgePart.HEADER,
    "payload failure": AgePart.PAYLOAD,
    "armor failure": AgePart.ARMOR,
}


@dataclass
class Vector:
    """One file of the collection: what it says about itself, and the age file."""

    name: str
    facts: dict[str, str] = field(default_factory=dict)
    identities: list[Identity] = field(default_factory=list)
    file: bytes = b""

    @property
    def armored(self) -> bool:
        return self.facts.get("armored") == "yes"


def vector(name: str) -> Vector:
    return parsed(material("age", name))


def parsed(path: Path) -> Vector:
    text, _, body = path.read_bytes().partition(b"\n\n")
    found = Vector(name=path.name, file=body)
    for line in text.decode("utf-8").splitlines():
        key, _, value = line.partition(": ")
        found.facts[key] = value
        if key == "identity":
            found.identities.append(parse_identity(value))
        if key == "passphrase":
            found.identities.append(PassphraseIdentity(passphrase=value))
    if found.facts.get("compressed") == "zlib":
        found.file = zlib.decompress(body)
    return found


def names(*outcomes: str, armored: bool = True) -> list[str]:
    """Name the files with one of ``outcomes`` (any by default), the armored ones too or not."""
    folder = MATERIAL / "age"
    if not folder.exists():
        return ["the collection is absent"]
    found = [parsed(path) for path in sorted(folder.iterdir()) if path.suffix != ".md"]
    expected = (one for one in found if not outcomes or one.facts["expect"] in outcomes)
    return [one.name for one in expected if armored or not one.armored]


def outcome(one: Vector, *, armor_known: bool) -> tuple[str, bytes]:
    """Decrypt and name what happened; ``armor_known`` says that the armor need not be guessed."""
    released = io.BytesIO()
    source: io.BufferedIOBase = io.BytesIO(one.file)
    if armor_known and one.armored:
        source = io.BufferedReader(ArmorReader(io.BytesIO(one.file)))
    try:
        decrypt(source, released, one.identities)
    except (WrongKey, WrongPassphrase):
        return "no match", released.getvalue()
    except (SealBroken, LimitExceeded) as failure:
        named = {part.value: words for words, part in PART.items()}
        return named[failure.where], released.getvalue()
    return "success", released.getvalue()


@pytest.mark.parametrize("name", names())
def test_every_vector_ends_as_its_maker_says(name: str) -> None:
    one = vector(name)
    happened, released = outcome(one, armor_known=True)
    assert happened == one.facts["expect"]
    if "payload" in one.facts:
        assert hashlib.sha256(released).hexdigest() == one.facts["payload"]
    else:
        assert released == b""


@pytest.mark.parametrize("name", names())
def test_armor_is_recognised_without_being_told(name: str) -> None:
    one = vector(name)
    if one.armored and one.facts["expect"] == "armor failure":
        with pytest.raises(Failure):
            decrypt(io.BytesIO(one.file), io.BytesIO(), one.identities)
    else:
        assert outcome(one, armor_known=False)[0] == one.facts["expect"]


@pytest.mark.parametrize(
    "name", names("success", "no match", "HMAC failure", "payload failure", armored=False)
)
def test_whatever_header_parses_is_written_again_byte_for_byte(name: str) -> None:
    one = vector(name)
    source = io.BytesIO(one.file)
    assert read_age_header(source).encode() == one.file[: source.tell()]


@pytest.mark.parametrize("name", names("success"))
def test_a_good_file_is_made_again_byte_for_byte_from_its_file_key(name: str) -> None:
    one = vector(name)
    binary = io.BytesIO(ArmorReader(io.BytesIO(one.file)).readall() if one.armored else one.file)
    header = read_age_header(binary)
    file_key, nonce = bytes.fromhex(one.facts["file key"]), binary.read(NONCE)
    again = io.BytesIO()
    again.write(bind_header(header.stanzas, file_key).encode() + nonce)
    writer = PayloadWriter(again, payload_key(file_key, nonce))
    writer.write(outcome(one, armor_known=True)[1])
    writer.finish()
    assert again.getvalue() == binary.getvalue()
    if one.armored:
        text = io.BytesIO()
        armor = ArmorWriter(text)
        armor.write(again.getvalue())
        armor.finish()
        assert text.getvalue() == one.file.replace(b"\r\n", b"\n")


def test_the_whole_collection_is_here() -> None:
    folder = material("age")
    all_of_them = [parsed(path) for path in folder.iterdir() if path.suffix != ".md"]
    by_outcome = Counter(one.facts["expect"] for one in all_of_them)
    assert len(all_of_them) >= 96
    assert all(by_outcome[words] >= count for words, count in MINIMUM.items()), by_outcome
    assert sum("payload" in one.facts for one in all_of_them) >= 28


def test_the_specification_shows_the_keys_we_make() -> None:
    words = material("age", "SPEC-age.md").read_text("utf-8").split()
    secrets = [word for word in words if word.startswith("AGE-SECRET-KEY-") and len(word) > 60]
    publics = {word for word in words if word.startswith("age1")}
    assert len(secrets) >= 2
    for secret in secrets:
        identity = parse_identity(secret)
        assert identity.secret_text() == secret
        assert str(identity.to_recipient()) in publics


def test_a_file_of_ours_opens_with_the_vectors_own_identity() -> None:
    identity = parse_identity(vector("hybrid").facts["identity"])
    sealed, opened = io.BytesIO(), io.BytesIO()
    encrypt(io.BytesIO(b"dossier"), sealed, [identity.to_recipient()], randomness=lambda size: b"\x07" * size)
    sealed.seek(0)
    decrypt(sealed, opened, [identity])
    assert opened.getvalue() == b"dossier"
