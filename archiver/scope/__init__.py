"""Whose dossiers: rosters, the ground in law, and how long each is kept."""
