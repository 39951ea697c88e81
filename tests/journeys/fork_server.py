"""Fork server of the program: an interpreter that has loaded all of it, and forks for each command line.

What it forks is a process of its own, with its own folder, environment, standard streams, signals and end, as a shell
would start it; only the reading of modules, which takes longer than most commands, is done before.
``python -m tests.journeys.fork_server LISTENER LIFELINE`` serves on the socket that is its descriptor ``LISTENER``,
until the pipe ``LIFELINE`` ends. A request is its length (``LENGTH``), which brings the descriptors of the three
standard streams, and a JSON object; an answer is one ``ANSWER``, first the process identifier, at the end the exit
status.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

from tests.journeys.fork_client import ANSWER, LENGTH, STREAMS, answer, ask

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("formats", "archiver")
OWN_VARIABLES = ("LC_CTYPE",)
"""What an interpreter sets for itself where no locale is chosen (PEP 538)."""

UNFLUSHED = 120
"""Status of an interpreter that could not write what it still had for a standard stream."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForkServer:
    """A server at work."""

    process: subprocess.Popen[bytes]
    address: str
    lifeline: int

    def run(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        patience: float,
        before: Callable[[int], object] | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Run ``command`` to its end; return its status, negative for a signal, and what it wrote where.

        ``before`` is called with the process's identifier when the process is stopped before its first step (SIGSTOP),
        and lets it continue.
        """
        end = time.monotonic() + patience
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(self.address)
                streams = (nothing, out_end, err_end)
                ask(connection, command, str(folder), environment, streams, stopped=before is not None)
            finally:
                for descriptor in (nothing, out_end, err_end):
                    os.close(descriptor)
            pid = self._answer(connection)
            if before is not None:
                before(pid)
            written = _read(out, err, end)
            if written is None:
                os.kill(pid, signal.SIGKILL)
            status = self._answer(connection)
        if written is None:
            raise subprocess.TimeoutExpired(command, patience)
        return status, *written

    def _answer(self, connection: socket.socket) -> int:
        try:
            return answer(connection)
        except EOFError as end:
            raise AssertionError(f"the fork server ended: {self._complaint()}") from end

    def _complaint(self) -> str:
        assert self.process.stderr
        return self.process.stderr.read().decode("utf-8", "replace")

    def starter(self, program: Path) -> Path:
        """Return a folder in which a program called as ``program`` has this server run it."""
        folder = Path(self.address).parent / "bin"
        folder.mkdir(exist_ok=True)
        starter = folder / program.name
        starter.write_text(
            f"#!{sys.executable} -IS\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            f"from tests.journeys.fork_client import run\nrun({self.address!r}, {str(program)!r})\n",
            encoding="utf-8",
        )
        starter.chmod(0o755)
        return folder

    def close(self) -> None:
        """End it."""
        os.close(self.lifeline)
        with self.process:
            shutil.rmtree(Path(self.address).parent)


def _read(out: int, err: int, end: float) -> tuple[bytes, bytes] | None:
    """Read both pipes until nobody writes any more, and close them; nothing if that is not before ``end``."""
    pieces: dict[int, bytearray] = {out: bytearray(), err: bytearray()}
    with selectors.DefaultSelector() as waiting:
        for pipe in pieces:
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map() and time.monotonic() < end:
            for key, _ in waiting.select(end - time.monotonic()):
                if piece := os.read(key.fd, 1 << 16):
                    pieces[key.fd] += piece
                else:
                    waiting.unregister(key.fd)
        complete = not waiting.get_map()
    for pipe in pieces:
        os.close(pipe)
    return (bytes(pieces[out]), bytes(pieces[err])) if complete else None


_SERVERS: list[ForkServer] = []


def servers() -> list[int]:
    """Return the process identifiers of the servers of this process."""
    return [one.process.pid for one in _SERVERS]


@cache
def fork_server(environment: tuple[tuple[str, str], ...]) -> ForkServer:
    """Return the server of this process whose modules were loaded in ``environment``."""
    address = str(Path(tempfile.mkdtemp(prefix="fork-")) / "s")
    ends, lifeline = os.pipe()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, str(listener.fileno()), str(ends)],
            cwd=ROOT,
            env={**dict(environment), "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # as those of what it forks: a stream remembers whether it can seek
            stderr=subprocess.PIPE,
            pass_fds=[listener.fileno(), ends],
        )
    os.close(ends)
    server = ForkServer(process=process, address=address, lifeline=lifeline)
    _SERVERS.append(server)
    atexit.register(server.close)
    return server


def load() -> None:
    """Load every module of the program, and the one that Typer loads when it reads its first option."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    importlib.import_module("typer._adapters")


def serve(listener: socket.socket, lifeline: int) -> bool:
    """Fork for each request until the lifeline ends; true in what was forked and is to be the program."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(lifeline, selectors.EVENT_READ)
        waiting.register(listener, selectors.EVENT_READ)
        while lifeline not in {key.fd for key, _ in waiting.select()}:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                if attend(connection):
                    return True
                os._exit(0)
            connection.close()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    return False


def attend(connection: socket.socket) -> bool:
    """Fork for the request of ``connection``; true in what was forked, false beside it when that has ended."""
    header, descriptors, _, _ = socket.recv_fds(connection, LENGTH.size, len(STREAMS))
    request = json.loads(connection.recv(LENGTH.unpack(header)[0], socket.MSG_WAITALL))
    pid = os.fork()
    if pid == 0:
        connection.close()
        become(request, descriptors)
        return True
    for descriptor in descriptors:
        os.close(descriptor)
    with suppress(BrokenPipeError):  # who asked does not wait any more
        connection.sendall(ANSWER.pack(pid))
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        connection.sendall(ANSWER.pack(os.waitstatus_to_exitcode(status)))
    return False


def become(request: Mapping[str, object], descriptors: Sequence[int]) -> None:
    """Take the folder, environment, arguments and standard streams of a request."""
    command, environment = request["command"], request["environment"]
    assert isinstance(command, list)
    assert isinstance(environment, dict)
    for stream, descriptor in zip(STREAMS, descriptors, strict=True):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    own = {name: os.environ[name] for name in OWN_VARIABLES if name in os.environ}
    os.environ.clear()
    os.environ.update(own | environment)
    os.umask(int(str(request["umask"])))
    os.chdir(str(request["folder"]))
    sys.argv, sys.path[0] = command, str(Path(command[0]).parent)
    # a process that the program starts anew (spawn) loads what began this one: the script of the program
    script = sys.modules["__main__"]
    script.__spec__, script.__file__ = None, command[0]
    if request["stopped"]:
        os.kill(os.getpid(), signal.SIGSTOP)


def main() -> None:
    """Serve; in a process that was forked, run the program as its script does."""
    load()
    from archiver.cli.start import run

    gc.collect()
    gc.freeze()
    listener, lifeline = (int(one) for one in sys.argv[1:])
    if serve(socket.socket(fileno=listener), lifeline):
        try:
            run()
        except SystemExit as leaving:
            leave(leaving.code)


def leave(status: object) -> NoReturn:
    """End as the interpreter does, but for the memory it would free: all that the server loaded is in it.

    Freeing writes to every page, which this process would first have to be given a copy of.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        os._exit(UNFLUSHED)
    os._exit(status if isinstance(status, int) else status is not None)


if __name__ == "__main__":
    main()
