"""The decoders that a mapping may ask for: a closed list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from formats.sources.decoder import Decoder
from formats.sources.openmolar.chart import CHART
from formats.sources.openmolar.perio import PERIO

DECODERS: Mapping[str, Decoder] = MappingProxyType({"openmolar-chart": CHART, "openmolar-perio": PERIO})
"""Each decoder by the name that a mapping knows it by."""
