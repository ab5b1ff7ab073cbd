"""statique: a folder of Markdown incident files becomes a status site, its feeds and a war room."""

import zoneinfo

# The package tzdata says the same on every machine; a system's own data would decide pages unseen.
zoneinfo.reset_tzpath(())

__version__ = "0.1.0"
