"""Every command line that a page shows is one the program takes, whether or not a test also runs it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.journeys.command_lines import commands

PAGES = sorted([ROOT / "README.md", *ROOT.glob("README.*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```[^\n]*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)`(?P<body>[^`]+)`(?!`)")
OPTION = re.compile(r"--[a-z][a-z0-9-]*")
PROGRAM = re.compile(r"(?:.*/)?archiver")
ENDS = frozenset("|&;()<>")
PIPE = re.compile(r"<\([^()]*\)")
"""What a shell gives a command in place of a file."""
SETTING = re.compile(r"[A-Z_]+=")
"""A variable that is set for one command."""
OTHERS = frozenset(
    {"--requirement", "--require-hashes", "--only-binary", "--no-deps", "--no-build-isolation"}  # pip
    | {"--check", "--described", "--part", "--rounds"}  # the scripts in .ci, the benchmarks
)
"""Options of other programs that a page names by themselves."""
ALWAYS = frozenset({"--help", "-h"})
ROOT_OPTIONS = ALWAYS | {"--version", "--install-completion", "--show-completion"}
NO_COMMAND = "archiver recovery check value"
"""What recovery cards hash, and no command."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_program_takes_every_command_line_of_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for line in lines(text):
        fault = fault_of(line)
        assert fault is None, f"{page.name} shows “{' '.join(line)}”: {fault}"
    prose = FENCE.sub("", text)
    for span in CODE.finditer(prose):
        if PROGRAM.match(span["body"].split()[0] if span["body"].split() else ""):
            continue
        named = OPTION.findall(span["body"]) if span["body"].startswith("--") else []
        assert {*named} <= options() | OTHERS, f"{page.name} names {span['body']}"


def test_enough_command_lines_are_read() -> None:
    found = [line for page in PAGES for line in lines(page.read_text(encoding="utf-8"))]
    assert len(found) > 100
    assert {line[0] for line in found} >= {"collect", "export", "verify", "import", "keys", "evidence"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("archiver export a.db b.asice --no-such", "export has no --no-such"),
        ("archiver exprot a.db", "there is no command exprot"),
        ("x=$(archiver keys forget a)", "there is no command keys forget"),
        ("archiver verify a.asice --roots", "--roots lacks its value"),
        ("archiver verify a b c --roots r.pem --json > out.json || true", None),
        ("archiver people list a.db b.db", "people list takes 1 arguments"),
        ("archiver evidence show", "evidence show takes 1 or more arguments"),
        ("archiver people show", "people show takes 1 to 2 arguments"),
        ("archiver people show a.db", None),
    ],
)
def test_a_line_that_the_program_refuses_is_noticed(line: str, fault: str | None) -> None:
    (found,) = lines(f"```sh\n{line}\n```\n")
    assert fault_of(found) == fault


def lines(text: str) -> Iterator[list[str]]:
    """Yield the words behind ``archiver`` of every command line in fences and between backticks."""
    for fence in FENCE.finditer(text):
        yield from _calls(fence["body"], complete=True)
    for span in CODE.finditer(FENCE.sub("", text)):
        if PROGRAM.fullmatch(span["body"].split(" ")[0]) and span["body"] != NO_COMMAND:
            yield from _calls(" ".join(span["body"].split()), complete=False)


def _calls(script: str, *, complete: bool) -> Iterator[list[str]]:
    for line in script.replace("\\\n", " ").splitlines():
        if "archiver" not in line:
            continue
        splitter = shlex.shlex(PIPE.sub("a-pipe", line), posix=True, punctuation_chars=True)
        splitter.whitespace_split = True
        try:
            words = list(splitter)
        except ValueError:  # a word of another program that goes on in the next line
            continue
        for at, word in enumerate(words):
            first = at == 0 or bool(ENDS & {*words[at - 1]}) or SETTING.match(words[at - 1])
            if PROGRAM.fullmatch(word) and first and len(words) > at + 1:
                yield [*_until_end(words[at + 1 :]), *([] if complete else ["…"])]


def _until_end(words: list[str]) -> Iterator[str]:
    for word in words:
        if ENDS & {*word} and {*word} <= ENDS:
            return
        yield word


def fault_of(line: list[str]) -> str | None:
    """Return why the program would refuse ``line``; an ellipsis stands for any words."""
    words = [word for word in line if word != "…"]
    depth = next((depth for depth in (3, 2, 1) if " ".join(words[:depth]) in known()), 0)
    if not depth:
        return _group_fault(words)
    name, rest = " ".join(words[:depth]), words[depth:]
    if ALWAYS & {*rest}:
        return None
    values, least, most = known()[name]
    count = 0
    for word in (left := iter(rest)):
        if not word.startswith("-"):
            count += 1
        elif word not in values:
            return f"{name} has no {word}"
        elif values[word] and next(left, None) is None and "…" not in line:
            return f"{word} lacks its value"
    if "…" in line or (least <= count and (most is None or count <= most)):
        return None
    more = " or more" if most is None else f" to {most}" if most > least else ""
    return f"{name} takes {least}{more} arguments"


def _group_fault(words: list[str]) -> str | None:
    """Return what is wrong with words that name no command: those of a group, or an option of the program."""
    groups = {name.split()[0] for name in known()}
    if not words or words[0] in ROOT_OPTIONS:
        return None
    if words[0] not in groups:
        return f"there is no command {words[0]}"
    within = {
        option for name, (values, _, _) in known().items() if name.startswith(words[0]) for option in values
    }
    wrong = next((word for word in words[1:] if word not in within | ALWAYS), None)
    return None if wrong is None else f"there is no command {words[0]} {wrong}"


@cache
def known() -> dict[str, tuple[dict[str, bool], int, int | None]]:
    """Return each command's options and whether they take a value, its least arguments, its most (None: no end)."""
    found = {}
    for name, command in commands():
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        values = {
            spelling: not one.is_flag
            for one in command.params
            if one not in arguments
            for spelling in (*one.opts, *one.secondary_opts)
        }
        least = sum(one.required for one in arguments)
        most = None if any(one.nargs == -1 for one in arguments) else len(arguments)
        found[name] = (values, least, most)
    return found


def options() -> frozenset[str]:
    """Return every option of every command."""
    spelled = {one for values, _, _ in known().values() for one in values}
    return ROOT_OPTIONS | spelled
