"""The refusals of typesetting."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class TemplateInvalid(Failure):
    """A template of a document that typst does not take, or that asks for what it may not have."""

    code = "template-invalid"
    sentence = mark("This template cannot be used: {reason}.")
