"""The judge of clinical documents (CDA R2): header, body, and what official schematrons do not see."""
