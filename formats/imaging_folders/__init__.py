"""Folders of imaging software and discs: studies, other files, archives of them, and whose they are said to be."""
