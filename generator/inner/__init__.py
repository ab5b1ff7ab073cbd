"""The site of those who respond: the public one, and what only they may know beside it."""
