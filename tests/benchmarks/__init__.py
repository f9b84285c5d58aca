"""Measurements, run by hand with ``make bench``; no test waits for them."""
