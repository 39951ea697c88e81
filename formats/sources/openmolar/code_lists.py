"""Lists of OpenMolar's codes: heads that are a code of their own, heads in front of surfaces or materials.

They are those of openmolar1's ``allowed.py``, of its dialogs and of the panel of its chart.
"""

from __future__ import annotations

from collections.abc import Mapping

PERMANENT_TOO = "+P"
"""Beside a primary tooth: its successor is there too (``gp17_data.py``)."""
STATUS: Mapping[str, str] = {
    "TM": "missing",
    "AT": "artificial",
    "UE": "unerupted",
    "PE": "partly-erupted",
    "OE": "over-erupted",
    "RP": "root",
    PERMANENT_TOO: "permanent-too",
    "+S": "supernumerary",
}
WORK: Mapping[str, str] = {
    "RT": "root-canal",
    "IE": "root-canal-incomplete",
    "PX": "pulp-extirpation",
    "PX+": "pulp-extirpation",
    "AP": "apicectomy",
    "DR": "dressing",
    "PV": "veneer",
    "EX": "extraction",
    "IM": "implant",
    "FS": "sealant",
    "CR": "crown",
}
"""Heads that are a code of their own, or have a material behind them."""
OF_SURFACES: Mapping[str, tuple[str, str]] = {
    "GI": ("inlay", "GI"),
    "PI": ("inlay", "PI"),
    "GC": ("filling", "GC"),
    "FS": ("sealant", ""),
    "CR": ("crown", ""),
}
"""Heads that have surfaces behind a stroke, and the material that they mean themselves."""
WHOLE: Mapping[str, str] = {
    "EX/S1": "surgical-extraction",
    "EX/S2": "surgical-extraction",
    "IM/TIT": "implant",
    "IM/ABUT": "abutment",
    "BR/MR": "bridge-retainer",
}
BRIDGES: Mapping[str, str] = {"P": "bridge-pontic", "CR": "bridge-retainer"}
POSTS = frozenset({"C1", "C2", "OP"})
"""Materials of a crown that are those of a post."""
SURFACES = {**dict(zip("MODBLI", "MODBLI", strict=True)), "P": "L"}
"""Letters of surfaces; P is palatal, which the model calls lingual."""
ITEMS = tuple(
    dict.fromkeys(
        [
            *("primary", "no-tooth", "unknown", "filling", "inlay", "post"),
            *STATUS.values(),
            *WORK.values(),
            *WHOLE.values(),
            *BRIDGES.values(),
        ]
    )
)
"""Every word that ``ReadCode.item`` may be; the first two are those of primary teeth, which have no code."""
