"""What leaves in lists for machines: feeds and the sitemap."""
