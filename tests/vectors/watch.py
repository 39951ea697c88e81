"""Watching a reader at work: what it writes, whether it decrypts, how many steps it takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from cProfile import Profile
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from archiver.sealing import winzip_aes
from archiver.sealing.age import payload, scrypt, wrapping
from archiver.sealing.age.hybrid import HybridIdentity
from archiver.sealing.keystream import Keystream

DECRYPTS: frozenset[CodeType] = frozenset(
    {
        winzip_aes.derive.__code__,
        Keystream.apply.__code__,
        payload.open_chunk.__code__,
        scrypt._wrap_key.__code__,
        wrapping.open_key.__code__,
        HybridIdentity._expanded.__code__,
    }
)
"""Where keys are derived from secrets and ciphertext becomes plaintext."""
UNSEALS = frozenset({winzip_aes.derive.__qualname__, Keystream.apply.__qualname__})
"""Those of them that open a unit; the others open a keyring."""

CHANGES = frozenset(
    {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.chmod", "os.chown"}
    | {"os.truncate", "os.utime", "os.mkfifo", "os.mknod", "shutil.move", "shutil.rmtree", "os.setxattr"}
)
"""What the interpreter reports when a file or folder is made, renamed or removed."""
REACHES = frozenset(
    {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
)
"""What it reports when a program or another machine is asked."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Watch:
    """What happened while it looked: paths written, calls outside, decrypting functions, steps."""

    written: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    decrypted: set[str] = field(default_factory=set)
    steps: int = 0


_now: list[Watch] = []
_hooked: list[bool] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _now:
        return
    if event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & WRITES:
            # a file already open was heard when it was opened
            _now[-1].written += [] if isinstance(path, int) else [os.fsdecode(path)]
    elif event in CHANGES:
        named = [os.fsdecode(one) for one in arguments[:2] if isinstance(one, str | bytes | os.PathLike)]
        _now[-1].written += [one for one in named if not one.startswith("/proc/self/fd/")]
    elif event in REACHES:
        _now[-1].reached.append(event)


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch what the block does on this thread; files are heard on every thread.

    The interpreter's own profiler counts: a function called at every step costs more than reading does.
    """
    if not _hooked:
        sys.addaudithook(_hear)  # cannot be taken away again, only told to look away
        _hooked.append(True)
    watch, steps = Watch(), Profile(subcalls=False)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    earlier = sys.getprofile()
    _now.append(watch)
    steps.enable()
    try:
        yield watch
    finally:
        steps.disable()
        sys.setprofile(earlier)
        _now.pop()
        sys.dont_write_bytecode = before
        made = steps.getstats()
        watch.steps = sum(one.callcount for one in made)
        called = {one.code for one in made if isinstance(one.code, CodeType)}
        watch.decrypted = {one.co_qualname for one in called & DECRYPTS}
