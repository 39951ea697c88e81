"""Options that belong together: declared once as a dataclass, taken by every command that has a use for them."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

Outcome = TypeVar("Outcome")


def taking_groups(command: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Return ``command`` with each parameter that is a dataclass of options replaced by those options.

    The command is then called with one value of each group, as it was declared.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type] = {}
    shown: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            groups[parameter.name] = kind
            shown += _options(kind)
        else:
            shown.append(parameter.replace(annotation=kind))

    @functools.wraps(command)
    def grouped(**options: Any) -> Outcome:
        for name, kind in groups.items():
            options[name] = kind(
                **{field.name: options.pop(field.name) for field in dataclasses.fields(kind)}
            )
        return command(**options)

    grouped.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    grouped.__annotations__ = {one.name: one.annotation for one in shown}
    return grouped


@functools.cache
def _options(kind: type) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(kind)
    ]
