"""statique: a folder of Markdown incident files becomes a status site, its feeds and a war room."""

__version__ = "0.1.0"
