"""What is measured from within the portal's own code, in a process that stands beside its web server."""
