"""Simulated devices: a device is not its patient."""
