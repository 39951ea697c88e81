"""Receive images that a node sends, until somebody ends it, enough came, or nothing comes any more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import sleep

from archiver.dicom_network.instance_folder import InstanceFolder
from archiver.dicom_network.reception import Reception
from archiver.dicom_network.server import POLL_SECONDS, ServerTerms, running_server


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceptionEnd:
    """When a reception ends by itself: after ``count`` instances, after ``idle_seconds`` without anything."""

    count: int | None = None
    idle_seconds: float | None = None


def receive_images(
    files: InstanceFolder,
    terms: ServerTerms,
    end: ReceptionEnd,
    *,
    started: Callable[[int], None] = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> Reception:
    """Receive images into ``files``; ``started`` is called with the port. Ctrl-C ends it, and is no failure.

    Raises:
        ExtraMissing, TlsFileUnusable, PortUnavailable: when nobody can be listened to.
        DiskFull, DiskFault: what the disk answered at the beginning.
    """
    reception = Reception(files)
    with running_server(terms, reception) as running:
        with suppress(KeyboardInterrupt):
            started(running.port)
            seen = 0
            while not _is_over(reception, end):
                sleep(POLL_SECONDS)
                progress(reception.count - seen)
                seen = reception.count
        running.wait_until_quiet()
    return reception


def _is_over(reception: Reception, end: ReceptionEnd) -> bool:
    if end.count is not None and reception.count >= end.count:
        return True
    return end.idle_seconds is not None and reception.activity.idle_seconds >= end.idle_seconds
