"""What a register does not have."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class HoldUnknown(Failure):
    code = "hold-unknown"
    sentence = mark("There is no hold {number} in force.")


class DecisionUnknown(Failure):
    code = "decision-unknown"
    sentence = mark("There is no decision {number} in force.")


class RequestUnknown(Failure):
    code = "request-unknown"
    sentence = mark("There is no request {number}.")


class BreachUnknown(Failure):
    code = "breach-unknown"
    sentence = mark("There is no data breach {number}.")


class HostUnknown(Failure):
    code = "host-unknown"
    sentence = mark("There is no host {number} in force.")
