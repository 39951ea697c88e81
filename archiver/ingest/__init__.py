"""What comes into a practice store: dates, content and patient numbers looked at as it comes."""
