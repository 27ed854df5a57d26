"""A simulated brain, as 19 electrodes on the scalp see it."""
