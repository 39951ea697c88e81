"""Identity: which records of a practice may be of one person. What is searched for here is asked, never decided."""
