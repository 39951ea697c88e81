"""A receiving key cut into recovery cards (SLIP-39), their words, and the register of drills."""
