"""EEG as arrays: quality, features, a channel's probability, a patient's events."""
