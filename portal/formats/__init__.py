"""Numbers and days as they are written in India."""
