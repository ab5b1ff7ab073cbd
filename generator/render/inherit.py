"""The tag ``{% inherit "default/parts.html" %}``: all macros and values of another template, some then replaced.

Jinja imports macros or extends pages; a file of macros that takes the rest from another one needs both.
"""

from __future__ import annotations

from jinja2 import TemplateNotFound, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser


class Inherit(Extension):
    """Puts another template's nodes in the tag's place, so that what stands below the tag goes before them."""

    tags = {"inherit"}  # noqa: RUF012 jinja2 declares it so

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the nodes of the template that the tag names, all on the tag's line, where messages place them."""
        line = next(parser.stream).lineno
        name = parser.stream.expect("string").value
        try:
            source, _, _ = self.environment.loader.get_source(self.environment, name)  # type: ignore[union-attr] # it has one
        except TemplateNotFound:
            parser.fail(f"there is no template {name!r}", line)
        taken = self.environment.parse(source, name).body
        for node in taken:
            node.set_lineno(line, override=True)
        return taken
