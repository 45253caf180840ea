"""Tokens: how their file is read, which are refused, and that no secret is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.access.tokens import LARGEST_FILE, MOST, Token, Tokens, read_file, token_of, unlike
from app.errors import InvalidInput

ANN = Token("ann", "read", "0123456789abcdef")
BOB = Token("bob", "write", "a:b!c~d=e+f/g#h$")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def written(text: str | bytes) -> Path:
        path = tmp_path / "tokens"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def refused(path: Path) -> str:
    with pytest.raises(InvalidInput) as found:
        read_file(path)
    return found.value.sentence.replace(str(path), "FILE")


@pytest.mark.parametrize(
    "text",
    [
        "ann:read:0123456789abcdef\nbob:write:a:b!c~d=e+f/g#h$\n",
        "\ufeff# who may ask\r\n\r\n  ann : read : 0123456789abcdef \r\nbob:write:a:b!c~d=e+f/g#h$",
    ],
)
def test_a_file_of_tokens(file: Callable[[str], Path], text: str) -> None:
    assert read_file(file(text)) == [ANN, BOB]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann", "a line is NAME:read:SECRET or NAME:write:SECRET"),
        ("SECRET-OF-SOMEBODY", "a line is NAME:read:SECRET or NAME:write:SECRET"),
        ("ann:SECRET-OF-SOMEBODY", "a line is NAME:read:SECRET or NAME:write:SECRET"),
        (":read:SECRET-OF-SOMEBODY", "a name has up to 64 letters, digits, '.', '-' and '_'"),
        ("a b:read:SECRET-OF-SOMEBODY", "a name has up to 64 letters, digits, '.', '-' and '_'"),
        ("ä:read:SECRET-OF-SOMEBODY", "a name has up to 64 letters, digits, '.', '-' and '_'"),
        (
            f"{'n' * 65}:read:SECRET-OF-SOMEBODY",
            "a name has up to 64 letters, digits, '.', '-' and '_'",
        ),
        ("ann:Read:SECRET-OF-SOMEBODY", "what stands behind the name is read or write"),
        ("ann:SECRET-OF-SOMEBODY:read", "what stands behind the name is read or write"),
        ("ann:read:", "the secret is empty"),
        ("ann:read:   ", "the secret is empty"),
        ("ann:read:SECRET OF SOMEBODY", "a secret has no spaces and only ASCII characters"),
        ("ann:read:SECRET-OF-SÖMEBODY", "a secret has no spaces and only ASCII characters"),
        ("ann:read:SECRET-OF-SOME\x00BODY", "a secret has no spaces and only ASCII characters"),
        ("ann:read:" + "S" * 257, "a secret has 16 to 256 characters, this one has 257"),
        ("ann:read:SECRET-OF-SOME1", "a secret has 16 to 256 characters, this one has 15"),
        ("ann:read:SECRET-OF-SO", "a secret has 16 to 256 characters, this one has 12"),
        ("bob:read:SECRET-OF-SOMEBODY", "the name 'bob' is that of FILE, line 1 too"),
        ("ann:read:a:b!c~d=e+f/g#h$", "the secret is that of FILE, line 1 too"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_without_its_secret(
    file: Callable[[str], Path], line: str, said: str
) -> None:
    path = file(f"bob:write:a:b!c~d=e+f/g#h$\n\n{line}\n")
    assert refused(path) == f"FILE, line 3: {said}"


@pytest.mark.parametrize("length", [16, 256])
def test_the_shortest_and_the_longest_secret(length: int) -> None:
    assert token_of("ann", "read", "s" * length, "there") == Token("ann", "read", "s" * length)


def test_files_that_are_none(file: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    nothing = "the tokens file FILE names no token: a line is NAME:read:SECRET"
    assert refused(file("")) == refused(file("# ann:read:0123456789abcdef\n")) == nothing
    assert refused(file(b"\xff\xfea\x00")) == "the tokens file FILE is no text in UTF-8"
    gone = "the tokens file FILE cannot be read: No such file or directory"
    assert refused(tmp_path / "nowhere") == gone
    assert refused(tmp_path) == "the tokens file FILE cannot be read: Is a directory"
    line = "ann:read:0123456789abcdef\n"
    assert read_file(file(line + "#" * (LARGEST_FILE - len(line)))) == [ANN]
    large = "the tokens file FILE has more than 1,000,000 bytes"
    assert refused(file(line + "#" * (LARGEST_FILE - len(line) + 1))) == large


def test_there_are_not_too_many() -> None:
    placed = [("there", Token(f"n{n}", "read", f"secret-number-{n:05}")) for n in range(MOST + 1)]
    assert unlike(placed[:MOST]) == placed[:MOST]
    with pytest.raises(InvalidInput, match="there are 1,001 tokens; at most 1,000 are taken"):
        unlike(placed)


def test_a_secret_finds_its_token_and_no_other_text_does() -> None:
    tokens = Tokens([ANN, BOB])
    assert (len(tokens), tokens.names) == (2, ("ann", "bob"))
    assert tokens.of(ANN.secret) is ANN
    assert tokens.of(BOB.secret) is BOB
    assert tokens.named("bob") is BOB
    assert tokens.named("eve") is None
    for other in ("", "ann", ANN.secret[:-1], f"{ANN.secret} ", ANN.secret.upper(), "ä", "\udce4"):
        assert tokens.of(other) is None
    assert len(Tokens()) == 0
    assert Tokens().of("") is None


def test_all_are_compared_wherever_the_right_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def same(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return one == other

    monkeypatch.setattr("app.access.tokens.hmac.compare_digest", same)
    tokens = Tokens([ANN, BOB])
    for secret, found in ((ANN.secret, ANN), (BOB.secret, BOB), ("x", None)):
        assert tokens.of(secret) is found
    assert compared == 3 * [tokens.hashed(ANN.secret), tokens.hashed(BOB.secret)]


def test_what_stands_for_a_secret_is_known_in_one_process_alone() -> None:
    one, other = Tokens([ANN]), Tokens([ANN])
    assert one.hashed("x") == one.hashed("x")
    assert len({one.hashed("x"), other.hashed("x"), one.hashed("y")}) == 3


def test_a_token_that_is_shown_has_no_secret() -> None:
    assert repr(ANN) == str(ANN) == "Token(name='ann', may='read')"
