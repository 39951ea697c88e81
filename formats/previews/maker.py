"""Previews made by a process of its own, started with the first, and again after a file that it did not survive.

Requests are numbered, and so are answers: one that comes late is never taken for that of another file.
"""

from __future__ import annotations

import atexit
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO, Self

from formats.contents.view import PictureView
from formats.model.documents import Attachment
from formats.previews.preview import (
    MAX_FILE_BYTES,
    MAX_PREVIEW_BYTES,
    PreviewAbsence,
    PreviewOutcome,
    Previews,
    absence_of,
    preview_of,
)

SECONDS = 20.0
"""Time of one preview; a radiograph takes 20 ms, 50,000,000 pixels two seconds."""
START_SECONDS = 60.0
"""Time that the process may take besides to start on a machine at work."""
MAX_SENT_BYTES = 64 << 20
"""Bytes of one that lies in no file of its own, so that its bytes are sent; a panoramic has 10 MB."""


class PreviewMaker:
    """Makes one preview after the other; ``seconds`` is the time each may take."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._number = 0
        self.started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process; another one starts with the next preview."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            with suppress(OSError):
                process.communicate()

    def make(self, stream: BinaryIO, file: Attachment, view: PictureView) -> PreviewOutcome:
        """Return the preview of ``file``, whose bytes are ``stream``, or why there is none."""
        if absence := absence_of(file):
            return absence
        media_type = file.media_type.partition(";")[0].lower()
        path = _path_of(stream)
        if file.size > (MAX_FILE_BYTES if path else MAX_SENT_BYTES):
            return PreviewAbsence.LIMIT
        request = {"media_type": media_type, "view": asdict(view)}
        if path:
            return self._asked(request | {"path": path}, b"")
        data = stream.read(file.size)
        return self._asked(request | {"size": len(data)}, data)

    def _asked(self, request: dict[str, Any], data: bytes) -> PreviewOutcome:
        started = self.started
        self._number += 1
        try:
            process = self._running()
        except OSError:  # no process can be started here
            return PreviewAbsence.NOT_MADE
        timer = Timer(self._seconds + (START_SECONDS if self.started > started else 0), process.kill)
        timer.daemon = True
        timer.start()
        try:
            line = json.dumps(request | {"number": self._number}).encode() + b"\n"
            return _answer(process, line + data, self._number)
        except (OSError, ValueError, RecursionError):  # it ended, or answered what no preview is
            self.stop()
            return PreviewAbsence.TIME
        except BaseException:
            self.stop()
            raise
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # forked since: that process is another one's
            self._owner, self._process = os.getpid(), None
        if self._process is None:
            command = [sys.executable, "-I", "-m", "formats.previews.preview_process"]
            self._process = subprocess.Popen(  # noqa: S603 - our own module, nothing of it comes from outside
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self.started += 1
        return self._process


@cache
def shared_maker() -> PreviewMaker:
    """Return the maker of this process, which ends with it."""
    maker = PreviewMaker()
    atexit.register(maker.stop)
    return maker


def previews_of(open_file: Callable[[str], BinaryIO]) -> Previews:
    """Return what makes previews of files that ``open_file`` opens by their SHA-256; it raises what that raises."""

    def made(file: Attachment, view: PictureView) -> PreviewOutcome:
        if absence := absence_of(file):
            return absence
        with open_file(file.sha256) as stream:
            return shared_maker().make(stream, file, view)

    return made


def _answer(process: subprocess.Popen[bytes], request: bytes, number: int) -> PreviewOutcome:
    """Return what the process answers; raises OSError, ValueError or RecursionError unless that is to this request."""
    if process.stdin is None or process.stdout is None:
        raise OSError
    process.stdin.write(request)
    process.stdin.flush()
    answer = json.loads(process.stdout.readline(MAX_PREVIEW_BYTES))
    if not isinstance(answer, dict) or answer.get("number") != number:
        raise ValueError
    absence, size = answer.get("absence"), answer.get("size")
    if isinstance(absence, str):
        return PreviewAbsence(absence)
    if not isinstance(size, int) or not 0 < size <= MAX_PREVIEW_BYTES:
        raise ValueError
    return preview_of(process.stdout.read(size))


def _path_of(stream: BinaryIO) -> str:
    """Return the path of the file that ``stream`` reads, or nothing where it is none of its own."""
    raw = stream.raw if isinstance(stream, io.BufferedReader) else stream
    if not isinstance(raw, io.FileIO) or not isinstance(raw.name, str):
        return ""
    return str(Path(raw.name).absolute())  # the process may have started in another folder
