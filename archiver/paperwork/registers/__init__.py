"""Documents of the registers that the GDPR asks of a practice, and what they say."""
