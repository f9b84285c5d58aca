"""The page of results: what an address asks, what the page shows, suggestions and the feed."""
