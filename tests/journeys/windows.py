"""The program under rules of Windows, as far as another system can apply them: ``python windows.py archiver …``.

1. Our own modules do not see what ``os``, ``signal`` and ``socket`` have on POSIX systems alone; the libraries do,
   whose versions for Windows have other code in these places.
2. Our own modules cannot load ``fcntl``, ``grp``, ``pwd``, ``resource``, ``termios`` …
3. Processes are started anew (``spawn``), with the same rules; little work is worth several.
4. No file is made whose name Windows refuses or takes for another's, or whose path is too long for it.
5. A file that is open here cannot be renamed, replaced or removed: a sharing violation.

Not applied: what a path looks like, the mode of files, the end of a process by a signal, sharing violations among
processes.
"""

from __future__ import annotations

import builtins
import errno
import multiprocessing
import multiprocessing.context
import os
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from types import ModuleType
from typing import Any

OURS = ("archiver", "formats")
OS_NAMES = """
DirEntry F_OK MutableMapping O_APPEND O_BINARY O_CREAT O_EXCL O_NOINHERIT O_RANDOM O_RDONLY O_RDWR
O_SEQUENTIAL O_SHORT_LIVED O_TEMPORARY O_TEXT O_TRUNC O_WRONLY P_DETACH P_NOWAIT P_NOWAITO P_OVERLAY  P_WAIT
PathLike R_OK SEEK_CUR SEEK_END SEEK_SET TMP_MAX W_OK X_OK abc abort access add_dll_directory  altsep chdir
chmod close closerange cpu_count curdir defpath device_encoding devnull dup dup2 environ  error execl execle
execlp execlpe execv execve execvp execvpe extsep fdopen fsdecode fsencode fspath  fstat fsync ftruncate
get_exec_path get_handle_inheritable get_inheritable get_terminal_size getcwd  getcwdb getenv getlogin
getpid getppid isatty kill lchmod linesep link listdir listdrives lseek lstat  makedirs mkdir name open
pardir path pathsep pipe popen process_cpu_count putenv read readlink remove  removedirs rename renames
replace rmdir scandir sep set_handle_inheritable set_inheritable spawnl  spawnle spawnv spawnve st startfile
stat stat_result statvfs_result strerror supports_bytes_environ  supports_dir_fd supports_effective_ids
supports_fd supports_follow_symlinks symlink sys system  terminal_size times times_result truncate umask
uname_result unlink unsetenv urandom utime waitpid  waitstatus_to_exitcode walk write
"""
SIGNAL_NAMES = """
CTRL_BREAK_EVENT CTRL_C_EVENT Handlers NSIG SIGABRT SIGBREAK SIGFPE SIGILL SIGINT SIGSEGV SIGTERM  SIG_DFL
SIG_IGN Signals default_int_handler getsignal raise_signal set_wakeup_fd signal strsignal  valid_signals
"""
PORTABLE = {"os": frozenset(OS_NAMES.split()), "signal": frozenset(SIGNAL_NAMES.split())}
"""Public names that the module has on Windows: CPython 3.11 to 3.14, "Availability" in the library's reference."""
ABSENT = {"socket": frozenset({"AF_UNIX", "CMSG_LEN", "CMSG_SPACE", "send_fds", "recv_fds"})}
"""Public names that the module does not have there, where most are the same."""
MODULES = frozenset(
    {"fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
)
"""Modules that Windows does not have."""
RESERVED = frozenset(
    ("CON", "PRN", "AUX", "NUL", *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789"))
)
FORBIDDEN = frozenset('<>:"|?*\\') | {chr(code) for code in range(32)}
LONGEST_BELOW = 130
"""Characters below the folder in which somebody works: MAX_PATH is 260, and ``C:\\Users\\…`` has its part."""
SHARE = 1 << 10
"""Bytes of work for which a process is started, so that a small practice has several."""


def ours(depth: int = 2) -> bool:
    """Tell whether one of our own modules asks."""
    return str(sys._getframe(depth).f_globals.get("__name__", "")).split(".")[0] in OURS


class PortableModule(ModuleType):
    """A module of the library as our own modules would find it on Windows."""

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and ours():
            here = ModuleType.__getattribute__(self, "__name__")
            if name not in PORTABLE.get(here, {name}) or name in ABSENT.get(here, ()):
                raise AttributeError(
                    f"module {here!r} has no attribute {name!r} on Windows", name=name, obj=self
                )
        return ModuleType.__getattribute__(self, name)


def hide_posix_names() -> None:
    """Hide from our own modules what Windows does not have (rules 1 and 2)."""
    for module in (os, signal, socket):
        module.__class__ = PortableModule
    load = builtins.__import__

    def load_portable(name: str, *arguments: Any, **named: Any) -> ModuleType:
        if name.split(".", 1)[0] in MODULES and ours():
            raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
        return load(name, *arguments, **named)

    builtins.__import__ = load_portable


def spawn_alone() -> None:
    """Leave one way to start a process (rule 3)."""
    contexts = multiprocessing.context._concrete_contexts
    for method in [*contexts]:
        if method != "spawn":
            del contexts[method]
    multiprocessing.get_all_start_methods = lambda: ["spawn"]
    multiprocessing.set_start_method("spawn", force=True)


def open_files() -> Iterator[str]:
    """Yield the paths that this process has open, as the system tells them."""
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of the list itself is closed by now
            yield str(descriptor.readlink())


def refuse_name(path: str) -> None:
    """Refuse to make a file or folder that Windows would refuse or take for another (rule 4)."""
    part = Path(path).name
    stem = part.split(".", 1)[0].rstrip(" ").upper()
    if part != part.rstrip(". ") or FORBIDDEN & set(part) or stem in RESERVED:
        raise OSError(errno.EINVAL, "Windows refuses this name", path)
    here, there = Path.cwd(), Path(path).absolute()
    if there.is_relative_to(here) and len(str(there.relative_to(here))) > LONGEST_BELOW:
        raise OSError(errno.ENOENT, "too long a path for Windows", path)
    for other in there.parent.iterdir():
        if other.name != part and PureWindowsPath(other.name) == PureWindowsPath(part):
            raise OSError(errno.EEXIST, f"{other.name} has this name on Windows", path)


def refuse_open(path: str) -> None:
    """Refuse to rename, replace or remove a file that is open here (rule 5)."""
    if os.path.realpath(path) in open_files():
        raise PermissionError(errno.EACCES, "WinError 32: used by another process, this one", path)


def judge(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit what any code of this process does with files (PEP 578)."""
    if event not in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link"}:
        return
    path = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes | os.PathLike) else ""
    if not path or path.startswith(("/proc", "/dev")):
        return
    if event in {"os.rename", "os.remove", "os.rmdir"}:
        refuse_open(path)
    if event in {"os.rename", "os.link"}:
        path = os.fsdecode(arguments[1])
        refuse_open(path)
    new = event in {"os.mkdir", "os.rename", "os.link"} or (event == "open" and arguments[2] & os.O_CREAT)
    if new and not os.path.lexists(path):
        refuse_name(path)


def begin() -> None:
    """Apply every rule, in this process and in those it starts, which load this module too."""
    tempfile.TemporaryFile = (
        tempfile.NamedTemporaryFile
    )  # as tempfile itself says where the system is Windows
    shutil._use_fd_functions = False
    warnings.filterwarnings("error", category=EncodingWarning, module=rf"({'|'.join(OURS)})(\..*)?$")
    spawn_alone()
    hide_posix_names()
    sys.addaudithook(judge)


def main() -> None:
    """Run the program as its script does."""
    sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    begin()
    from archiver import worker_pool
    from archiver.cli.start import run

    worker_pool.SHARES["spawn"] = SHARE
    run()


if __name__ == "__main__":
    main()
elif __name__ == "__mp_main__":
    begin()
    Path(tempfile.gettempdir(), f"spawned-{os.getpid()}").touch()  # for whoever counts
