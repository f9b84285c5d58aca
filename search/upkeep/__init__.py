"""Keeping the index whole: building it anew, comparing it with the database, repairing what differs."""
