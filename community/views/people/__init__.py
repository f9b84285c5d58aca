"""Pages about people: the invitation that somebody holds, the page of a member."""
