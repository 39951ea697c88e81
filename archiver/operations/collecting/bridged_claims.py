"""Whose something is that lies in a folder of imaging software: by what it says, and by the bridge file of its folder.

What the thing itself says decides first. Where it decides nothing, the bridge file does, unless both name somebody
else. Where both decide and differ, or the bridge file may be of whoever was called up last, a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.ingest.attribution import Attribution, AttributionState, Attributor, Claim
from formats.model.dates import contradict
from formats.names import comparable
from formats.words import mark

DIFFER = mark("The image and the bridge file of its folder name different patients.")
_BY_BRIDGE = {
    AttributionState.MATCHED_BY_NUMBER: mark(
        "The bridge file of its folder has a patient number that is known, and nothing contradicts it."
    ),
    AttributionState.MATCHED_BY_NAME: mark(
        "The bridge file of its folder has the name and the birth date of one patient."
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class BridgedClaim:
    """What the bridge file ``key`` says about the patient of a folder, and why (gettext) it may not be followed."""

    key: str
    claim: Claim
    doubt: str = ""


def attribute_bridged(attributor: Attributor, claim: Claim, bridge: BridgedClaim | None) -> Attribution:
    """Say whose the thing is that makes ``claim``, in a folder of which ``bridge`` says whose it is."""
    own = attributor.attribute(claim)
    if bridge is None:
        return own
    other = attributor.attribute(bridge.claim)
    if own.patient is not None:
        differs = other.patient not in {own.patient, None} and not bridge.doubt
        return _waiting(own, other, DIFFER) if differs else own
    doubt = bridge.doubt or (DIFFER if _differ(claim, bridge.claim) else "")
    if doubt:
        return _waiting(own, other, doubt)
    if other.patient is None:
        return replace(other, candidates=_named(own, other))
    return replace(other, reason=_BY_BRIDGE[other.state])


def says_something(claim: Claim) -> bool:
    """Tell whether ``claim`` names anybody."""
    return bool(claim.number or claim.family or claim.given or claim.birth_date)


def _differ(one: Claim, other: Claim) -> bool:
    """Tell whether both name something and name it differently."""
    pairs = (
        (one.number.strip().casefold(), other.number.strip().casefold()),
        (comparable(one.family), comparable(other.family)),
        (comparable(one.given), comparable(other.given)),
    )
    return contradict(one.birth_date, other.birth_date) or any(
        mine and theirs and mine != theirs for mine, theirs in pairs
    )


def _waiting(own: Attribution, other: Attribution, reason: str) -> Attribution:
    return Attribution(state=AttributionState.AMBIGUOUS, candidates=_named(own, other), reason=reason)


def _named(*attributions: Attribution) -> tuple[str, ...]:
    """Return everybody who is named or possible, once each."""
    every = (one for each in attributions for one in (each.patient, *each.candidates))
    return tuple(dict.fromkeys(one for one in every if one))
