"""What codes of sources and of standards are called in French and English: a person reads words."""
