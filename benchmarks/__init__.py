"""Commands that print ratios."""
