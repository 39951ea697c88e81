"""On which line of a TOML file each key stands.

``tomllib`` says so of a fault of syntax alone. The text is valid TOML already, so that only strings, comments and
brackets have to be told from keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]
"""Keys and places in lists, from the root on."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.#"\']+',
    re.DOTALL,
)


def key_lines(text: str) -> Mapping[Path, int]:
    """Return the line, from 1, of every key of ``text`` and of every element of its lists."""
    return _Scan(text).lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._tokens: list[tuple[str, int]] = []
        line = 1
        for found in _TOKEN.finditer(text):
            self._tokens.append((found.group(), line))
            line += found.group().count("\n")
        self._tokens.append(("", line))
        self._place = 0
        self._arrays: dict[Path, int] = {}
        self._top()

    def _top(self) -> None:
        header: Path = ()
        while self._peek():
            if self._take_blank():
                continue
            if self._peek() == "[":
                header = self._header()
            else:
                self._pair(header)

    def _peek(self) -> str:
        return self._tokens[self._place][0]

    def _next(self) -> tuple[str, int]:
        token = self._tokens[self._place]
        self._place += bool(token[0])
        return token

    def _take_blank(self) -> bool:
        blank = self._peek() == "\n" or self._peek().startswith("#")
        if blank:
            self._next()
        return blank

    def _header(self) -> Path:
        _, line = self._next()
        several = self._peek() == "["
        if several:
            self._next()
        names = self._key()
        while self._peek() == "]":
            self._next()
        path = self._resolved(names[:-1] if several else names)
        if several:
            path = (*path, names[-1])
            place = self._arrays[path] = self._arrays.get(path, -1) + 1
            self.lines.setdefault(path, line)
            path = (*path, place)
        self._note(path, line)
        return path

    def _resolved(self, names: Path) -> Path:
        """Return the path of a header, which names the last table of each list that it goes through."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._arrays:
                path = (*path, self._arrays[path])
        return path

    def _pair(self, within: Path) -> None:
        line = self._tokens[self._place][1]
        path = within
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._next()  # =
        self._value(path)

    def _key(self) -> Path:
        names: list[str] = []
        while True:
            names.append(_name(self._next()[0]))
            if self._peek() != ".":
                return tuple(names)
            self._next()

    def _value(self, path: Path) -> None:
        if self._peek() == "[":
            self._next()
            self._members(path, "]")
        elif self._peek() == "{":
            self._next()
            self._members(path, "}")
        else:
            while self._peek() not in {"", "\n", ",", "]", "}"} and not self._peek().startswith("#"):
                self._next()

    def _members(self, path: Path, end: str) -> None:
        place = 0
        while self._peek() and self._peek() != end:
            if self._take_blank():
                continue
            if self._peek() == ",":
                self._next()
            elif end == "]":
                self._note((*path, place), self._tokens[self._place][1])
                self._value((*path, place))
                place += 1
            else:
                self._pair(path)
        self._next()

    def _note(self, path: Path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)


def _name(token: str) -> str:
    if token.startswith("'"):
        return token[1:-1]
    if token.startswith('"'):
        import tomllib  # noqa: PLC0415 - keys in quotation marks are few

        made: dict[str, Any] = tomllib.loads(f"{token} = 0")
        return next(iter(made))
    return token
