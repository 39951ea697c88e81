"""Ctrl-C, a polite end and a rude one in the middle of the work: no half package, and the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.worker_pool import processes_for
from tests.journeys.line import IMPORT, SAMPLES, Line, asked, contents
from tests.journeys.program import Program, ended
from tests.large import fill
from tests.tools import need

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="watches open files in /proc")

MIB = 1 << 20
LARGE = [[60 * MIB, MIB, 40 * MIB], *([[8 * MIB, MIB]] * 11)]
"""Dossiers whose sealing takes a second or more, on several cores."""
EXPORT = (
    "export", "large.db", "out.asice", "--all", "--to", "pressoir/receiver.recipient",
    "--signer", "kerbrat/signer.p12",
)  # fmt: skip
PATIENCE = 60


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program beside a practice with large files."""
    folder = small_line.copy(tmp_path_factory.mktemp("large"), "kerbrat", "pressoir")
    fill(folder / "large.db", LARGE)
    return Program(folder=folder)


def family(pid: int) -> set[int]:
    """Return a process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        started = [int(child) for child in children.read_text(encoding="ascii").split()]
    except OSError:
        return set()
    return {pid}.union(*(family(child) for child in started))


def writing(pid: int, folder: Path) -> int:
    """Return how many bytes a process and those it started have written into nameless files of ``folder``."""
    size = 0
    for one in family(pid):
        for link in Path(f"/proc/{one}/fd").glob("*"):
            try:
                if str(link.readlink()).startswith(str(folder)) and link.stat().st_nlink == 0:
                    size += link.stat().st_size
            except OSError:
                continue
    return size


def in_the_middle(
    desk: Program, *command: str, group: bool = False
) -> tuple[subprocess.Popen[bytes], set[int]]:
    """Start a command, and return it with its whole family once it has sealed some megabytes."""
    process = desk.start(*command, before=("setsid",) if group else ())
    end = time.monotonic() + PATIENCE
    while writing(process.pid, desk.folder) < 8 * MIB:
        assert process.poll() is None, ended(process)
        assert time.monotonic() < end
        time.sleep(0.005)
    return process, family(process.pid)


def gone(processes: set[int]) -> bool:
    """Say whether every process ends soon."""
    end = time.monotonic() + PATIENCE
    while alive := {one for one in processes if running(one)}:
        if time.monotonic() > end:
            for one in alive:
                os.kill(one, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_export_is_stopped(desk: Program, number: signal.Signals) -> None:
    before = contents(desk.folder)
    process, started = in_the_middle(desk, *EXPORT)
    process.send_signal(number)
    sentence = ended(process).refused("interrupted", 130)
    assert "Run the same command again; it begins anew." in sentence
    assert gone(started)
    assert contents(desk.folder) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_export_is_stopped_with_all_its_processes(desk: Program, number: signal.Signals) -> None:
    """A terminal sends Ctrl-C to every process of the command, a service manager SIGTERM."""
    before = contents(desk.folder)
    process, started = in_the_middle(desk, *EXPORT, group=True)
    os.killpg(process.pid, number)
    ended(process).refused("interrupted", 130)
    assert gone(started)
    assert contents(desk.folder) == before


def test_an_export_is_killed(desk: Program) -> None:
    before = contents(desk.folder)
    process, started = in_the_middle(desk, *EXPORT)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert gone(started), "a process that nobody waits for went on"
    assert contents(desk.folder) == before


def test_one_of_its_processes_is_killed(desk: Program) -> None:
    """The system takes memory back where it finds it: the export ends with a sentence."""
    before = contents(desk.folder)
    process, started = in_the_middle(desk, *EXPORT)
    workers = sorted(started - {process.pid})
    if not workers:
        process.kill()
        process.communicate(timeout=PATIENCE)
        pytest.skip("this machine has one core, so that one process does everything")
    os.kill(workers[0], signal.SIGKILL)
    ended(process).refused("worker-lost", 53)
    assert gone(started)
    assert contents(desk.folder) == before


SYSTEM_CALLS = {"fsync": 1, "linkat": 1, "copy_file_range": 2}
"""Where else an export may be killed: the call of the main process, and which time it is made."""


@pytest.mark.parametrize("call", SYSTEM_CALLS)
def test_killed_at_a_step(desk: Program, call: str) -> None:
    before = contents(desk.folder)
    strace = need("strace")
    when = SYSTEM_CALLS[call]
    inject = (strace, "-qq", "-o", os.devnull, "-e", f"trace={call}",
              "-e", f"inject={call}:signal=SIGKILL:when={when}")  # fmt: skip
    process = desk.start(*EXPORT, before=inject)
    process.communicate(timeout=PATIENCE * 2)
    assert process.returncode != 0
    after = contents(desk.folder)
    if call == "linkat":  # the kill comes with the call that gives the finished package its name
        after.pop("out.asice", None)
        (desk.folder / "out.asice").unlink(missing_ok=True)
    assert after == before


def test_the_same_command_afterwards_succeeds(desk: Program) -> None:
    process, _ = in_the_middle(desk, *EXPORT)
    process.terminate()
    assert ended(process).status == 130
    desk(*EXPORT).ok()
    try:
        verdict = desk("verify", "out.asice", "--roots", "kerbrat/roots.pem", "--json").ok().document
        assert verdict["intact"]["state"] == "proven"
    finally:
        (desk.folder / "out.asice").unlink()


@pytest.fixture(scope="module")
def sent(desk: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The large package."""
    package = tmp_path_factory.mktemp("sent") / "package.asice"
    desk(*EXPORT[:2], package, *EXPORT[3:]).ok()
    return package


@pytest.fixture
def receiving(desk: Program, sent: Path, small_line: Line, tmp_path: Path) -> Program:
    """Return the program beside the large package and a practice with ten patients."""
    small_line.copy(tmp_path, "receiver.identity", "successor.db")
    os.link(sent, tmp_path / "package.asice")
    (tmp_path / "roots.pem").write_bytes((desk.folder / "kerbrat" / "roots.pem").read_bytes())
    return Program(folder=tmp_path)


def is_receiving(folder: Path) -> bool:
    """Say whether a file of some megabytes has come into the store of the successor."""
    return any(path.stat().st_size >= 8 * MIB for path in (folder / "successor.files").glob("*/*"))


def test_an_import_is_stopped_and_done_again(receiving: Program) -> None:
    before = contents(receiving.folder)
    process = receiving.start(*IMPORT, "--receipt", "receipt.json")
    waited(process, lambda: is_receiving(receiving.folder))
    process.send_signal(signal.SIGTERM)
    done = ended(process)
    done.refused("interrupted", 130)
    assert contents(receiving.folder) == before
    document = receiving(*IMPORT, "--json").ok().document
    assert document["totals"]["came_in"] == len(LARGE)


def waited(process: subprocess.Popen[bytes], happens: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        assert process.poll() is None, ended(process)
        assert time.monotonic() < end
        time.sleep(0.005)


def test_an_import_is_killed_and_done_again(receiving: Program) -> None:
    """A killed import keeps no record; the files that came already are cleared away by the next one, and said."""
    store = receiving.folder / "successor.db"
    before = contents(receiving.folder)[store.name]
    process = receiving.start(*IMPORT)
    waited(process, lambda: is_receiving(receiving.folder))
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert contents(receiving.folder)[store.name] == before
    lying = [path for path in (receiving.folder / "successor.files").glob("*/*") if path.is_file()]
    listed = asked(store, "SELECT count(*) FROM files")[0][0]
    foreign = receiving.folder / "successor.files" / "notes.txt"
    foreign.write_text("ours", encoding="utf-8")
    done = receiving(*IMPORT, "--json").ok()
    assert (
        f"Files that an interrupted run had left behind were removed: {len(lying) - int(str(listed))}"
        in done.err
    )
    assert done.document["totals"]["came_in"] == len(LARGE)
    assert list(receiving.folder.rglob("*.part")) == [] and foreign.exists()


def test_what_a_killed_import_left_goes_with_the_next_collection(receiving: Program) -> None:
    """Whatever runs next: not only the same import clears it away."""
    store = receiving.folder / "successor.db"
    process = receiving.start(*IMPORT)
    waited(process, lambda: is_receiving(receiving.folder))
    process.kill()
    process.communicate(timeout=PATIENCE)
    scans = SAMPLES / "practice" / "imaging"
    assert "had left behind" in receiving("collect", "dicom", scans, "--into", "successor.db").ok().err
    files = {str(digest) for (digest,) in asked(store, "SELECT sha256 FROM files")}
    assert {path.name for path in (receiving.folder / "successor.files").glob("*/*")} == files
    assert "had left behind" not in receiving("collect", "dicom", scans, "--into", "successor.db").ok().err


def importing(receiving: Program, *before: str) -> tuple[subprocess.Popen[bytes], set[int]]:
    """Start an import, and return it with its whole family once a large file lies in the store's folder."""
    process = receiving.start(*IMPORT, "--receipt", "receipt.json", before=before)
    waited(process, lambda: is_receiving(receiving.folder))
    return process, family(process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_import_is_stopped_with_all_its_processes(receiving: Program, number: signal.Signals) -> None:
    before = contents(receiving.folder)
    process, started = importing(receiving, "setsid")
    os.killpg(process.pid, number)
    ended(process).refused("interrupted", 130)
    assert gone(started)
    assert contents(receiving.folder) == before


def test_one_of_the_processes_of_an_import_is_killed(receiving: Program) -> None:
    before = contents(receiving.folder)
    process, started = importing(receiving)
    workers = sorted(started - {process.pid})
    assert len(workers) == processes_for([sum(map(sum, LARGE))]) or os.cpu_count() == 1
    os.kill(workers[0] if workers else process.pid, signal.SIGKILL)
    done = ended(process)
    if workers:
        done.refused("worker-lost", 53)
        assert contents(receiving.folder) == before
    assert gone(started)


def test_the_processes_of_a_killed_import_end_with_it(receiving: Program) -> None:
    process, started = importing(receiving)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert gone(started), "a process that nobody waits for went on"


def test_no_process_but_the_first_has_the_store_open(receiving: Program) -> None:
    """SQLite forbids it after a fork: what one of them closes, the other loses its lock on."""
    process, started = importing(receiving)
    opened = {one: [str(link.readlink()) for link in Path(f"/proc/{one}/fd").glob("*")] for one in started}
    process.terminate()
    ended(process)
    having = {one for one, links in opened.items() if any("successor.db" in link for link in links)}
    assert having == {process.pid}
