"""Databases and folders of tables: tables, columns, streams of rows, whatever engine or kind of file has them."""
