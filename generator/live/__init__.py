"""The site while it is being written: a local server."""
