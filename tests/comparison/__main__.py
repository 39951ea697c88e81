"""Two commits, one sample practice, one clock: every page, package, list, receipt and screen compared byte for byte.

``python -m tests.comparison BEFORE [AFTER]`` names commits of this repository; without ``AFTER``, the
tree as it lies here. What no program can make twice is left out of the comparison, and said: who
wraps the keys of a keyring draws inside OpenSSL, so the wrapped keyring differs, with it its sum in
the manifest and the signature over that. What is wrapped is compared.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from samples.story.book import build_sqlite
from tests.history.figures import keyring_plaintext

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
PROGRAM = Path(__file__).with_name("run_fixed.py")
NUMBER = "99900000029"
"""The fictive RPPS number of Dr Malo Kerbrat, who leaves."""

KEYS = (
    ("keys", "new", "kerbrat", "--name", "Dr Malo Kerbrat", "--number", NUMBER, "--no-passphrase"),
    ("keys", "new", "pressoir", "--name", "Cabinet dentaire du Vieux Pressoir", "--no-passphrase"),
)
_SEALING = (
    "--practitioner", NUMBER, "--roster", "roster.csv", "--to", "pressoir/receiver.recipient",
    "--signer", "kerbrat/signer.p12", "--ground", "collaboration-exit",
    "--co-signer", "pressoir/signer.p12", "--receiver", "Cabinet dentaire du Vieux Pressoir",
)  # fmt: skip
_READING = ("--identity", "pressoir/receiver.identity", "--roots", "kerbrat/roots.pem")
STEPS = (
    ("collect", "opendental", "tilleuls.sqlite", "--images", "images", "--into", "practice.db", "--report", "rows.csv"),
    ("collect", "dicom", "imaging", "--into", "practice.db", "--report", "studies-report.csv"),
    ("collect", "documents", "papers", "--into", "practice.db", "--report", "papers-report.csv"),
    ("patients", "practice.db", "--roster", "everybody.csv"),
    ("export", "practice.db", "package.asice", *_SEALING),
    ("export", "practice.db", "set.asice", *_SEALING, "--volume-size", "2MB"),
    ("verify", "package.asice", "--roots", "kerbrat/roots.pem"),
    ("verify", "package.asice", "--roots", "kerbrat/roots.pem", "--json"),
    ("inspect", "package.asice", *_READING),
    ("collect", "opendental", "pressoir.sqlite", "--into", "successor.db"),
    ("import", "package.asice", *_READING, "--into", "successor.db", "--receipt", "receipt.json"),
    ("import", "package.asice", *_READING, "--into", "successor.db"),
    ("people", "list", "successor.db"),
    ("keys", "show-unit", "package.asice", *_READING, "--patient", "1"),
)  # fmt: skip
EXPECTED = (0, 4)
"""How a step may end: done, or done but for what stayed behind (the sample practice has a lost file)."""
DRAWN = re.compile(r"keyring\.age|(manifest|set)\.json|SHA\d+SUMS|META-INF/.*")
"""Members whose bytes follow from what OpenSSL drew: the wrapped keyring, what has its sum, signatures over that."""


def main() -> None:
    """Compare, print what differs, and end with 1 where something does."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before")
    parser.add_argument("after", nargs="?")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="archiver-comparison-") as name:
        folder = Path(name)
        keys = folder / "keys"
        made = [
            _observe(_tree(commit, folder / side), folder / "work", keys)
            for side, commit in (("before", chosen.before), ("after", chosen.after))
        ]
    before, after = made
    different = sorted(
        place for place in before.keys() | after.keys() if before.get(place) != after.get(place)
    )
    for place in different:
        print(
            f"differs: {place}  {before.get(place, b'absent')[:160]!r}  {after.get(place, b'absent')[:160]!r}"
        )
    print(f"{len(before)} things compared, {len(different)} differ")
    raise SystemExit(bool(different))


def _tree(commit: str | None, target: Path) -> Path:
    """Return a folder with the sources of ``commit``; of none, those that lie here."""
    if commit is None:
        return ROOT
    target.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], check=True, input=packed)
    if (target / "setup.py").exists():  # before, the repository had the compiled catalogues
        subprocess.run([sys.executable, "setup.py", "-q", "build_catalogues"], cwd=target, check=True)
    return target


def _observe(tree: Path, work: Path, keys: Path) -> dict[str, bytes]:
    """Return what the program in ``tree`` makes of the samples, by what it is."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(SAMPLES / "practice", work)
    for name, practice in (("tilleuls.sqlite", "practice"), ("pressoir.sqlite", "successor")):
        build_sqlite((SAMPLES / practice / "opendental.sql").read_text(encoding="utf-8"), work / name)
    if not keys.exists():  # made once: OpenSSL draws them
        for command in KEYS:
            _run(tree, work, command)
        keys.mkdir()
        for holder in ("kerbrat", "pressoir"):
            shutil.copytree(work / holder, keys / holder)
    shutil.copytree(keys, work, dirs_exist_ok=True)
    seen: dict[str, bytes] = {}
    sums: set[bytes] = set()
    for command in STEPS:
        shown = " ".join(command[:2])
        for stream, text in zip(("status", "output", "errors"), _run(tree, work, command), strict=True):
            seen[f"{len(seen):03} {shown}: {stream}"] = text
    for path in sorted(work.rglob("*")):
        if path.is_file() and not path.is_relative_to(work / "home"):
            seen.update(_contents(path, path.relative_to(work).as_posix(), keys, sums))
    sums.add(str(sum(path.stat().st_size for path in work.glob("set-0*.asice"))).encode())
    drawn = re.compile(b"|".join(map(re.escape, sorted(sums))))
    return {place: drawn.sub(b"(of what was drawn)", data) for place, data in seen.items()}


def _run(tree: Path, work: Path, command: tuple[str, ...]) -> tuple[bytes, bytes, bytes]:
    home = work / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "fr_FR.UTF-8",
        "TZ": "Europe/Paris",
        "PYTHONHASHSEED": "0",
    }
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tree), *command],
        cwd=work,
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode not in EXPECTED:
        raise SystemExit(f"{tree}: {' '.join(command)} ended with {done.returncode}\n{done.stderr.decode()}")
    return str(done.returncode).encode(), done.stdout, done.stderr


def _contents(path: Path, name: str, keys: Path, sums: set[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what is compared of a file: its bytes; of a container, of a store, what is inside.

    To ``sums`` is added how lists and screens name what OpenSSL drew.
    """
    if path.suffix == ".asice":
        # a signature is as long as its two numbers happen to be
        sums.update([*_sums(path.read_bytes()), str(path.stat().st_size).encode()])
        with zipfile.ZipFile(path) as container:
            members = {member: container.read(member) for member in container.namelist()}
        yield f"{name} order", "\n".join(members).encode()
        for member, data in members.items():
            if DRAWN.fullmatch(member):
                sums.update(_sums(data))
            yield f"{name} {member}", _comparable(member, data, keys)
    elif path.suffix == ".db":
        with sqlite3.connect(path) as store:
            for table, statement in store.execute("SELECT name, sql FROM sqlite_master ORDER BY name"):
                yield f"{name} schema of {table}", str(statement).encode()
            for line in store.iterdump():
                kind = line.split("VALUES")[0][:60]
                yield f"{name} {kind} {hashlib.sha256(line.encode()).hexdigest()[:16]}", line.encode()
    else:
        yield name, path.read_bytes()


def _sums(data: bytes) -> Iterator[bytes]:
    for algorithm in ("sha256", "sha512"):
        digest = hashlib.new(algorithm, data)
        yield digest.hexdigest().encode()
        yield base64.b64encode(digest.digest())


def _comparable(member: str, data: bytes, keys: Path) -> bytes:
    if member == "keyring.age":
        return keyring_plaintext(data, (keys / "pressoir" / "receiver.identity").read_text(encoding="utf-8"))
    return b"a signature" if member.endswith(".p7s") else data


if __name__ == "__main__":
    main()
