"""The twin's models as documents: a JSON schema each, and an example that fits it."""
