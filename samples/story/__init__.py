"""How the fictive practice is told: people, care, desk, pictures, and the files they leave."""
