"""How the program speaks at a terminal: language, tables, questions, help, JSON."""
