"""Fork server of the program: an interpreter that has loaded all of it, and forks once for each command line.

What it forks is a process of its own, with its own folder, environment, standard streams, signals and end, as a shell
would start it; only the reading of modules, which takes longer than most commands, is done before.
``python -m tests.journeys.fork_server N`` serves on the socket that is its descriptor N: a request is its length
(``LENGTH``), which brings the descriptors of both standard streams, and a JSON object; an answer is one ``ANSWER``,
first the process identifier, at the end the exit status.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("formats", "archiver")
LENGTH, ANSWER = struct.Struct("!I"), struct.Struct("!i")
OWN_VARIABLES = ("LC_CTYPE",)
"""What an interpreter sets for itself where no locale is chosen (PEP 538)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForkServer:
    """A server at work, for one command line at a time."""

    process: subprocess.Popen[bytes]
    connection: socket.socket

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], patience: float
    ) -> tuple[int, bytes, bytes]:
        """Run ``command`` to its end; return its status, negative for a signal, and what it wrote where."""
        end = time.monotonic() + patience
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        mask = os.umask(0)
        os.umask(mask)
        request = {
            "command": [*command],
            "folder": str(folder),
            "environment": {**environment},
            "umask": mask,
        }
        message = json.dumps(request).encode()
        try:
            socket.send_fds(self.connection, [LENGTH.pack(len(message))], [out_end, err_end])
        finally:
            os.close(out_end)
            os.close(err_end)
        self.connection.sendall(message)
        pid = self._answer()
        written = _read(out, err, end)
        if written is None:
            os.kill(pid, signal.SIGKILL)
        status = self._answer()
        if written is None:
            raise subprocess.TimeoutExpired(command, patience)
        return status, *written

    def _answer(self) -> int:
        answer = self.connection.recv(ANSWER.size, socket.MSG_WAITALL)
        assert len(answer) == ANSWER.size, f"the fork server ended: {self._complaint()}"
        number: int = ANSWER.unpack(answer)[0]
        return number

    def _complaint(self) -> str:
        assert self.process.stderr
        return self.process.stderr.read().decode("utf-8", "replace")

    def close(self) -> None:
        """End it."""
        with self.process:
            self.connection.close()


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


@cache
def fork_server(environment: tuple[tuple[str, str], ...]) -> ForkServer:
    """Return the server of this process whose modules were loaded in ``environment``."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, str(theirs.fileno())],
            cwd=ROOT,
            env={**dict(environment), "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # as those of what it forks: a stream remembers whether it can seek
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
    server = ForkServer(process=process, connection=ours)
    atexit.register(server.close)
    return server


def load() -> None:
    """Load every module of the program."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)


def serve(connection: socket.socket) -> bool:
    """Fork for each request until nobody asks any more; true in what was forked, ready to be the program."""
    while True:
        header, descriptors, _, _ = socket.recv_fds(connection, LENGTH.size, 2)
        if not header:
            return False
        request = json.loads(connection.recv(LENGTH.unpack(header)[0], socket.MSG_WAITALL))
        pid = os.fork()
        if pid == 0:
            connection.close()
            become(request, descriptors)
            return True
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(ANSWER.pack(pid))
        _, status = os.waitpid(pid, 0)
        connection.sendall(ANSWER.pack(os.waitstatus_to_exitcode(status)))


def become(request: Mapping[str, object], descriptors: Sequence[int]) -> None:
    """Take the folder, environment, arguments and standard streams of a request."""
    command, environment = request["command"], request["environment"]
    assert isinstance(command, list)
    assert isinstance(environment, dict)
    for stream, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    own = {name: os.environ[name] for name in OWN_VARIABLES if name in os.environ}
    os.environ.clear()
    os.environ.update(own | environment)
    os.umask(int(str(request["umask"])))
    os.chdir(str(request["folder"]))
    sys.argv, sys.path[0] = command, str(Path(command[0]).parent)


def main() -> None:
    """Serve; in a process that was forked, run the program as its script does."""
    load()
    from archiver.cli.start import run

    gc.collect()
    gc.freeze()
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        run()


if __name__ == "__main__":
    main()
