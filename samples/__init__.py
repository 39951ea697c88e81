"""The one fictive dental practice of the project, told once and reused everywhere."""
