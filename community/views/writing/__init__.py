"""What stands around a form that somebody writes in: drafts, and what may answer a question already."""
