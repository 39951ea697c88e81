"""A declared mapping at work: rows of a source in, records of the model and rows word for word out."""
