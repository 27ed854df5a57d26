"""A device's state as it is desired and as it is reported, and the way between."""
