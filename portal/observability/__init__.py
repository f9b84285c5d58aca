"""What those who run the portal see of it: log lines, figures, whether everything it needs answers."""
