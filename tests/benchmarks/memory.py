"""Peak memory by number of dossiers: ``python -m tests.benchmarks.memory [FOLDER] [--counts N …] [--whole N …]``.

``verify`` and ``inspect`` (the keyring opened) of packages with ``--counts`` units of 200 bytes, whose keyring
says of each what it says of a dossier; ``export`` and ``import`` of practices with ``--whole`` patients who have
one document each. Peaks are those of the largest process (MiB), and what one more dossier adds to them (bytes).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.contenders import PROGRAM, Contender
from tests.benchmarks.packages import many_units
from tests.large import fill

READING = ("--roots", "keys/roots.pem")
OPENING = (*READING, "--identity", "keys/receiver.identity")
SEALING = ("--to", "keys/receiver.recipient", "--signer", "keys/signer.p12")
DOCUMENT = 2000
"""Bytes of the one document of a patient."""


def peak(folder: Path, *command: str) -> int:
    """Return the peak of the largest process of a command, in KiB."""
    one = Contender(name=command[0], group="memory", command=(PROGRAM, *command))
    one.run(folder)
    print(f"  {command[0]:<8} {one.memory / 1024:8.1f} MiB {one.cpu[0]:8.2f} CPU s", flush=True)
    return one.memory


def lists(folder: Path, count: int) -> dict[str, int]:
    """Verify, and open the keyring of, a package of ``count`` units."""
    many_units(folder / "many.asice", folder / "keys", count)
    return {
        "verify": peak(folder, "verify", "many.asice", *READING),
        "inspect": peak(folder, "inspect", "many.asice", *OPENING),
    }


def whole(folder: Path, count: int) -> dict[str, int]:
    """Export a practice of ``count`` patients, and import it."""
    fill(folder / "practice.db", [[DOCUMENT]] * count)
    found = {
        "export": peak(folder, "export", "practice.db", "p.asice", "--all", *SEALING),
        "import": peak(folder, "import", "p.asice", *OPENING, "--into", "back.db"),
    }
    for name in ("practice", "back"):
        shutil.rmtree(folder / f"{name}.files")
        for path in folder.glob(f"{name}.db*"):
            path.unlink()
    (folder / "p.asice").unlink()
    return found


def show(counts: Sequence[int], found: Sequence[dict[str, int]]) -> None:
    """Print what one more dossier adds, from the first count to each."""
    for name in found[0]:
        added = [
            f"{(one[name] - found[0][name]) * 1024 / (count - counts[0]):8.0f}"
            for count, one in zip(counts[1:], found[1:], strict=True)
        ]
        print(f"  {name:<8} bytes a dossier {' '.join(added)}", flush=True)


def main() -> None:
    """Measure every count, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--counts", nargs="*", type=int, default=[1000, 20_000, 200_000])
    parser.add_argument("--whole", nargs="*", type=int, default=[500, 10_000])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        new = [PROGRAM, "keys", "new", "keys", "--name", "Benchmark", "--no-passphrase"]
        subprocess.run(new, cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True)
        for measure, counts in ((lists, chosen.counts), (whole, chosen.whole)):
            found = []
            for count in counts:
                print(f"{count:,} dossiers")
                found.append(measure(folder, count))
            if found:
                show(counts, found)


if __name__ == "__main__":
    main()
