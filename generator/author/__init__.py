"""Writing content: text in, text out, and files that are created whole and never overwritten."""
