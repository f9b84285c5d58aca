"""A member's record at the desk: trust, suspensions, what came of what they sent; and what trust let out."""
