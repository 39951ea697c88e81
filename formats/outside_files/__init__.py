"""Files of places from outside: of folders, of ZIP archives, of archives within archives."""
