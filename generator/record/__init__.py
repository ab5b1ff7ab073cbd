"""What the files say: text to typed records, with every problem placed at its line and column."""
