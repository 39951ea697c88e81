"""Disposal (ISO 15489): terms of what a vault holds, holds that suspend them, and lawful destruction when they end."""
