"""The site while it is being written: its files watched, each page made anew and shown, what is wrong laid over it."""
