"""The front door: the live ward page, and links that acknowledge."""
