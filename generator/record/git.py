"""What git knows of a folder, asked through its own program; nothing is ever written."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from generator.errors import SystemFault, UsageError, shown
from generator.record.fields import nearest

TIMEOUT = 120
"""Seconds after which a question to git is given up: the answers below take far less in any repository."""

# A repository's own settings must not decide what is answered, or start programs.
_SETTINGS = (
    "core.quotePath=false", "core.fsmonitor=false", "core.hooksPath=", "core.pager=cat", "log.showSignature=false",
    "log.mailmap=false", "log.diffMerges=separate", "log.showRoot=true", "color.ui=false", "core.ignoreStat=false",
    "core.checkStat=default", "core.trustctime=true",
)  # fmt: skip
_WHOLE = "in a workflow, set `fetch-depth: 0` at actions/checkout; elsewhere, run `git fetch --unshallow`"


class Version(msgspec.Struct, frozen=True):
    """A file's content at one moment: its path below the folder, the object that holds it, and when it came."""

    path: str
    blob: str
    at: datetime


class Repository:
    """A folder as git sees it; paths are below that folder, with slashes."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder, self._prefix = folder, prefix

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """Return the repository that ``folder`` lies in; raise UsageError when it lies in none, or git is missing."""
        done = _run(folder, ("rev-parse", "--is-inside-work-tree", "--show-prefix"))
        inside, _, prefix = done.stdout.decode("utf-8", "surrogateescape").partition("\n")
        if done.returncode or inside != "true":
            said = done.stderr.decode("utf-8", "replace")
            if "dubious ownership" in said:
                raise UsageError(
                    f"git does not trust {folder}: it belongs to someone else; see `git help safe.directory`"
                )
            raise UsageError(f"{folder} is not in a git repository, so nothing is known of what was published")
        return cls(folder, prefix.removesuffix("\n"))

    def commit(self, revision: str) -> str:
        """Return the commit that a revision names; raise UsageError when there is none of that name."""
        # The revision comes after an option's end and in a form of its own, so it is never read as an option.
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode == 0:
            return _line(done.stdout)
        if self.is_shallow:
            raise UsageError(f'"{shown(revision)}" is not in this shallow clone; {_WHOLE}')
        raise UsageError(f'git knows no revision "{shown(revision)}"; {nearest(revision, self._names())}')

    def has(self, commit: str) -> bool:
        """Return whether a commit is part of this repository."""
        return self._run("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0

    def _names(self) -> list[str]:
        refs = ("refs/heads", "refs/remotes", "refs/tags")
        return _text(self._ask("for-each-ref", "--format=%(refname:short)", *refs)).split("\n")[:-1]

    @property
    def is_shallow(self) -> bool:
        """Return whether a part of the history was left out when this was cloned."""
        return _line(self._ask("rev-parse", "--is-shallow-repository")) == "true"

    def head(self) -> str | None:
        """Return the commit that is checked out, None before the first one."""
        done = self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return None if done.returncode else _line(done.stdout)

    def bases(self, revision: str) -> tuple[str, ...]:
        """Return the newest commits that the checked-out one and ``revision`` both came from.

        There are several after branches that were merged into each other, and where the histories have nothing in
        common it is ``revision`` itself. Raises UsageError when it is unknown, and in a shallow clone that lacks what
        would decide.
        """
        theirs, ours = self.commit(revision), self.head()
        if ours is None:
            return (theirs,)
        done = self._run("merge-base", "--all", theirs, ours)
        found = tuple(_text(done.stdout).split())
        if self.is_shallow and not self._is_certain(found, theirs, ours):
            raise UsageError(
                f'this shallow clone lacks the commits that "{shown(revision)}" and HEAD have in common; {_WHOLE}'
            )
        return found or (theirs,)

    def _is_certain(self, bases: Sequence[str], theirs: str, ours: str) -> bool:
        """Return whether nothing that the clone lacks could lie between the two commits and their bases."""
        if not bases:
            return False
        if set(bases) & {theirs, ours}:
            return True
        between = set(_text(self._ask("rev-list", theirs, ours, "--not", *bases)).split())
        cut = Path(self._folder, _text(self._ask("rev-parse", "--git-path", "shallow")).removesuffix("\n"))
        return not between & set(cut.read_text("ascii").split())

    def files(self, commit: str, folders: Iterable[str]) -> Mapping[str, str]:
        """Return the objects of all regular files below ``folders`` in a commit, by path."""
        found = {}
        places = [f"{self._prefix}{folder}" for folder in folders]
        for entry in _text(self._ask("ls-tree", "-r", "-z", "--full-tree", commit, "--", *places)).split("\0")[:-1]:
            facts, _, path = entry.partition("\t")
            mode, kind, blob = facts.split(" ")
            if kind == "commit":
                raise UsageError(f"{shown(path)} is a submodule: run the check in a clone of its own repository")
            if mode.startswith("100"):
                found[path.removeprefix(self._prefix)] = blob
        return found

    def differing(self, commit: str, folders: Iterable[str]) -> frozenset[str]:
        """Return the paths of the files of a commit below ``folders`` that may not be as they were there.

        Files that git does not know are not among them; those that somebody told it to overlook are. It reads only what
        was touched since it looked last.
        """
        said = self._ask(
            "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative", commit,
            "--", *folders,
        )  # fmt: skip
        marked = _text(self._ask("ls-files", "-v", "-z", "--", *folders)).split("\0")[:-1]
        overlooked = (path for tag, _, path in (one.partition(" ") for one in marked) if tag != "H")
        return frozenset((*_text(said).split("\0")[:-1], *overlooked))

    def read(self, blobs: Iterable[str]) -> Iterator[bytes]:
        """Yield the content of each object, in their order; raise SystemFault for one that is missing."""
        wanted = list(blobs)
        said = self._ask("cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode("ascii"))
        place = 0
        for blob in wanted:
            end = said.index(b"\n", place)
            head = said[place:end].split(b" ")
            if len(head) != 3:
                raise SystemFault(f"git lacks the object {blob}; fetch the whole history")
            start, size = end + 1, int(head[2])
            place = start + size + 1
            yield said[start : start + size]

    def versions(self, commit: str, folders: Iterable[str]) -> tuple[Version, ...]:
        """Return each content that each file below ``folders`` has had up to a commit, oldest first.

        The history is that of the branch: what a merge brought counts from the merge on.
        """
        said = self._ask(
            "log", "--first-parent", "-m", "--reverse", "--no-renames", "--raw", "--no-abbrev", "-z",
            "--format=%x01%ct", commit, "--", *folders,
        )  # fmt: skip
        return tuple(_versions(_text(said), self._prefix))

    def _ask(self, *arguments: str, given: bytes = b"") -> bytes:
        done = self._run(*arguments, given=given)
        if done.returncode:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())
            raise SystemFault(f"git {arguments[0]} failed: {shown(said)}")
        return done.stdout

    def _run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return _run(self._folder, arguments, given)


def blob_name(data: bytes, like: str) -> str:
    """Return the name that git gives to a content, in the kind of names that ``like`` is of."""
    kind = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return kind(b"blob %d\0" % len(data) + data).hexdigest()


def _versions(said: str, prefix: str) -> Iterator[Version]:
    """Yield what ``git log --raw -z`` lists: a time in front of each commit's files, each as facts and a path."""
    at = datetime.fromtimestamp(0, UTC)
    parts = iter(said.split("\0"))
    for part in parts:
        text = part.strip("\n")
        if text.startswith("\x01"):
            at = datetime.fromtimestamp(int(text[1:]), UTC)
        elif text.startswith(":"):
            _, mode, _, blob, _ = text.split(" ")
            path = next(parts)
            if mode.startswith("100"):
                yield Version(path.removeprefix(prefix), blob, at)


def _run(folder: Path, arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in ``folder``, with nothing of the environment that would lead it elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    safe = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    command = ["git", "-C", str(folder), "--no-replace-objects", *settings, *arguments]
    try:
        return subprocess.run(command, env=kept | safe, input=given, capture_output=True, timeout=TIMEOUT, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed, or not on the PATH; the history cannot be read without it") from None
    except subprocess.TimeoutExpired:
        raise SystemFault(f"git {arguments[0]} took longer than {TIMEOUT} seconds") from None
    except OSError as error:
        raise SystemFault(f"git cannot be run: {error.strerror}") from None


def _text(said: bytes) -> str:
    return said.decode("utf-8", "surrogateescape")


def _line(said: bytes) -> str:
    return _text(said).strip()
