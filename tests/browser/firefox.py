"""Headless Firefox, driven by its own Marionette protocol: JSON with its length in front, over loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.tools import need

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of a reference to an element (W3C WebDriver, section 11)."""
PATIENCE = 90.0


class Firefox:
    """A window of Firefox; commands are those of W3C WebDriver."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""
        self._last = 0
        self._message()  # the greeting

    def command(self, name: str, **parameters: Any) -> Any:
        """Send a command and return its answer."""
        self._last += 1
        data = json.dumps([0, self._last, f"WebDriver:{name}", parameters]).encode()
        self._connection.sendall(f"{len(data)}:".encode() + data)
        _, number, fault, answer = self._message()
        assert (number, fault) == (self._last, None), fault
        return answer

    def run(self, script: str) -> Any:
        """Run ``script`` in the page and return what it returns."""
        return self.command("ExecuteScript", script=script, args=[])["value"]

    def wait(self, condition: str) -> None:
        """Wait until the expression ``condition`` is true in the page."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < end, (condition, self.run("return document.body.innerText"))
            time.sleep(0.1)

    def give(self, selector: str, files: list[Path]) -> None:
        """Choose ``files`` in the field for files that ``selector`` finds."""
        found = self.command("FindElement", using="css selector", value=selector)["value"][ELEMENT]
        self.command("ElementSendKeys", id=found, text="\n".join(map(str, files)))

    def _message(self) -> Any:
        while b":" not in self._received:
            self._receive()
        size, _, rest = self._received.partition(b":")
        while len(rest) < int(size):
            self._receive()
            rest = self._received.partition(b":")[2]
        self._received = rest[int(size) :]
        return json.loads(rest[: int(size)])

    def _receive(self) -> None:
        piece = self._connection.recv(1 << 16)
        assert piece, "Firefox ended"
        self._received += piece


@contextmanager
def firefox(profile: Path, page: Path, *, locale: str = "en-GB") -> Iterator[Firefox]:
    """Open ``page`` from its file in a Firefox of its own."""
    profile.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "marionette.port": port,
        "intl.accept_languages": locale,
        "app.normandy.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "browser.shell.checkDefaultBrowser": False,
    }
    lines = (f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in settings.items())
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [need("firefox-esr"), "--marionette", "--headless", "--no-remote", "--profile", profile]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=os.environ | {"HOME": str(profile)}, **quiet) as process:  # type: ignore[call-overload]
        try:
            with _connected(port) as connection:
                browser = Firefox(connection)
                browser.command("NewSession")
                browser.command("Navigate", url=page.as_uri())
                yield browser
        finally:
            process.terminate()
            process.wait(timeout=60)


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            assert time.monotonic() < end, "Firefox does not answer"
            time.sleep(0.2)
