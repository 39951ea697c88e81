"""Clinical documents (CDA R2) as CI-SIS wants them: the medical summary, dental documents, wrapped files."""
