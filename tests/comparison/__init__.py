"""What two commits make of the sample practice, compared: ``python -m tests.comparison BEFORE [AFTER]``."""
