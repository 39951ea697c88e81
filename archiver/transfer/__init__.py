"""Handing dossiers to the next: who leaves, who is already there, what is confirmed."""
