"""Rosters: compared with the practice, signed by each practitioner, verified."""
