"""The tests: one module of them for each module of the program, and what holds across all."""
