"""The commands: the only place that prints, exits, and reads the clock."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click

from generator import __version__
from generator.cli.authoring import maintain, new, postmortem, translations, update
from generator.cli.duty import announce, oncall
from generator.cli.imports import import_
from generator.cli.live import serve
from generator.cli.pulls import from_issue, preview
from generator.cli.similar import similar
from generator.cli.site import build, check, status
from generator.cli.start import init
from generator.cli.terminal import note
from generator.errors import ContentError, StatiqueError, SystemFault
from generator.reports import counted, plain

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="statique", message="%(prog)s %(version)s")
@click.option(
    "-C",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The site's folder; default: this one.",
)
@click.pass_context
def cli(ctx: click.Context, root: Path) -> None:
    """Turn a folder of Markdown incidents into a multilingual status site with feeds."""
    ctx.obj = root
    if os.environ.get("NO_COLOR"):
        ctx.color = False


COMMANDS = (
    init, build, check, preview, status, similar, serve, new, update, maintain, postmortem, announce, translations,
    oncall, from_issue, import_,
)  # fmt: skip
for command in COMMANDS:
    cli.add_command(command)


def _terminate(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 content, 2 usage, 3 files and system, 130 and 143 on signals."""
    signal.signal(signal.SIGTERM, _terminate)
    # Records and views hold no cycles: looking for some among so many values costs more than it frees.
    gc.set_threshold(100_000, 50, 50)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    try:
        cli.main(arguments, prog_name="statique", standalone_mode=False)
        sys.stdout.flush()
    except ContentError as error:
        return _told(error)
    except StatiqueError as error:
        note(f"statique: {error}")
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        note("stopped")
        return 130
    except BrokenPipeError:
        # Nobody reads on, and the interpreter still flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _unwritten(error)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    return 0


def _told(error: ContentError) -> int:
    """Print every problem of the content, and return the exit status."""
    for problem in error.problems:
        note(plain(problem))
    count = sum(not problem.warning for problem in error.problems)
    note(f"{counted(count, 'problem')}; nothing was written")
    return error.exit_code


def _unwritten(error: OSError) -> int:
    """Say that what was to be printed cannot be, where that can be said, and return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OSError):
        note(f"statique: cannot write the output: {error.strerror or error}")
    return SystemFault.exit_code
