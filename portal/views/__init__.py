"""Views of the house itself: errors, demonstration mail."""
