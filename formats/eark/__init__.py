"""E-ARK CITS eHealth1 2.0.1: opened dossiers as a submission package (SIP) for a European health archive."""
