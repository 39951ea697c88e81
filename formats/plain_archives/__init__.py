"""Plain archives of our own as a source: dossiers, and what a practice says of itself, in folders and ZIPs."""
