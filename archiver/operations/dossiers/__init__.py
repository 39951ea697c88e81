"""Find a person, read a dossier, drop one."""
