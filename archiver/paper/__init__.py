"""What a person prints: sheets, and the pages of a recovery kit."""
