"""With which tokens a server starts, where it does not start without, and what the terminal is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.access.tokens import Token, Tokens
from app.commands.admission import is_loopback, said_of, tokens_of
from app.config import Settings
from app.errors import InvalidInput

SECRET = "the-secret-of-ann-16"
Make = Callable[..., Settings]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """``make(file="", secret=None, **settings)``: settings, with a file of tokens where one is given."""

    def made(file: str = "", secret: str | None = None, **given: Any) -> Settings:
        if file:
            given["tokens"] = tmp_path / "tokens"
            given["tokens"].write_text(file)
            given["tokens"].chmod(0o600)
        return Settings(access_token=None if secret is None else SecretStr(secret), **given)

    return made


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"])
def test_on_loopback_nothing_has_to_be_said(make: Make, host: str) -> None:
    assert is_loopback(host)
    settings = make(host=host)
    assert len(tokens_of(settings)) == 0
    assert list(said_of(settings, Tokens())) == []


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "", "192.0.2.1", "127.1", "::ffff:192.0.2.1", "localhost.example.org", "x"],
)
def test_elsewhere_it_does_not_start_before_something_is(make: Make, host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(InvalidInput) as found:
        tokens_of(make(host=host))
    assert found.value.exit_code == 2
    assert found.value.sentence == (
        f"{host!r} can be reached from other machines: say who may ask by --tokens FILE or "
        "THINKLENS_ACCESS_TOKEN, or let everybody by --open"
    )
    assert len(tokens_of(make(host=host, open=True))) == 0
    assert tokens_of(make(host=host, secret=SECRET)).names == ("access",)
    assert tokens_of(make(f"ann:read:{SECRET}", host=host)).names == ("ann",)


def test_both_sources_count(make: Make) -> None:
    tokens = tokens_of(make(f"ann:read:{SECRET}", secret="another-secret-of-16"))
    assert tokens.of(SECRET) == Token("ann", "read", SECRET)
    assert tokens.of("another-secret-of-16") == Token("access", "write", "another-secret-of-16")


@pytest.mark.parametrize(
    ("file", "secret", "open_", "said"),
    [
        ("", "", False, "THINKLENS_ACCESS_TOKEN: the secret is empty"),
        (
            "",
            "short",
            False,
            "THINKLENS_ACCESS_TOKEN: a secret has 16 to 256 characters, this one has 5",
        ),
        (
            f"ann:read:{SECRET}",
            SECRET,
            False,
            "THINKLENS_ACCESS_TOKEN: the secret is that of FILE too",
        ),
        (
            f"access:read:{SECRET}",
            "another-secret-of-16",
            False,
            "THINKLENS_ACCESS_TOKEN: the name 'access' is that of FILE too",
        ),
        (
            "",
            SECRET,
            True,
            "--open lets everybody ask, and tokens those who have one: say one of both",
        ),
        (
            f"ann:read:{SECRET}",
            None,
            True,
            "--open lets everybody ask, and tokens those who have one: say one of both",
        ),
    ],
)
def test_what_cannot_be_taken(
    make: Make, tmp_path: Path, file: str, secret: str | None, open_: bool, said: str
) -> None:
    with pytest.raises(InvalidInput) as found:
        tokens_of(make(file, secret, open=open_))
    assert found.value.sentence == said.replace("FILE", str(tmp_path / "tokens"))


def test_what_the_terminal_is_told(make: Make) -> None:
    lines = "".join(f"n{n}:read:{SECRET}-{n}\n" for n in range(7))
    settings = make(lines)
    assert list(said_of(settings, tokens_of(settings))) == [
        "who asks needs a token: n0, n1, n2, n3, n4 and 2 more"
    ]
    settings = make(lines.partition("n5")[0], host="0.0.0.0")
    assert list(said_of(settings, tokens_of(settings))) == [
        "who asks needs a token: n0, n1, n2, n3, n4",
        "warning: without TLS in front, tokens cross the network as they are",
    ]
    assert list(said_of(make(host="0.0.0.0", open=True), Tokens())) == [
        "warning: 0.0.0.0 can be reached from other machines, and everybody there can read these "
        "datasets (--open)"
    ]


@pytest.mark.parametrize(("mode", "told"), [(0o600, 0), (0o640, 0), (0o644, 1), (0o602, 1)])
def test_a_file_that_others_can_read_is_told(make: Make, mode: int, told: int) -> None:
    settings = make(f"ann:read:{SECRET}")
    assert settings.tokens is not None
    settings.tokens.chmod(mode)
    said = list(said_of(settings, tokens_of(settings)))[1:]
    warning = f"warning: other users of this machine can read {settings.tokens}: chmod 600"
    assert said == [warning] * told
    settings.tokens.unlink()
    assert list(said_of(settings, Tokens())) == []


def test_settings_that_are_shown_have_no_secret(make: Make) -> None:
    settings = make(secret=SECRET)
    assert (
        SECRET
        not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    )


def test_a_file_that_is_named_by_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="it is empty; name a file, or leave it out"):
        Settings(tokens="")  # type: ignore[arg-type]
