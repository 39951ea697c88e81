"""A ZIP for a typed passphrase, read by other people's programs."""

from __future__ import annotations

import io
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyzipper import AESZipFile

from archiver.errors import KeyUnreadable
from archiver.sealing.encrypted_zip import EncryptedZip
from archiver.sealing.passphrase import MAX_TYPED, WORD_BITS, WORD_COUNT, typed_passphrase
from archiver.sealing.recovery.share import WORDS
from formats.zip.errors import MemberTwice
from tests.tools import need, run

WHEN = datetime(2026, 11, 29, 2, 3, 4, tzinfo=UTC)
PASSPHRASE = "arena-herd-roster-acrobat-grill-withdraw-failure-marathon"
MEMBERS = {
    "INDEX.HTM": b"<p>Bonjour</p>" * 10_000,
    "DATA/DOCS/DOC00001.PDF": secrets.token_bytes(3 << 20),
    "vide.txt": b"",
    "Été/à.txt": b"x",
}


def written(members: dict[str, bytes] = MEMBERS, passphrase: str = PASSPHRASE) -> bytes:
    target = io.BytesIO()
    archive = EncryptedZip(target, passphrase=passphrase, randomness=secrets.token_bytes, when=WHEN)
    for name, data in members.items():
        member = archive.begin(name)
        for piece in _pieces(data, 70_001):
            member.write(piece)
        member.end()
    assert archive.close() == len(target.getvalue())
    return target.getvalue()


def _pieces(data: bytes, length: int) -> list[bytes]:
    return [data[at : at + length] for at in range(0, len(data), length)]


def test_seven_zip_opens_it_with_the_passphrase_and_not_without(tmp_path: Path) -> None:
    program = need("7z", "7zz", "7za")
    (tmp_path / "d.zip").write_bytes(written())
    run(program, "t", f"-p{PASSPHRASE}", "d.zip", cwd=tmp_path)
    run(program, "x", f"-p{PASSPHRASE}", "-oout", "d.zip", cwd=tmp_path)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in MEMBERS} == MEMBERS
    with pytest.raises(AssertionError):
        run(program, "t", "-pwrong", "d.zip", cwd=tmp_path)


def test_pyzipper_reads_the_same() -> None:
    with AESZipFile(io.BytesIO(written())) as archive:
        archive.setpassword(PASSPHRASE.encode())
        assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
        assert {one.date_time for one in archive.infolist()} == {(2026, 11, 29, 2, 3, 4)}


def test_nothing_of_a_content_is_in_it_and_no_two_are_alike() -> None:
    one, other = written({"a": b"Bonjour" * 9}), written({"a": b"Bonjour" * 9})
    assert b"Bonjour" not in one and one != other


def test_a_name_comes_once() -> None:
    archive = EncryptedZip(io.BytesIO(), passphrase=PASSPHRASE, randomness=secrets.token_bytes, when=WHEN)
    archive.add_whole("a", b"1")
    with pytest.raises(MemberTwice):
        archive.begin("a")


def test_a_passphrase_that_no_key_can_be_made_of_is_refused() -> None:
    with pytest.raises(KeyUnreadable):
        written(passphrase="x" * 65)


def test_a_typed_passphrase_is_eight_words_by_chance() -> None:
    drawn = [typed_passphrase(secrets.token_bytes) for _ in range(200)]
    assert len(set(drawn)) == len(drawn) and max(map(len, drawn)) <= MAX_TYPED
    assert all(len(words := one.split("-")) == WORD_COUNT and set(words) <= set(WORDS) for one in drawn)
    assert len({word for one in drawn for word in one.split("-")}) > len(WORDS) // 2
    assert WORD_BITS * WORD_COUNT == 80


def test_words_too_long_together_are_drawn_again() -> None:
    lengths = [len(word) for word in WORDS]
    long, short = (every(lengths.index(one)) for one in (max(lengths), min(lengths)))
    answers = iter([long, short])
    assert len(typed_passphrase(lambda _: next(answers))) == min(lengths) * WORD_COUNT + WORD_COUNT - 1


def every(number: int) -> bytes:
    """Return the bytes of a passphrase all of whose words have ``number``."""
    return sum(number << WORD_BITS * place for place in range(WORD_COUNT)).to_bytes(
        WORD_BITS * WORD_COUNT // 8
    )
