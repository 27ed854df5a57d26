"""What a person is told when something cannot be done."""


class StackError(Exception):
    """One line: what is wrong, with what, and what to do about it."""
