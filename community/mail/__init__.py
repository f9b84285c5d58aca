"""Mail out: building messages, handing them over. The only place that names SMTP and MIME."""
