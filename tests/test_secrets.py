"""What looks like a secret is said and not repeated; what only looks random is left alone."""

import pytest

from generator.render.secrets import _PATTERNS, secrets
from generator.render.text import faults

# Written apart, so that no scanner of secrets stops at this file.
SECRETS = {
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "an AWS access key": "AKIA" + "QWERTYUIOPASDF2G",
    "an AWS secret key": "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY",
    "a GitHub token": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "a GitLab token": "glpat-" + "ABCdef123456_-ABCdef",
    "a Slack token": "xoxb-" + "123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx",
    "a Slack app's token": "xapp-" + "1-A0123456789-1234567890123-" + "0a1b2c3d" * 8,
    "a Slack webhook": "https://hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "a Discord webhook": "https://discord.com/api/webhooks/" + "123456789012345678/" + "aB3-" * 17,
    "a Stripe key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a Google API key": "AIza" + "SyA-1234567890abcdefghijklmnopqrstu",
    "a SendGrid key": "SG." + "a" * 22 + "." + "b" * 43,
    "an API key": "sk-ant-" + "api03-" + "aB3_" * 10,
    "a package registry's token": "npm_" + "aB3d" * 9,
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N",
    "an authorization header": "Authorization: Bearer " + "mF_9.B5f-4.1JqM0aBcD",
    "a password in an address": "postgres://app:" + "hunter2@db.example/app",
}


@pytest.mark.parametrize(("kind", "secret"), SECRETS.items())
def test_a_secret_is_said_but_not_repeated(kind: str, secret: str) -> None:
    for source in (secret, f"a\n\nthe key is `{secret}`.", f"```\nKEY: '{secret}'\n```"):
        found = [fault for fault in faults(source) if fault.code == "T118"]
        assert [(fault.line, fault.message) for fault in found] == [
            (source.count("\n", 0, source.index(secret)) + 1, f"this looks like {kind}")
        ]
        assert not any(secret in f"{fault.message}{fault.hint}" for fault in faults(source))


def test_every_kind_of_secret_is_tried() -> None:
    assert set(SECRETS) == set(_PATTERNS)


@pytest.mark.parametrize(
    "innocent",
    [
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "request 123e4567-e89b-12d3-a456-426614174000, trace 4bf92f3577b34da6a3ce929d0e0e4736",
        "AKIAIOSFODNN7EXAMPLE, AKIA, ASIAN markets, ASIAPACIFICREGIONSOUTH",
        "https://e.example:8443/a@b, https://user:password@e.example",
        "https://app:$PASSWORD@e.example, git@e.example:a/b",
        "the primary key: id, a secret_key = unset, Authorization: Bearer <token>",
        "authorization: basic authentication failed",
        "sk-button-primary-large-rounded, task-runner-configuration-file-of-the-team, ghp_short, npm_config_registry",
        "-----BEGIN CERTIFICATE-----, -----BEGIN PUBLIC KEY-----, eyJhbGciOiJIUzI1NiJ9, SG.1.2, 10:30 at https://e.example",
    ],
)
def test_ordinary_text_is_no_secret(innocent: str) -> None:
    assert list(secrets(innocent)) == []
