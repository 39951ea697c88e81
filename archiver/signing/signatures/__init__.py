"""CMS signatures and time-stamp tokens: made, read strictly, validated, answered for."""
