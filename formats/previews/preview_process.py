"""Process that makes previews of the files it is asked for on standard input, one after the other, until that ends.

A request is a line of JSON, and behind it ``size`` bytes of the file unless it names the ``path`` of one. The answer is
a line of JSON: the ``number`` of the request, and the ``size`` of the preview, which follows, or ``absence``, why there
is none.

A picture of a kilobyte can ask its decoder for gigabytes or minutes, and decoders are written in C: this process may
fail in any manner, and nothing else does (``formats.previews.maker``).
"""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from formats.contents.preview_picture import frame_preview, picture_preview
from formats.contents.view import PictureView
from formats.errors import Failure, LimitExceeded
from formats.previews.preview import (
    DICOM,
    MAX_PREVIEW_BYTES,
    PREVIEW_SIDE,
    PreviewAbsence,
    PreviewOutcome,
    preview_of,
)
from formats.regular_files import open_regular

if sys.platform != "win32":  # Windows limits no process so
    import resource

MEMORY_BYTES = 2 << 30
"""Address space of the process; a picture with the most pixels that are decoded takes 500 MB."""


def _outcome_of(stream: BinaryIO, media_type: str, view: PictureView) -> PreviewOutcome:
    """Return the preview of the file in ``stream``, or why there is none, whatever its decoder raises of it."""
    try:
        if media_type == DICOM:
            return _instance_preview(stream)
        return preview_of(picture_preview(stream, view, side=PREVIEW_SIDE, most=MAX_PREVIEW_BYTES))
    except LimitExceeded:
        return PreviewAbsence.LIMIT
    except MemoryError:
        return PreviewAbsence.TIME
    except Exception:  # noqa: BLE001 - libraries raise anything of a file that they do not expect
        return PreviewAbsence.DAMAGED


def _instance_preview(stream: BinaryIO) -> PreviewOutcome:
    from formats.dicom.frame import FrameUnknown, middle_frame  # noqa: PLC0415 - most dossiers have no DICOM file

    try:
        values = middle_frame(stream)
    except FrameUnknown:
        return PreviewAbsence.FORMAT
    return preview_of(frame_preview(values, side=PREVIEW_SIDE, most=MAX_PREVIEW_BYTES))


def _answered(request: Mapping[str, Any], source: BinaryIO) -> PreviewOutcome:
    asked = request["view"]
    view = PictureView(
        crop=tuple(asked["crop"]),
        rotation=asked["rotation"],
        flipped=asked["flipped"],
        window=tuple(asked["window"]),
    )
    if path := request.get("path"):
        try:
            with open_regular(Path(path)) as stream:
                return _outcome_of(stream, request["media_type"], view)
        except (Failure, OSError):
            return PreviewAbsence.DAMAGED
    return _outcome_of(io.BytesIO(source.read(request["size"])), request["media_type"], view)


def _limit_resources() -> None:
    if sys.platform == "win32":
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # a system that has a lower limit already
            resource.setrlimit(kind, (most, most))


def make_previews() -> None:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    _limit_resources()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library says is no answer
    with suppress(BrokenPipeError):
        for line in iter(source.readline, b""):
            request = json.loads(line)
            found = _answered(request, source)
            answer: dict[str, Any] = {"number": request["number"]}
            data = b""
            if isinstance(found, PreviewAbsence):
                answer["absence"] = found.value
            else:
                data = found.data
                answer["size"] = len(data)
            target.write(json.dumps(answer).encode() + b"\n" + data)
            target.flush()


if __name__ == "__main__":
    make_previews()
