"""The engine without a server: SQLite's FTS5 in a file of its own, for the demonstration and small portals."""
