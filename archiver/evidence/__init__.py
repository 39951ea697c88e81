"""Since when: time-stamps of RFC 3161, evidence records of RFC 4998, their renewal and their verdict."""
