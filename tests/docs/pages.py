"""The command blocks of a page of documentation, run one after the other as its reader would.

A fenced block marked ``sh`` is run; a ``text`` block right after it is what the
commands print: each of its lines must appear, in that order, with ``…`` for
anything. Blocks of one page build on each other, in one shell, in one folder,
with a program that speaks the language of the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.program import PROGRAM, Program
from tests.tools import need

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ELSEWHERE = ("make ", "git ", "sudo ")
"""How a block begins that is no test of its own: continuous integration runs the two `make` commands."""
MARK = "@@ block "
TYPED = "un mot de passe"
"""The passphrase that the reader of a page types."""
SHOWN = 4000
"""Characters of output that a failing test repeats."""

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Commands of a page: the line they start at, the words after ``sh``, and what they print."""

    line: int
    words: tuple[str, ...]
    commands: str
    prints: tuple[str, ...] = ()


def language_of(page: Path) -> str:
    """Return the language of ``page``: of its folder in docs, of the end of its name beside docs."""
    if page.is_relative_to(DOCS):
        return "fr" if page.is_relative_to(DOCS / "fr") else "en"
    return "fr" if page.name.endswith(".fr.md") else "en"


def twin(page: Path) -> Path:
    """Return where the same page is in the other language."""
    french = language_of(page) == "fr"
    if page.is_relative_to(DOCS):
        return DOCS / ("en" if french else "fr") / Path(*page.relative_to(DOCS).parts[1:])
    return page.with_name(page.name.replace(".fr.md", ".md") if french else f"{page.stem}.fr.md")


def blocks(page: Path) -> list[Block]:
    """Return the command blocks of ``page``, those left to others excepted."""
    return [block for block in _blocks(page.read_text(encoding="utf-8")) if not _elsewhere(block)]


def _blocks(text: str) -> Iterator[Block]:
    fences = list(_FENCE.finditer(text))
    for place, fence in enumerate(fences):
        info = fence["info"].split()
        if info[:1] != ["sh"]:
            continue
        after = fences[place + 1] if place + 1 < len(fences) else None
        answers = (
            after is not None
            and after["info"].strip() == "text"
            and not text[fence.end() : after.start()].strip()
        )
        yield Block(
            line=text.count("\n", 0, fence.start()) + 1,
            words=tuple(info[1:]),
            commands=fence["body"],
            prints=tuple(after["body"].splitlines()) if after is not None and answers else (),
        )


def _elsewhere(block: Block) -> bool:
    return all(line.startswith(ELSEWHERE) for line in block.commands.splitlines() if line.strip())


def run_blocks(
    page: Path,
    wanted: list[Block],
    folder: Path,
    *,
    programs: Path | None = None,
    typed: str = "",
    interpreter: str = "sh",
) -> None:
    """Run ``wanted`` blocks of ``page`` in ``folder``, and compare what each prints.

    ``programs`` is a folder of programs that are found before all others. With ``typed`` somebody
    sits at the terminal, and answers so when a passphrase is asked for. Else, for ``sh``, which opens
    no files beyond the standard streams, a fork server runs the program.
    """
    assert wanted, f"{page.name} has no command to run"
    script = "set -eu\n" + "".join(f"echo; echo '{MARK}{one.line}'\n{one.commands}\n" for one in wanted)
    command = [need(interpreter), "-c", script]
    program = Program(folder=folder, language=language_of(page))
    first = [programs] if programs else []
    if not typed and interpreter == "sh" and hasattr(os, "fork"):
        first.append(program.server().starter(PROGRAM))
    with _terminal(typed) as terminal:
        if terminal is not None:
            # the terminal stands behind the commands, but is not what they read
            command = [need("setsid"), "--ctty", "--wait", *command[:2], f"exec < /dev/null\n{script}"]
        done = subprocess.run(
            command,
            cwd=folder,
            env=_environment(first, folder, language_of(page)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            check=False,
        )
    output = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, f"{page.name} ended with {done.returncode}:\n{output[-SHOWN:]}"
    for block, part in zip(wanted, output.split(f"\n{MARK}")[1:], strict=True):
        _compare(page, block, part.splitlines()[1:])


@contextmanager
def _terminal(typed: str) -> Iterator[int | None]:
    """Yield a terminal at which ``typed`` is the answer to every question, or nothing."""
    if not typed:
        yield None
        return
    ours, theirs = os.openpty()
    person = threading.Thread(target=_answer, args=(ours, typed))
    person.start()
    try:
        yield theirs
    finally:
        os.close(theirs)
        person.join()
        os.close(ours)


def _answer(terminal: int, typed: str) -> None:
    with suppress(OSError):  # how Linux says that nobody is at the other end any more
        while asked := os.read(terminal, 4096):
            if b"passphrase" in asked.lower():
                os.write(terminal, f"{typed}\n".encode())


def _environment(first: list[Path], folder: Path, language: str) -> dict[str, str]:
    """Return an environment in which the program finds the passphrases that its reader types."""
    path = os.pathsep.join(
        (*map(str, first), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))
    )
    variables = {name: text for name, text in os.environ.items() if not name.startswith("ARCHIVER_")}
    own = {"ARCHIVER_LANGUAGE": language, "ARCHIVER_DATA": str(folder / ".remembered"), "LC_ALL": "C.UTF-8"}
    typed = {f"ARCHIVER_{key}_PASSPHRASE": TYPED for key in ("NEW", "IDENTITY", "SIGNER")}
    return variables | own | typed | {"PATH": path}


def _compare(page: Path, block: Block, output: list[str]) -> None:
    left = map(_plain, output)
    for line in block.prints:
        pattern = re.compile(".*".join(map(re.escape, _plain(line).split("…"))))
        found = any(pattern.fullmatch(one) for one in left)
        tail = "\n".join(output)[-SHOWN:]
        assert found, f"{page.name}:{block.line} does not print {line!r}, or not there; it prints:\n{tail}"


def _plain(line: str) -> str:
    """Return ``line`` with every run of blanks as one: columns move with what stands in them."""
    return " ".join(line.split())
