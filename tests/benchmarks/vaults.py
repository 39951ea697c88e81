"""Rates of a vault with small packages: ``python -m tests.benchmarks.vaults [FOLDER] [--packages N]``.

Deposit, audit, rebuild and listing, each as a person runs it, on two storages that lie on the same disk: every
package is verified, its receipt signed, and each of its files synced and read back on both.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from archiver.package.build import PackageBuilder
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import KeySigner, load_signer
from tests.journeys.program import PROGRAM
from tests.packages import handover, units

UNITS = 3
"""Sealed units of a package, each of some hundred bytes: what is measured is what every package costs."""


def write_package(path: Path, number: int, by: KeySigner) -> None:
    """Write a package that is like no other."""
    at = datetime.now(UTC)
    with path.open("w+b") as target:
        builder = PackageBuilder(target, package_id=str(uuid.UUID(int=number)), readme=b"LISEZ-MOI\r\n")
        for unit_id, sealed in units(UNITS):
            builder.add_unit(unit_id, BytesIO(sealed))
        builder.add_keyring(BytesIO(b"age-encryption.org/v1\n"))
        builder.finish(replace(handover(patients=UNITS - 1), created=at), by, at=at)


def measure(folder: Path, count: int, *command: str) -> None:
    """Run ``command`` and print what each of ``count`` cost."""
    began = time.perf_counter()
    with subprocess.Popen(
        [PROGRAM, *command], cwd=folder, stdout=subprocess.DEVNULL, env=environment(folder)
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    passed = time.perf_counter() - began
    children = used.ru_utime + used.ru_stime
    print(
        f"{command[1]:<8} {passed:8.1f} s  {count / passed:8.1f}/s  {children:7.1f} CPU s"
        f"  {used.ru_maxrss >> 10:5} MiB  status {process.returncode}",
        flush=True,
    )


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"ARCHIVER_DATA": str(folder / "data")}


def main() -> None:
    """Make the packages, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--packages", type=int, default=1000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        run = ("keys", "new", "keys", "--name", "Benchmark", "--no-passphrase")
        subprocess.run([PROGRAM, *run], cwd=folder, check=True, capture_output=True, env=environment(folder))
        by = load_signer(folder / "keys" / "signer.p12", None)
        (folder / "roots.pem").write_text(write_pem(by.roots), encoding="ascii")
        (folder / "arrivals").mkdir()
        for number in range(1, chosen.packages + 1):
            write_package(folder / "arrivals" / f"{number:06}.asice", number, by)
        print(f"{chosen.packages:,} packages, on two storages")
        hosted = ("--uncertified", "Fictive data")
        storages = ("--storage", "disk-a", "--storage", "disk-b")
        measure(folder, 1, "vault", "init", "vault", "--name", "Benchmark", *storages, *hosted)
        signing = ("--signer", "keys/signer.p12", "--receipts", "receipts", "--roots", "roots.pem")
        measure(folder, chosen.packages, "vault", "deposit", "vault", "arrivals", *signing)
        measure(folder, 2 * chosen.packages, "vault", "audit", "vault")
        measure(folder, chosen.packages, "vault", "rebuild", "vault")
        measure(folder, chosen.packages, "vault", "list", "vault")


if __name__ == "__main__":
    main()
