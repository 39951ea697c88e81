"""How long OUVRIR.HTM takes, and how much memory: ``python -m tests.benchmarks.opening_page [FOLDER]``.

A package of 20,000 dossiers (judged, opened, listed, searched), and a set of more than 4 GiB in two volumes (judged,
opened, large and small dossiers opened one after the other), in headless Chromium from a file. Memory is the sum of
the proportional set sizes (PSS) of every process of the browser, five times a second, without the empty page; seconds
of the processor are those of all of them, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from archiver.package import layout
from archiver.package.manifests.manifest import Volume
from archiver.package.set_build import write_set
from archiver.sealing.age import HybridIdentity
from archiver.sealing.age.keys import identity_file
from archiver.signing.certificates.reading import write_pem
from tests.browser.large_packages import Content, write_volume
from tests.browser.memory import CHROMIUM, below, measured
from tests.browser.opener import Browser, browsing
from tests.packages import SIGNED, listed_volume, set_manifest, signer

DOSSIERS = 20_000
LARGE, SMALL = 600 << 20, 3
"""Bytes of the large dossiers of each volume, and how many small ones there are beside them."""
EACH = 4
SET = "urn:benchmark:set"
VOLUMES = 2
SEARCH = """(() => {
  const began = performance.now();
  const field = document.querySelector('#search');
  field.value = 'famille3999 19999';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return document.querySelector('#patients').offsetHeight && performance.now() - began;
})()"""
"""Milliseconds until the list is laid out that one name and number leave."""
MOMENT = "2026-03-02T10:00:00Z"


def processor_time() -> float:
    """Return the seconds of the processor that the processes of the browser took until now."""
    return sum(map(_time_of, below(os.getpid())))


def _time_of(process: int) -> float:
    try:
        if CHROMIUM not in Path(f"/proc/{process}/cmdline").read_bytes():
            return 0
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Clock:
    """Prints how long each step took, on the wall and of the processor, and the most memory that the browser took in
    it beyond the empty page."""

    def __init__(self, memory: list[int]) -> None:
        self._memory = memory
        time.sleep(2)
        self._empty = min(memory[-5:])
        self._before = processor_time()

    def step(self, name: str, began: float) -> None:
        """Print the step ``name``, which began at ``began`` (of ``time.perf_counter``)."""
        passed = time.perf_counter() - began
        most = max(self._memory[-max(1, round(passed * 5)) :], default=0)
        now = processor_time()
        used = f"{now - self._before:7.1f} s of the processor"
        print(f"  {name:<40} {passed:7.1f} s {used} {(most - self._empty) / 2**20:7.0f} MiB", flush=True)
        self._before = now


def give(browser: Browser, files: list[Path]) -> None:
    browser("give", files=[str(one) for one in files])


def measure_many(folder: Path, identity: HybridIdentity, keys: list[Path]) -> None:
    path = folder / "many.asice"
    began = time.perf_counter()
    write_volume(
        path, [Content(family=f"Famille{one % 4000}", size=10) for one in range(DOSSIERS)], identity, None
    )
    print(
        f"{DOSSIERS} dossiers, {path.stat().st_size / 2**20:.0f} MiB (made in {time.perf_counter() - began:.0f} s)"
    )
    with measured() as memory, browsing(folder / "profile-many") as browser:
        browser("at", moment=MOMENT)
        clock = Clock(memory)
        began = time.perf_counter()
        give(browser, [path, *keys])
        clock.step("judged", began)
        began = time.perf_counter()
        browser("open")
        clock.step("keyring opened, compared and listed", began)
        assert "FAMILLE" in browser.text("#patients"), browser.text("#app")
        passed = browser("evaluate", script=SEARCH)
        assert len(browser.names()) == 1
        print(f"  {'searched':<46} {passed:8.0f} ms")


def measure_large(folder: Path, identity: HybridIdentity, keys: list[Path]) -> None:
    began = time.perf_counter()
    volumes = []
    for number in range(1, VOLUMES + 1):
        contents = [Content(family=f"Grand{number}{one}", size=LARGE) for one in range(EACH)]
        contents += [Content(family=f"Petit{number}{one}", size=1000) for one in range(SMALL)]
        path = folder / layout.volume_name("p.asice", number)
        write_volume(path, contents, identity, Volume(set_id=SET, volume=number, of=VOLUMES))
        volumes.append(path)
    listing = folder / layout.set_name("p.asice")
    with listing.open("w+b") as stream:
        listed = [listed_volume(path, None) for path in volumes]
        manifest = replace(set_manifest(*listed, set_id=SET), counts={})
        write_set(stream, manifest, {layout.README: b"LISEZ-MOI\r\n"}, signer(), at=SIGNED)
    size = sum(one.stat().st_size for one in volumes)
    print(f"a set of {size / 2**30:.2f} GiB (made in {time.perf_counter() - began:.0f} s)")
    with measured() as memory, browsing(folder / "profile-large") as browser:
        browser("at", moment=MOMENT)
        clock = Clock(memory)
        began = time.perf_counter()
        give(browser, [*volumes, listing, *keys])
        clock.step("judged", began)
        began = time.perf_counter()
        browser("open")
        clock.step("keyrings opened and listed", began)
        for name in ("grand10", "petit10", "grand23", "petit22"):
            began = time.perf_counter()
            browser("fill", selector="#search", value=name)
            browser("click", selector="#patients button.link")
            assert browser("count", selector="#dossier iframe"), browser.text(".refused")
            clock.step(f"dossier opened: {LARGE >> 20 if name[0] == 'g' else 0} MiB", began)
            browser("click", selector="#dossier .actions button")


def main() -> None:
    """Make both, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args().folder
    os.environ["OPENER_PATIENCE"] = "1800000"
    with tempfile.TemporaryDirectory(dir=given) as name:
        folder = Path(name)
        identity = HybridIdentity.new(secrets.token_bytes)
        keys = [folder / "receiver.identity", folder / "roots.pem"]
        keys[0].write_text(identity_file([identity]), encoding="utf-8")
        keys[1].write_text(write_pem(signer().roots), encoding="utf-8")
        measure_many(folder, identity, keys)
        measure_large(folder, identity, keys)


if __name__ == "__main__":
    main()
