"""Reading the practice software Open Dental (MySQL or MariaDB, or a SQLite copy) and its image folder."""
