"""``python -m generator.cli``: the commands without an installed script."""

from generator.cli import main

main()
