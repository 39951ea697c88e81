"""The database of Open Dental: a server or a copy, its tables and rows as they are."""
