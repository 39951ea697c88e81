"""The portability archive (PDLGC) of a practice, ``PA….ZIP``, written from front to back."""
