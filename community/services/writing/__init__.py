"""Texts before they are sent: drafts, and forms that were refused because the login had ended."""
