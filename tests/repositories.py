"""Real git repositories for tests: a site's folder with a history that a test tells step by step."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.cases import small_site, write_files

# Nothing of the machine's own settings, and times that are the same in every run.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_"))},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@acme.example",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@acme.example",
}


def git(folder: Path, *arguments: str, at: str = "2026-02-22T05:00:00Z") -> str:
    """Run git and return what it prints; an error is the test's."""
    times = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, env={**ENVIRONMENT, **times}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder: Path, message: str = "A change", *, at: str = "2026-02-22T05:00:00Z") -> str:
    """Commit everything that lies in the folder, and return the commit's name."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message, at=at)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    """Make a folder a repository whose branch is ``main``."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "core.autocrlf", "false")
    return folder


def published_site(folder: Path, **files: str) -> Path:
    """Return a small site that is committed on ``main``."""
    small_site(repository(folder), **files)
    commit(folder, "The site")
    return folder


def branch(folder: Path, name: str, files: dict[str, str] | None = None) -> None:
    """Begin a branch, with a commit of some files where they are given."""
    git(folder, "checkout", "--quiet", "-b", name)
    if files:
        write_files(folder, files)
        commit(folder)
