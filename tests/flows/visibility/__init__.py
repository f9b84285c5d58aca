"""One world with things in every state, one walk through every address as everybody, and what may be found where."""
