"""What a dental practice holds, and how the world writes it down."""
