"""What ``export`` does: plan, seal, show."""
