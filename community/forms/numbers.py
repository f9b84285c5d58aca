"""Whole numbers as an address or a form carries them, before anything trusts them."""

#: Digits of the longest number of a row or a version that is looked up: the databases take any of that length.
DIGITS = 9
#: The same of a key that may be as long as the database keeps them.
LONGEST_KEY = 17


def number_in(typed: str, digits: int = DIGITS) -> int | None:
    """Return the whole number that ``typed`` is, in at most ``digits`` digits from 0 to 9; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= digits else None
