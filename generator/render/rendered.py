"""What an author's text becomes: its HTML, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

CODES: dict[str, str] = {
    "T101": "The text is longer than 512 KiB.",
    "T102": "A paragraph has so many square brackets that parsing it would take long.",
    "T103": "A paragraph has so many `<` signs that parsing it would take long.",
    "T104": "A line begins with more than 20 list markers.",
    "T105": "Quotations are nested more than 30 deep.",
    "T106": "A line is indented by more than 120 columns.",
    "T107": "A paragraph holds so many headings, rules or address definitions that parsing it would take long.",
    "T108": "A table, or text with pipes in it, has more than 20,000 cells.",
    "T109": "The HTML would be more than 20 times as long as the text.",
    "T110": "The text is nested too deeply.",
    "T111": "There is an HTML comment; readers would see it.",
    "T112": "There is an HTML tag; it is shown as text (warning).",
    "T113": "A link leads to an address that is not http, https or mailto.",
    "T114": "There is an image; a link with its description is shown instead (warning).",
    "T115": "There is a heading of level 1 or 2; those belong to the page.",
    "T116": "A character reference stands for a character that must not be published.",
    "T117": "A fenced code block is not closed.",
    "T118": "Something looks like a password, a token or a private key.",
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong with a text at ``line``, counted from 1 within it; ``warning`` when it can be published."""

    line: int
    code: str
    message: str
    hint: str = ""
    warning: bool = False


class Rendered(msgspec.Struct, frozen=True):
    """What an author's text becomes, and what is wrong with it, sorted by line."""

    html: str
    faults: tuple[Fault, ...]
