"""What editors decide about search: which words mean the same, and what comes first for a question."""
