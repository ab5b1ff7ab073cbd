"""What a person at a terminal sees beside the result: notes and progress."""

from __future__ import annotations

import os
import sys
import time
from typing import Self

import click


def note(text: str) -> None:
    """Print a line beside the result."""
    click.echo(text, err=True)


class Progress:
    """A bar on a terminal, one line per phase elsewhere, both only for what takes longer than a second."""

    def __init__(self) -> None:
        self._began, self._phase, self._told = time.monotonic(), "", 0.0
        self._process = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._told and sys.stderr.isatty():
            click.echo("\r\033[K", err=True, nl=False)

    def step(self, phase: str, done: int, total: int) -> None:
        """Show how far a phase is: ``done`` of ``total``, 0 where that is not known yet."""
        if os.getpid() != self._process:
            return  # a worker knows of its own part alone
        if phase != self._phase:
            self._phase, self._began, self._told = phase, time.monotonic(), 0.0
        now = time.monotonic()
        if now - self._began < 1 or (self._told and (now - self._told < 0.1 or not sys.stderr.isatty())):
            return
        self._told = now
        rate = done / (now - self._began)
        amount = f"{done} of {total}" if total else f"{done}"
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{phase}: {amount} ({rate:.0f} a second)", err=True, nl=False)
        else:
            note(f"{phase} …")
