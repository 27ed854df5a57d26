"""What we look for: pure data, one file per pattern."""
