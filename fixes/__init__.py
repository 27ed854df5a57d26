"""Fixes of devices: decided, followed to their proof, and shown."""
