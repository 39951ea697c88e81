"""Clinical documents (HL7 CDA R2) as French practices exchange them (CI-SIS): read."""
