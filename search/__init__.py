"""How things are found: a port, the outbox that feeds it, an engine behind it. Imports no other app of ours."""
