"""A request as the commands show it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from archiver.cli.terminal.console import say, show_json
from archiver.compliance.access_deadlines import Deadlines
from archiver.compliance.request_words import OMISSION_WORDS, Omission
from archiver.handover.kinds import kind_words
from archiver.practice.registers.access_requests import AccessRequest, RequestDelivery
from formats.words import mark


def say_omission(kind: str, reason: Omission, count: int) -> None:
    """Say what was left out, and why."""
    say(
        mark("Left out ({kind}): {count}; {reason}."),
        kind=kind_words(kind),
        count=count,
        reason=OMISSION_WORDS[reason],
    )


def show_change(request: AccessRequest, end: Deadlines, sentence: str, *, as_json: bool) -> None:
    """Say what was done, as words or as JSON."""
    if as_json:
        show_json(request_json(request, end))
        return
    say(sentence, number=request.id)


def request_json(request: AccessRequest, end: Deadlines) -> dict[str, Any]:
    """Return a request with its deadlines."""
    return {
        "request": 1,
        **asdict(request),
        "not_before": end.not_before.isoformat() if end.not_before else None,
        "due": end.recent.isoformat() if end.recent else None,
        "due_old": end.old.isoformat() if end.old else None,
    }


def delivery_json(one: RequestDelivery) -> dict[str, Any]:
    """Return what was written for a request."""
    return asdict(one) | {"files": json.loads(one.files), "left_out": json.loads(one.left_out)}


def to_the_minute(moment: datetime) -> str:
    """Return a moment as people write it."""
    return moment.strftime("%Y-%m-%d %H:%M")


def say_deadlines(end: Deadlines) -> None:
    """Say until when to answer."""
    if end.not_before:
        say(mark("Not before {moment} (48 hours of reflection)."), moment=to_the_minute(end.not_before))
    if end.recent:
        say(mark("By {day} at the latest (8 days)."), day=end.recent.isoformat())
    if end.old:
        say(mark("What is older than five years: by {day} (2 months)."), day=end.old.isoformat())
