"""Portability archives of practice software (PDLGC) as other programs write them, in every layout there was: read."""
