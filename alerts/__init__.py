"""From match to person: an alarm's life, and who is told."""
