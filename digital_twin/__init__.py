"""Simulated patients and devices; they know no rule and no topic."""
