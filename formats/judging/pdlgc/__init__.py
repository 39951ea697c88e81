"""The judge of portability archives (PDLGC): container, manifest, signature, documentation, parts."""
