"""Feed readers with ever new bytes, guided by the branches they reach (atheris, libFuzzer).

    python -m tests.fuzz.fuzz TARGET SEEDS SECONDS [options of libFuzzer]
    python -m tests.fuzz.fuzz every FOLDER SECONDS [options of libFuzzer]

``SEEDS`` is a folder that holds the first inputs and receives the new ones; it is
filled when it is empty. An exception that is no failure ends the run with the
input in ``crash-…`` beside the seeds. ``every`` reader in turn gets a folder of its
name below ``FOLDER``, with ``seeds`` and a ``log``: all are imported and instrumented
once, and each runs in a process that branches off from there. Where atheris is not
installed the bytes are mutated blindly for the same time, and the first line says so.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import random
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

from tests.fuzz.targets import TARGETS
from tests.vectors.generator.case import Case
from tests.vectors.generator.corpus import FAMILIES

try:
    import atheris
except ImportError:
    atheris = None

LARGEST_SEED = 16 << 10
"""Bytes of a seed from the corpus; a fuzzer is quickest with short ones."""
MOST_SEEDS = 60
"""Cases of the corpus a reader starts from."""
LONGEST_INPUT = 64 << 10
SLOWEST_INPUT = 10
"""Seconds one input may take before it counts as a finding."""
MEMORY = 2048
"""Mebibytes the whole process may take."""


EVERY = "every"


def main(target: str, folder: Path, seconds: int, options: list[str]) -> None:
    """Run one target, or every one in turn."""
    if target != EVERY:
        read, failure = _prepared(target, folder)
        _run(read, failure, folder, [f"-max_total_time={seconds}", *options])
        return
    folders = {name: folder / name / "seeds" for name in TARGETS}
    for seeds in folders.values():
        seeds.mkdir(parents=True, exist_ok=True)
    readers = {name: _prepared(name, seeds) for name, seeds in folders.items()}
    broken = [
        name
        for name, reader in readers.items()
        if _branched_off(reader, folders[name], [f"-max_total_time={seconds}", *options])
    ]
    sys.exit(f"broken: {', '.join(broken)}" if broken else 0)


Reader = tuple[Callable[[bytes], object], type[Exception]]
"""What reads, and the failures it may raise."""


def _branched_off(reader: Reader, seeds: Path, options: list[str]) -> int:
    """Run ``reader`` in a process of its own where there are such; return how that ended."""
    if not hasattr(os, "fork"):
        with (seeds.parent / "log").open("w") as log, redirect_stdout(log):
            _run(*reader, seeds, options)
        return 0
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    log = os.open(seeds.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        _run(*reader, seeds, options)
    except BaseException:  # noqa: BLE001 - whatever it is, it is told in the log and by the status
        traceback.print_exc()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)


def _run(read: Callable[[bytes], object], failure: type[Exception], folder: Path, options: list[str]) -> None:
    def one_input(data: bytes) -> None:
        try:
            read(data)
        except failure as refusal:
            str(refusal)  # a sentence that lacks a fact would break here

    if atheris is None:
        print("atheris is not installed: bytes are mutated blindly")  # noqa: T201 - told to whoever runs it
        _blindly(one_input, folder, int(options[0].partition("=")[2]))
        return
    limits = [f"-max_len={LONGEST_INPUT}", f"-timeout={SLOWEST_INPUT}", f"-rss_limit_mb={MEMORY}"]
    limits += [f"-artifact_prefix={folder.parent}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, *options, str(folder)], one_input)
    atheris.Fuzz()


def _prepared(name: str, folder: Path) -> Reader:
    """Import the reader, with its branches counted where possible, and fill ``folder`` when it is empty."""
    warnings.simplefilter("ignore")
    logging.disable()
    target = TARGETS[name]
    if not any(folder.iterdir()):
        fill(name, folder)
    if atheris is None:
        read = target.made()
    else:
        with atheris.instrument_imports(include=["archiver", "formats"], enable_loader_override=False):
            read = target.made()
    gc.freeze()
    return read, importlib.import_module("formats.errors").Failure


def fill(name: str, folder: Path, corpus: Sequence[Case] | None = None) -> None:
    """Write the seeds of a target into ``folder``: what is honest, and the short cases of its reader."""
    target = TARGETS[name]
    cases = corpus if corpus is not None or not target.cases else every_case()
    found = [one.data for one in cases or () if one.reader == target.cases and len(one.data) <= LARGEST_SEED]
    chosen = found[:: len(found) // MOST_SEEDS + 1]
    for number, seed in enumerate([*target.honest, *chosen]):
        (folder / f"seed-{number:03}").write_bytes(seed)


@cache
def every_case() -> list[Case]:
    """Return the whole corpus."""
    return [one for family in FAMILIES for one in family.cases()]


def _blindly(one_input: Callable[[bytes], None], folder: Path, seconds: int) -> None:
    chance = random.Random(0)
    seeds = [path.read_bytes() for path in sorted(folder.iterdir())]
    end, runs = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            at = chance.randint(0, len(data))
            data[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        (folder.parent / "last-input").write_bytes(data)
        one_input(bytes(data))
        runs += 1
    print(f"stat::number_of_executed_units: {runs}")  # noqa: T201 - as libFuzzer tells it


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
