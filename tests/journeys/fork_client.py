"""Client of the fork server: asks for a command, with the folder, environment and streams of its own process."""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

LENGTH, ANSWER = struct.Struct("!I"), struct.Struct("!i")
STREAMS = (0, 1, 2)


def ask(
    connection: socket.socket,
    command: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    streams: Sequence[int] = STREAMS,
    *,
    stopped: bool = False,
) -> None:
    """Ask for ``command`` to be run; ``stopped`` before its first step, until somebody lets it continue (SIGCONT)."""
    mask = os.umask(0)
    os.umask(mask)
    request: dict[str, object] = {
        "command": [*command],
        "folder": folder,
        "environment": {**environment},
        "umask": mask,
    }
    request["stopped"] = stopped
    message = json.dumps(request).encode()
    socket.send_fds(connection, [LENGTH.pack(len(message))], streams)
    connection.sendall(message)


def answer(connection: socket.socket) -> int:
    """Return the next answer.

    Raises:
        EOFError: when there is none.
    """
    found = connection.recv(ANSWER.size, socket.MSG_WAITALL)
    if len(found) != ANSWER.size:
        raise EOFError
    number: int = ANSWER.unpack(found)[0]
    return number


def run(address: str, program: str) -> None:
    """Run ``program`` with the arguments of this process, and leave as it does."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        ask(connection, [program, *sys.argv[1:]], str(Path.cwd()), os.environ)
        answer(connection)
        status = answer(connection)
    sys.exit(status if status >= 0 else 128 - status)
