"""iCalendar (RFC 5545) as a table of events: its components, its time zones, and the times of what repeats."""
