"""Keyrings and age files that are damaged, foreign, replayed or noisy."""

from __future__ import annotations

from tests.vectors.generator import age
from tests.vectors.generator.age import Stanza, b64
from tests.vectors.generator.case import AGE, IDENTITIES, IMPORT, PASSPHRASE, Case, Flaws
from tests.vectors.generator.chance import seeded
from tests.vectors.generator.package import (
    base_entries,
    first_line,
    index,
    package,
)

BROKEN = "seal-broken"


TEXT = b"Bonjour"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _noise()
    yield from _headers()
    yield from _payloads()
    yield from _armor()
    yield from _passphrases()
    yield from _identities()


def _case(
    family: str, name: str, wrong: str, code: str, data: bytes, reader: str = AGE, *, opened: bool = False
) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data, opened=opened)


def _with(*stanzas: Stanza | bytes) -> bytes:
    lines = b"".join(one if isinstance(one, bytes) else one.lines() for one in stanzas)
    return age.header(lines) + age.payload(TEXT)


def _noise() -> Flaws:
    mine, other = age.x25519(), age.x25519(seeded("somebody else", 32), label="other")
    low = Stanza(("X25519", b64(bytes(32))), bytes(32))
    noise: dict[str, tuple[str, str, bytes]] = {
        "only strangers": ("no recipient is ours", "wrong-key", _with(other, other)),
        "unknown kinds": (
            "all recipients are of unknown kinds",
            "wrong-key",
            _with(*[Stanza((f"evil-{n}", "x"), bytes(n)) for n in range(60)]),
        ),
        "65 recipients": ("there are 65 recipients", "limit-exceeded", _with(*[other] * 64, mine)),
        "10,000 recipients": ("there are 10,000 recipients", "limit-exceeded", _with(*[mine] * 10_000)),
        "10,000 unknown recipients": (
            "there are 10,000 recipients of unknown kinds",
            "limit-exceeded",
            _with(*[Stanza(("grease",), b"")] * 10_000),
        ),
        "megabyte of arguments": (
            "a recipient's line is a megabyte long",
            "limit-exceeded",
            _with(Stanza(("x" * (1 << 20),), b"")),
        ),
        "megabyte of body": (
            "a recipient's body is a megabyte long",
            "limit-exceeded",
            _with(Stanza(("x",), bytes(1 << 20))),
        ),
        "endless line": ("a line never ends", "limit-exceeded", age.VERSION + b"-> " + b"x" * (1 << 20)),
        "share too short": ("a share is short", BROKEN, _with(Stanza(("X25519", b64(bytes(31))), bytes(32)))),
        "share missing": ("a share is missing", BROKEN, _with(Stanza(("X25519",), bytes(32)))),
        "share twice": (
            "a recipient has two shares",
            BROKEN,
            _with(Stanza(("X25519", *[mine.arguments[1]] * 2), mine.body)),
        ),
        "share of low order": ("a share is of low order", BROKEN, _with(low)),
        "share padded": (
            "a share is padded",
            BROKEN,
            _with(Stanza(("X25519", mine.arguments[1] + "="), mine.body)),
        ),
        "share not canonical": (
            "a share has stray bits",
            BROKEN,
            _with(Stanza(("X25519", mine.arguments[1][:-1] + "B"), mine.body)),
        ),
        "body too long": ("a wrapped key is long", BROKEN, _with(Stanza(mine.arguments, mine.body + b"x"))),
        "body empty": ("a wrapped key is empty", BROKEN, _with(Stanza(mine.arguments, b""))),
        "hybrid share too short": (
            "a hybrid share is short",
            "wrong-key",
            _with(Stanza(("mlkem768x25519", b64(bytes(9))), bytes(32))),
        ),
        "passphrase beside a key": ("a passphrase stands beside a key", BROKEN, _with(mine, age.scrypt())),
    }
    for what, (wrong, code, data) in noise.items():
        yield _case("stanza-noise", what, wrong, code, data, opened=what == "only strangers")
    for what in ("10,000 recipients", "only strangers"):
        wrong, code, _ = noise[what]
        lines = [mine] * 10_000 if "10" in what else [other]
        keyring = age.file(first_line() + index(base_entries()), lines)
        yield _case(
            "stanza-noise",
            f"package {what}",
            f"the keyring of a signed package: {wrong}",
            code,
            package(keyring=keyring),
            IMPORT,
            opened="10" not in what,
        )


def _headers() -> Flaws:
    good = age.file(TEXT)
    head, _, rest = good.partition(b"---")
    mac_at = len(head) + 4
    one = age.x25519().lines()
    headers: dict[str, tuple[str, bytes]] = {
        "empty": (BROKEN, b""),
        "text": (BROKEN, b"Bonjour\n"),
        "version 2": (BROKEN, good.replace(b"/v1", b"/v2", 1)),
        "no version": (BROKEN, good.partition(b"\n")[2]),
        "Windows line ends": (BROKEN, head.replace(b"\n", b"\r\n") + b"---" + rest),
        "no recipient": (BROKEN, age.header(b"") + age.payload(TEXT)),
        "no end": (BROKEN, head),
        "cut in a recipient": (BROKEN, good[:40]),
        "cut after the header": (BROKEN, good[: good.index(b"\n", len(head)) + 1]),
        "cut in the nonce": (BROKEN, good[: good.index(b"\n", len(head)) + 9]),
        "MAC wrong": (
            BROKEN,
            good[:mac_at] + (b"A" if good[mac_at : mac_at + 1] != b"A" else b"B") + good[mac_at + 1 :],
        ),
        "MAC short": (BROKEN, good[:mac_at] + good[mac_at + 1 :]),
        "MAC missing": (BROKEN, head + b"---\n" + age.payload(TEXT)),
        "MAC of other stanzas": (BROKEN, age.VERSION + one + Stanza(("x",), b"").lines() + b"---" + rest),
        "stanza without arrow": (BROKEN, age.header(one.replace(b"->", b"=>")) + age.payload(TEXT)),
        "stanza without kind": (BROKEN, age.header(b"-> \n\n") + age.payload(TEXT)),
        "two spaces": (BROKEN, age.header(one.replace(b"-> X", b"->  X")) + age.payload(TEXT)),
        "control character": (BROKEN, age.header(b"-> a\x07b\n\n") + age.payload(TEXT)),
        "accent": (BROKEN, age.header("-> é\n\n".encode()) + age.payload(TEXT)),
        "body line too long": (BROKEN, age.header(b"-> x\n" + b"A" * 68 + b"\n\n") + age.payload(TEXT)),
        "body not ended": (BROKEN, age.header(b"-> x\n" + b"A" * 64 + b"\n") + age.payload(TEXT)),
        "body with space": (BROKEN, age.header(b"-> x\nAA A\n") + age.payload(TEXT)),
        "body padded": (BROKEN, age.header(b"-> x\nAA==\n") + age.payload(TEXT)),
    }
    for what, (code, data) in headers.items():
        opened = what.startswith(("cut after", "cut in the n", "MAC wrong", "MAC of"))
        yield _case("age-header", what, f"the header of an age file: {what}", code, data, opened=opened)


def _payloads() -> Flaws:
    long = bytes(3 * age.CHUNK)
    whole = age.file(long)
    at = len(age.header(age.x25519().lines())) + 16
    chunk = age.CHUNK + 16
    short = age.file(TEXT)
    payloads = {
        "cut after a chunk": whole[: at + chunk],
        "cut in a chunk": whole[: at + chunk + 100],
        "cut to one byte less": whole[:-1],
        "last chunk missing": whole[: at + 2 * chunk],
        "chunks exchanged": whole[:at]
        + whole[at + chunk : at + 2 * chunk]
        + whole[at : at + chunk]
        + whole[at + 2 * chunk :],
        "chunk repeated": whole[: at + chunk] + whole[at:],
        "byte behind": short + b"x",
        "file behind": whole + whole,
        "flipped bit": short[:-1] + bytes([short[-1] ^ 1]),
        "no payload": short[:at],
        "no last chunk": age.header(age.x25519().lines()) + age.payload(long, final=False),
        "other file key": age.header(age.x25519().lines()) + age.payload(TEXT, file_key=bytes(16)),
    }
    for what, data in payloads.items():
        yield _case("age-payload", what, f"the payload of an age file: {what}", BROKEN, data, opened=True)


def _armor() -> Flaws:
    good = age.armored(age.file(TEXT))
    lines = good.splitlines(keepends=True)
    armors = {
        "text before": b"hello\n" + good,
        "text behind": good + b"hello\n",
        "no end": b"".join(lines[:-1]),
        "other label": good.replace(b"AGE ENCRYPTED FILE", b"EVIL"),
        "long line": good.replace(b"\n", b"", 2).replace(b"FILE-----", b"FILE-----\n", 1),
        "short line": b"".join([*lines[:2], lines[2][:10] + b"\n", lines[2][10:], *lines[3:]]),
        "empty line": b"".join([*lines[:2], b"\n", *lines[2:]]),
        "space at end": good.replace(b"\n", b" \n"),
        "not Base 64": b"".join([lines[0], b"*" * 64 + b"\n", *lines[2:]]),
        "endless white space": b" \n" * 4000 + good,
        "endless line": b"-----BEGIN AGE ENCRYPTED FILE-----\n" + b"A" * 100_000,
        "two files": good + good,
        "header": good.replace(lines[1], b"Proc-Type: 4,ENCRYPTED\n" + lines[1]),
    }
    for what, data in armors.items():
        # text in front is no armor at all, and what follows the end is seen after the payload
        opened = what in {"text behind", "two files", "no end"}
        yield _case("armor", what, f"the armor of an age file: {what}", BROKEN, data, opened=opened)


def _passphrases() -> Flaws:
    factors = {
        "work factor 21": ("limit-exceeded", age.scrypt(factor="21")),
        "work factor 63": ("limit-exceeded", age.scrypt(factor="63")),
        "work factor of 100,000 digits": ("limit-exceeded", age.scrypt(factor="9" * 100_000)),
        "work factor zero": (BROKEN, age.scrypt(factor="0")),
        "work factor below zero": (BROKEN, age.scrypt(factor="-1")),
        "work factor with plus": (BROKEN, age.scrypt(factor="+2")),
        "work factor with zero": (BROKEN, age.scrypt(factor="02")),
        "work factor in hexadecimal": (BROKEN, age.scrypt(factor="0x2")),
        "work factor in other digits": (BROKEN, age.scrypt(factor="٢")),
        "salt short": (BROKEN, age.scrypt(salt=bytes(15))),
        "salt long": (BROKEN, age.scrypt(salt=bytes(4096))),
        "body long": (BROKEN, Stanza(age.scrypt().arguments, bytes(64))),
    }
    for what, (code, stanza) in factors.items():
        yield _case(
            "stanza-noise",
            f"passphrase {what}",
            f"the passphrase's recipient: {what}",
            code,
            _with(stanza),
            PASSPHRASE,
        )
    yield _case(
        "stanza-noise",
        "two passphrases",
        "two passphrases stand side by side",
        BROKEN,
        _with(age.scrypt(), age.scrypt()),
        PASSPHRASE,
    )
    other = Stanza(age.scrypt().arguments, age.scrypt(salt=seeded("other salt", 16)).body)
    yield _case(
        "stanza-noise",
        "passphrase of another",
        "the passphrase is another",
        "wrong-passphrase",
        _with(other),
        PASSPHRASE,
        opened=True,
    )


def _identities() -> Flaws:
    good = age.identity_text()
    wrong = good[:-1] + ("Q" if good[-1] != "Q" else "P")
    files: dict[str, tuple[str, bytes]] = {
        "empty": ("key-unreadable", b""),
        "comments only": ("key-unreadable", b"# nothing\n\n"),
        "mistyped": ("key-unreadable", wrong.encode()),
        "mixed case": ("key-unreadable", good[:20].encode() + good[20:].lower().encode()),
        "recipient": ("key-unreadable", age.bech32("age", age.public_of(age.RECEIVER)).encode()),
        "unknown kind": ("key-unreadable", age.bech32("evil", bytes(32)).encode()),
        "short key": ("key-unreadable", age.bech32("age-secret-key-", bytes(31)).upper().encode()),
        "long key": ("key-unreadable", age.bech32("age-secret-key-", bytes(33)).upper().encode()),
        "hybrid key of wrong size": (
            "key-unreadable",
            age.bech32("age-secret-key-pq-", bytes(31)).upper().encode(),
        ),
        "not text": ("key-unreadable", b"\xff\xfe\x00"),
        "Kelvin sign": ("key-unreadable", good.replace("K", "\u212a").encode()),
        "endless key": ("key-unreadable", b"AGE-SECRET-KEY-1" + b"Q" * 500_000),
        "two megabytes": ("limit-exceeded", b"# hello\n" * (1 << 18)),
        "thousand keys": ("limit-exceeded", (good.encode() + b"\n") * 1000),
    }
    for what, (code, data) in files.items():
        yield _case("key-file", what, f"a file of keys: {what}", code, data, IDENTITIES)
