"""Digests: how they are written and read, what equals what, and the one table of hash functions."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto.algos import DigestAlgorithmId

from archiver.cli.commands.evidence import HashName
from archiver.package.lists.asic_reading import STRONG
from archiver.signing.algorithms import use_of
from archiver.signing.policy import NEVER, own_policy
from formats.digests import (
    ALGORITHMS,
    BUFFER,
    SHA256,
    SHA512,
    Digest,
    DigestAlgorithm,
    DigestMalformed,
    algorithm_of,
    digest_of_file,
    digest_of_stream,
)

DATA = b"a dossier"
PLAIN = hashlib.sha256(DATA).hexdigest()
NOBODYS = algorithm_of("1.3.6.1.4.1.32473.2", "nobody's")


@pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=list(ALGORITHMS))
def test_every_algorithm_is_what_others_call_it(algorithm: DigestAlgorithm) -> None:
    """Names and lengths are those of ``hashlib``, object identifiers those of asn1crypto."""
    state = hashlib.new(algorithm.name, DATA, usedforsecurity=False)
    assert (algorithm.size, algorithm.hash_value(b"a ", b"dossier")) == (state.digest_size, state.digest())
    assert DigestAlgorithmId(algorithm.name).dotted == algorithm.oid
    assert algorithm_of(algorithm.oid, "whatever it is called elsewhere") is algorithm
    assert own_policy().end(use_of(algorithm)) is not NEVER, "no policy says until when"
    assert algorithm.known and algorithm.uri.startswith("http://www.w3.org/")


def test_no_two_algorithms_share_a_name() -> None:
    for column in ("name", "oid", "uri"):
        assert len({getattr(one, column) for one in ALGORITHMS.values()}) == len(ALGORITHMS)


def test_what_an_option_offers_is_what_a_signed_list_may_use() -> None:
    assert [one.value for one in HashName] == [one.name for one in STRONG.values()]


def test_a_digest_is_written_and_read_in_three_ways() -> None:
    digest = Digest.of(DATA)
    assert digest == Digest.of(b"a ", memoryview(b"dossier")) == Digest(SHA256, bytes.fromhex(PLAIN))
    assert (digest.hex, digest.algorithm) == (PLAIN, SHA256)
    assert digest == Digest.from_hex(digest.hex) == Digest.from_base64(digest.base64)
    longer = Digest.of(DATA, algorithm=SHA512)
    assert longer == Digest.from_hex(longer.hex, SHA512) == Digest.from_base64(longer.base64, SHA512)


@pytest.mark.parametrize(
    "text",
    [
        *("", PLAIN[:-1], PLAIN[:-2], PLAIN + "0", PLAIN + "00", PLAIN.upper(), f"{PLAIN[:-1]}g"),
        *(
            f" {PLAIN[1:]}",
            f"{PLAIN[:-1]}\n",
            f"{PLAIN}\n",
            PLAIN[:-1] + "٣",
            hashlib.sha512(DATA).hexdigest(),
        ),
    ],
)
def test_a_text_in_another_form_is_no_digest(text: str) -> None:
    with pytest.raises(DigestMalformed):
        Digest.from_hex(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: f"{text}\n",
        lambda text: f" {text}",
        lambda text: f"{text}{text}",
        lambda text: text.replace("=", "A"),
        lambda text: f"{text[:-2]}*=",
        lambda text: f"{text[:-1]}é",
    ],
)
def test_base64_in_another_form_is_no_digest(change: Callable[[str], str]) -> None:
    with pytest.raises(DigestMalformed):
        Digest.from_base64(change(Digest.of(DATA).base64))


@pytest.mark.parametrize("text", ["", PLAIN])
def test_under_an_algorithm_that_is_not_known_no_text_is_a_digest(text: str) -> None:
    assert (NOBODYS.name, NOBODYS.known) == ("nobody's", False)
    for reading in (Digest.from_hex, Digest.from_base64):
        with pytest.raises(DigestMalformed):
            reading(text, NOBODYS)


def test_equal_is_what_has_the_same_algorithm_and_value() -> None:
    digest = Digest.of(DATA)
    same_value = Digest(ALGORITHMS["sha3_256"], digest.value)
    assert digest == pickle.loads(pickle.dumps(digest))  # noqa: S301 - as it comes back from a worker
    assert len({digest, Digest.from_hex(PLAIN), same_value}) == 2
    for other in (same_value, Digest.of(b""), PLAIN, digest.value, None):
        assert digest != other


def test_a_digest_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Digest.of(DATA).value = bytes(32)  # type: ignore[misc]
    with pytest.raises(AttributeError):
        SHA256.size = 16  # type: ignore[misc]


@pytest.mark.parametrize("length", [0, 1, BUFFER, BUFFER + 1])
def test_streams_and_files_are_read_to_their_end(length: int, tmp_path: Path) -> None:
    data = b"x" * length
    path = tmp_path / "file"
    path.write_bytes(data)
    assert digest_of_stream(BytesIO(data)) == digest_of_file(path) == (Digest.of(data), length)
