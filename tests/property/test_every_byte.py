"""Every byte of every kind of package: flipped, it is noticed, whatever the signatures would say.

A run tries every third byte, and so every bit of a byte; ``make faults`` tries them all.

Signatures and evidence are asked about once, before anything is flipped, and are then taken at
that word: a container that leaned on them to notice a change in itself would be found here. What
they notice by themselves is asked of each of their own bytes, where nothing else protects them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.handover.opening import OpenRequest
from archiver.operations.share import ShareRequest, share
from archiver.package.checks import check_package, check_set
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.expectation import expectation
from archiver.verdict import State, Verdict
from tests.faults.injection.catalogue import EVERY
from tests.packages import signer
from tests.vectors.generator import later, package, people, volumes
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.package import ASIC, SIGNATURE, Parts
from tests.vectors.hostile_readers import IDENTITIES

TRUST = Trust(
    at=people.SIGNED + timedelta(days=1),
    roots=(people.root().der, *signer().roots),
    tsa_roots=(people.root().der,),
    expected=tuple(map(expectation, people.EXPECTED)),
)
TINY = {
    "units": {unit_id("a"): b"sealed", unit_id(package.PRACTICE): b"sealed"},
    "entries": [package.entry("a"), package.practice_entry()],
}
"""What makes a package short: nothing of a unit is looked into without its key."""
ASKING = ("archiver.package.checks.", "archiver.package.provenance.")
"""Packages whose modules ask signatures and evidence."""
UNSTAMPED = {"stamp": False}
STEP = 1 if os.environ.get(EVERY) else 3
"""Of so many bytes one is flipped."""


def plain(**changes: Any) -> Parts:
    """Return the shortest package there can be."""
    return package.whole_parts(**{**TINY, "keyring": b"age", "signing": UNSTAMPED, **changes})


def revised(folder: Path) -> bytes:
    """Return what ``archiver keys share`` makes of a package."""
    first = folder / "first.asice"
    first.write_bytes(later.packed(plain(keyring=None)))
    order = ShareRequest(
        opening=OpenRequest(package=first, identities=IDENTITIES, trust=TRUST),
        access=KeyringRecipients(recipients=[IDENTITIES[0].to_recipient()]),
        signer=signer(),
        target=folder / "second.asice",
        only=True,
    )
    done = share(order, clock=lambda: people.SIGNED, randomness=bytes)
    return done.package.read_bytes()


def volume(_: Path) -> bytes:
    """Return a volume of a set."""
    return later.packed(volumes.volume(1, **TINY, keyring=b"age"))


WHOLE: dict[str, Callable[[Path], bytes]] = {
    "package": lambda _: later.packed(plain()),
    "revision": revised,
    "co-signed": lambda _: later.packed(
        later.co_signed(first=UNSTAMPED, signing=UNSTAMPED, keyring=b"age", **TINY)
    ),
    "evidence": lambda _: later.packed(later.evidenced(plain())),
    "volume": volume,
    "set": lambda _: volumes.volume_list(),
}


def sound(path: Path, kind: str) -> bool:
    """Say whether everything is proven that can be without a time-stamp."""
    found: Verdict = (
        check_set.examine_set(path, TRUST).verdict
        if kind == "set"
        else check_package.check(path, TRUST, threads=1)
    )
    answers = (found.intact, found.complete, found.signed_by, found.trusted)
    return all(one.state is State.PROVEN for one in answers)


@pytest.fixture
def believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every signature and every evidence record at the word it gave when it was asked first.

    A signature that was not changed is read once. Lists are read anew: they share the names of their package.
    """

    def once(ask: Callable[..., Any]) -> Callable[..., Any]:
        words: dict[str, Any] = {}

        def asked(*about: Any, **options: Any) -> Any:
            where = options.get("where", "")
            if where not in words:
                words[where] = ask(*about, **options)
            return words[where]

        return asked

    def read_once(read: Callable[..., Any]) -> Callable[..., Any]:
        known = lru_cache(8)(read)
        return lambda source, **options: known(
            source if isinstance(source, bytes) else source.read(), **options
        )

    replacements = {
        **dict.fromkeys(("answer_signature", "find_evidence", "judge_evidence"), once),
        "read_signature": read_once,
    }
    checks = [module for name, module in sys.modules.items() if name.startswith(ASKING)]
    for name, replacement in replacements.items():
        users = [module for module in checks if name in vars(module)]
        assert users, f"nothing in {ASKING} uses {name}"
        for module in users:
            monkeypatch.setattr(module, name, replacement(vars(module)[name]))


@pytest.mark.parametrize("kind", WHOLE)
def test_every_flipped_byte_of_a_file_is_noticed(kind: str, tmp_path: Path, believed: None) -> None:
    whole = WHOLE[kind](tmp_path)
    path = tmp_path / "whole.asice"
    path.write_bytes(whole)
    assert sound(path, kind)
    unnoticed = []
    with path.open("r+b", buffering=0) as stream:
        for at in range(0, len(whole), STEP):
            byte = whole[at]
            stream.seek(at)
            stream.write(bytes([byte ^ 1 << at % 8]))
            unnoticed += [at] if sound(path, kind) else []
            stream.seek(at)
            stream.write(bytes([byte]))
    assert unnoticed == []
    assert sound(path, kind)


def test_every_flipped_byte_of_a_signature_is_noticed() -> None:
    parts = plain()
    whole = parts[SIGNATURE]

    def proven(signature: bytes) -> bool:
        found = answer_signature(signature, parts[ASIC], TRUST, where=SIGNATURE)
        return found.signed_by.state is State.PROVEN and found.trusted.state is State.PROVEN

    assert proven(whole)

    def flipped(at: int) -> bytes:
        return whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :]

    assert [at for at in range(0, len(whole), STEP) if proven(flipped(at))] == []
