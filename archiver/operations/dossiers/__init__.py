"""Find a person, read a dossier, hand one over."""
