"""What the law asks of records: how long they are kept, and from when they may be destroyed."""
