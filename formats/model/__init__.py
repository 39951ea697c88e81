"""What a practice holds, as frozen values of the standard library."""
