"""JSON that is written piece by piece is the JSON that is written at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from formats.json_text import json_text

ELEMENTS: list[list[Any]] = [[], [1], [{"a": ["é\n\u2028", {}], "b": []}, [], "x\n  y", None, 1.5]]


@pytest.mark.parametrize("elements", ELEMENTS)
@pytest.mark.parametrize("rest", [{}, {"after": {"n": [1, {"deep": "\n"}]}, "last": []}])
def test_a_list_read_once_is_written_as_a_list(elements: list[Any], rest: dict[str, Any]) -> None:
    document = {"é": 1, "rows": elements, **rest}
    whole = json.dumps(document, ensure_ascii=False, indent=2)
    assert "".join(json_text(document)) == whole
    assert "".join(json_text({**document, "rows": iter(elements)})) == whole


def test_nothing_is_an_object() -> None:
    assert "".join(json_text({})) == json.dumps({}, indent=2)
