"""What comes from outside, read as carefully as a stranger's words."""
