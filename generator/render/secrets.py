"""What looks like a password, a token or a private key in a text, by patterns that words and hashes never match."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Kind -> pattern, from the formats that the issuers document (prefix, alphabet, length).
_PATTERNS: dict[str, str] = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----",
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    "an AWS secret key": r"(?i:secret_?(access_?)?key)['\"]? {0,3}[=:] {0,3}['\"]?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b",
    "a GitLab token": r"\bgl(?:pat|dt|rt|ptt|soat)-[A-Za-z0-9_-]{20,64}\b",
    "a Slack token": r"\bxox[abeoprs]-(?:[A-Za-z0-9]+-){1,4}[A-Za-z0-9]{16,}\b",
    "a Slack app's token": r"\bxapp-\d-[A-Z0-9]{8,}-\d{8,}-[a-z0-9]{32,}",
    "a Slack webhook": r"hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]{6,}/[AB][A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
    "a Discord webhook": r"discord(?:app)?\.com/api/webhooks/\d{16,20}/[A-Za-z0-9_-]{60,}",
    "a Stripe key": r"\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{32,})",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])",
    "a SendGrid key": r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
    "an API key": r"\bsk-(?:ant-|proj-|svcacct-)[A-Za-z0-9_-]{32,}|\bsk-[A-Za-z0-9]{48}\b",
    "a package registry's token": r"\b(?:npm_[A-Za-z0-9]{36}\b|pypi-AgE[A-Za-z0-9_-]{80,})",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    "an authorization header": (
        r"(?i:\bauthorization['\"]?: {0,3}['\"]?(?:bearer|basic|token)) {1,3}(?=\S*\d)[A-Za-z0-9._~+/=-]{16,}"
    ),
    "a password in an address": (
        r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@<>]{1,64}:(?![*.x$<{%[]|(?i:pass|secret|pw))[^\s/@<>]{3,128}@\w"
    ),
}
_ANY = re.compile("|".join(f"(?P<k{index}>{pattern})" for index, pattern in enumerate(_PATTERNS.values())))
_KINDS = tuple(_PATTERNS)
# Every pattern holds one of these, in any case of letters; most texts hold none, and finding that out costs little.
_TRACES = (
    *("-----begin", "akia", "asia", "secret", "authorization", "glpat-", "gldt-", "glrt-", "glptt-", "glsoat-", "ghp_"),
    *("gho_", "ghu_", "ghs_", "ghr_", "github_pat", "xox", "xapp-", "hooks", "discord", "sk-", "sk_", "rk_", "whsec"),
    *("aiza", "sg.", "npm_", "pypi-", "eyj", "://"),
)
# Nearer to the patterns: what holds none of these is not searched line by line.
_SIGNS = re.compile(
    r"-----BEGIN|AKIA|ASIA|(?i:secret_?(?:access_?)?key|authorization)|\bgl[a-z]+-|gh[a-z]_|github_pat|xox|xapp-|hooks|discord"
    r"|\bsk[-_]|\brk_|whsec|AIza|SG\.|npm_|pypi-|eyJ|://[^\s/]*:"
)


def secrets(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line, from 1, and the kind of what looks like a secret in ``source``; never the secret itself.

    The keys that documentation uses as examples (with ``EXAMPLE`` in them) are no secrets.
    """
    folded = source.lower()
    if not any(trace in folded for trace in _TRACES) or not _SIGNS.search(source):
        return
    for number, line in enumerate(source.split("\n"), 1):
        for found in _ANY.finditer(line):
            if found.lastgroup and "EXAMPLE" not in found[0]:
                yield number, _KINDS[int(found.lastgroup[1:])]
