"""Files that hold tables: each kind of file is read by a module of its own, a folder of them is one source."""
