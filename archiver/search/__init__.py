"""Search: the persons of a practice store or of a package, by what somebody knows of them."""
