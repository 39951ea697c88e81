"""What the law asks of whoever answers for the records: deadlines, requests, registers."""
