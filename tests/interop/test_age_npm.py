"""Files go both ways between us and the age author's JavaScript implementation."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

import pytest

from archiver.sealing.age import (
    HybridIdentity,
    Identity,
    PassphraseIdentity,
    PassphraseRecipient,
    Recipient,
    X25519Identity,
    decrypt,
    encrypt,
    parse_identity,
)
from tests.node import node_folder
from tests.tools import need, run

READ = """
import * as age from "age-encryption";
import { readFileSync, writeFileSync } from "node:fs";
const [kind, secret, from, to] = process.argv.slice(1);
const one = new age.Decrypter();
kind === "passphrase" ? one.addPassphrase(secret) : one.addIdentity(secret);
let file = new Uint8Array(readFileSync(from));
if (file[0] === 45) file = age.armor.decode(new TextDecoder().decode(file));
writeFileSync(to, await one.decrypt(file));
"""
WRITE = """
import * as age from "age-encryption";
import { readFileSync, writeFileSync } from "node:fs";
const [kind, secret, from, to, armored] = process.argv.slice(1);
const one = new age.Encrypter();
one.setScryptWorkFactor(12);
kind === "passphrase" ? one.setPassphrase(secret) : one.addRecipient(secret);
const file = await one.encrypt(new Uint8Array(readFileSync(from)));
writeFileSync(to, armored === "yes" ? age.armor.encode(file) : file);
"""
MAKE = """
import * as age from "age-encryption";
const secret = await age.generateHybridIdentity();
console.log(secret + "\\n" + await age.identityToRecipient(secret));
"""

HYBRID, CLASSICAL = HybridIdentity(seed=b"h" * 32), X25519Identity(seed=b"x" * 32)
WORDS = "trois petits chats é"
CASES: list[tuple[str, str, str, Recipient, Identity]] = [
    ("hybrid", HYBRID.secret_text(), str(HYBRID.to_recipient()), HYBRID.to_recipient(), HYBRID),
    ("x25519", CLASSICAL.secret_text(), str(CLASSICAL.to_recipient()), CLASSICAL.to_recipient(), CLASSICAL),
    (
        "passphrase",
        WORDS,
        WORDS,
        PassphraseRecipient(passphrase=WORDS, work_factor=12),
        PassphraseIdentity(passphrase=WORDS),
    ),
]
SIZES = [0, 1, 65536, 200_000]


@pytest.fixture(scope="module")
def npm() -> Path:
    return node_folder()


def javascript(folder: Path, script: str, *arguments: str | Path) -> str:
    return run(need("node"), "--input-type=module", "-e", script, "--", *arguments, cwd=folder)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
@pytest.mark.parametrize("armored", [False, True])
def test_javascript_reads_ours(
    npm: Path, tmp_path: Path, case: tuple[str, str, str, Recipient, Identity], armored: bool
) -> None:
    kind, secret, _, recipient, _ = case
    for size in SIZES:
        data = secrets.token_bytes(size)
        with (tmp_path / "ours.age").open("wb") as target:
            encrypt(io.BytesIO(data), target, [recipient], randomness=secrets.token_bytes, armored=armored)
        javascript(npm, READ, kind, secret, tmp_path / "ours.age", tmp_path / "plain")
        assert (tmp_path / "plain").read_bytes() == data


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
@pytest.mark.parametrize("armored", ["no", "yes"])
def test_we_read_javascripts(
    npm: Path, tmp_path: Path, case: tuple[str, str, str, Recipient, Identity], armored: str
) -> None:
    kind, _, public, _, identity = case
    for size in SIZES:
        (tmp_path / "plain").write_bytes(secrets.token_bytes(size))
        javascript(npm, WRITE, kind, public, tmp_path / "plain", tmp_path / "theirs.age", armored)
        opened = io.BytesIO()
        with (tmp_path / "theirs.age").open("rb") as source:
            decrypt(source, opened, [identity])
        assert opened.getvalue() == (tmp_path / "plain").read_bytes()


def test_a_key_made_there_is_the_same_key_here(npm: Path) -> None:
    secret, public = javascript(npm, MAKE).split()
    identity = parse_identity(secret)
    assert str(identity.to_recipient()) == public
    assert identity.secret_text() == secret
