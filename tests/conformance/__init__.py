"""One suite for each role of ``formats.registry``, which every format that plays it runs."""
