"""The demonstration: what prepares it, who may sign in, the processes that serve it."""
