"""Sample exchanges, played through the real services at past times. For the demonstration only."""
