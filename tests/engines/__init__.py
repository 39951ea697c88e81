"""Real engines of databases for tests, each in a temporary folder, and the invented practice in any of them."""
