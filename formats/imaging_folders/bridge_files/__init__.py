"""Bridge files: what practice software hands over to imaging software, so that it opens or makes a patient.

Sources: the bridges of Open Dental (GPL), of which only the layouts carry over; no vendor publishes them.
"""
