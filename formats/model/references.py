"""References between records: declared fields that hold the identity of another record, rewritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

ReferenceHolder = TypeVar("ReferenceHolder")


def with_references(value: ReferenceHolder, change: Callable[[str, str], str | None]) -> ReferenceHolder:
    """Return ``value`` with every reference in it, and in values inside it, as ``change`` gives it.

    ``change`` is called with the kind of record referred to and its identity.
    """
    changed = {}
    for one in fields(value):  # type: ignore[arg-type]  # records are dataclasses
        content = getattr(value, one.name)
        if content is None:
            continue
        made = _changed(content, one.metadata.get("refers", ""), change)
        if made is not content:
            changed[one.name] = made
    return replace(value, **changed) if changed else value  # type: ignore[type-var]


def _changed(content: Any, refers: str, change: Callable[[str, str], str | None]) -> Any:
    if refers:
        made = change(refers, content)
        return content if made == content else made
    if is_dataclass(content):
        return with_references(content, change)
    if isinstance(content, tuple) and content and is_dataclass(content[0]):
        every = tuple(with_references(one, change) for one in content)
        return content if all(new is old for new, old in zip(every, content, strict=True)) else every
    return content
