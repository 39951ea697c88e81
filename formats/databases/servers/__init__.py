"""Databases behind an address: servers through SQLAlchemy, everything that has a driver through ODBC."""
