"""Records of a dossier as entries of a section, each with what a person reads of it."""
