"""Receipts: signed by the receiver, compared by the sender with what was sent."""
