"""What a dental practice holds, and how the world writes it down."""

DISTRIBUTION = "archiver"
"""Whose package this is: other distributions may bring a ``formats`` of theirs (decision 14)."""
