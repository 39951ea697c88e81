"""Ways in which a signer is accepted, by the codes of the answer *trusted*."""

from __future__ import annotations

WEAKEST = ("accepted-named", "accepted-listed", "accepted-first-use", "accepted-expected", "accepted")
"""Ways of being accepted, the weakest first: two signatures prove what the weaker one does."""
NAME_ONLY = WEAKEST[:2]
"""Ways in which only the name in a certificate is checked: whoever opens must say whom they expect."""
