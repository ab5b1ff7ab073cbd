"""Where a file of the record stands at its forge: the address of its history, and of the forge's own editor."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from generator.record.model import Config
from generator.terms import Forge

# Sources: each forge's documentation of its addresses; SourceHut has no editor.
_HISTORY = {
    Forge.GITHUB: "{repository}/commits/{branch}/{path}",
    Forge.GITLAB: "{repository}/-/commits/{branch}/{path}",
    Forge.GITEA: "{repository}/commits/branch/{branch}/{path}",
    Forge.BITBUCKET: "{repository}/history-node/{branch}/{path}",
    Forge.SOURCEHUT: "{repository}/log/{branch}/item/{path}",
}
_EDIT = {
    Forge.GITHUB: "{repository}/edit/{branch}/{path}",
    Forge.GITLAB: "{repository}/-/edit/{branch}/{path}",
    Forge.GITEA: "{repository}/_edit/{branch}/{path}",
    Forge.BITBUCKET: "{repository}/src/{branch}/{path}?mode=edit",
}
_HOSTS = {
    "gitlab": Forge.GITLAB,
    "codeberg": Forge.GITEA,
    "gitea": Forge.GITEA,
    "forgejo": Forge.GITEA,
    "bitbucket": Forge.BITBUCKET,
    "git.sr.ht": Forge.SOURCEHUT,
}


def made_of(config: Config) -> tuple[str | None, ...]:
    """Return all that addresses at the forge are made of, beside the file's path."""
    return config.repository, config.forge, config.branch, config.folder


def history_url(config: Config, path: str) -> str | None:
    """Return the address of the history of a file of the site's folder, None where no repository is named."""
    return _filled(_HISTORY, config, path)


def edit_url(config: Config, path: str) -> str | None:
    """Return the address that opens a file of the site's folder in the forge's editor, None where there is none."""
    return _filled(_EDIT, config, path)


def _filled(forms: dict[Forge, str], config: Config, path: str) -> str | None:
    if config.repository is None:
        return None
    form = forms.get(config.forge or _guessed(config.repository))
    whole = f"{config.folder}/{path}" if config.folder else path
    return form and form.format(repository=config.repository, branch=quote(config.branch), path=quote(whole))


def _guessed(repository: str) -> Forge:
    """Return the kind of forge that a host's name tells; most of those that tell nothing speak as GitHub does."""
    host = urlsplit(repository).hostname or ""
    return next((forge for part, forge in _HOSTS.items() if part in host), Forge.GITHUB)
