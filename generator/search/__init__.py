"""The site's search: an index that any static host can serve, made while building."""
