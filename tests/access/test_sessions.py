"""Sessions: whose they are, when they end, and that nobody makes or changes one."""

import pytest

from app.access import sessions as module
from app.access.sessions import AHEAD, LIFE, begun, holder
from app.access.tokens import Token, Tokens

ANN = Token("a.n-n_1", "read", "0123456789abcdef")
BOB = Token("bob", "read", "fedcba9876543210")
NOW = 1_800_000_000.7
BOTH = Tokens([ANN, BOB])


def test_a_session_is_its_tokens() -> None:
    session = begun(ANN, NOW)
    name, began, mark = session.rsplit(".", 2)
    assert (name, began, len(mark)) == ("a.n-n_1", "1800000000", 64)
    assert ANN.secret not in session
    assert holder(session, BOTH, NOW) is ANN
    assert holder(begun(BOB, NOW), BOTH, NOW) is BOB


@pytest.mark.parametrize(
    ("later", "lasts"),
    [(0, True), (LIFE - 1, True), (LIFE + 1, False), (-AHEAD, True), (-AHEAD - 1, False)],
)
def test_it_lasts_so_long(later: float, lasts: bool) -> None:
    assert (holder(begun(ANN, NOW), BOTH, NOW + later) is ANN) == lasts
    assert (LIFE, AHEAD) == (2_592_000, 300)


def test_it_lasts_over_a_restart_and_ends_with_its_token() -> None:
    session = begun(ANN, NOW)
    assert holder(session, Tokens([BOB, ANN]), NOW) is ANN
    assert holder(session, Tokens([BOB]), NOW) is None
    assert holder(session, Tokens([Token(ANN.name, "read", BOB.secret)]), NOW) is None
    promoted = Token(ANN.name, "write", ANN.secret)
    assert holder(session, Tokens([promoted]), NOW) is promoted


def test_one_of_a_long_name(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = Token("n" * 64, "read", ANN.secret)
    session = begun(longest, NOW)
    assert holder(session, Tokens([longest]), NOW) is longest
    monkeypatch.setattr(module, "LONGEST", len(session))
    assert holder(session, Tokens([longest]), NOW) is longest
    monkeypatch.setattr(module, "LONGEST", len(session) - 1)
    assert holder(session, Tokens([longest]), NOW) is None


def test_no_other_text_is_one() -> None:
    session = begun(ANN, NOW)
    name, began, mark = session.rsplit(".", 2)
    forged = [
        session.replace("1800000000", "1800000001"),
        f"bob.{began}.{mark}",
        f"eve.{began}.{mark}",
        f"{name}.{began}.",
        f"{name}.{began}",
        f"{name}..{mark}",
        f"{name}.{began}.{mark[:-1]}",
        f"{name}.{began}.{mark.upper()}",
        f"{name}.{began}.{'é' * 64}",
        f" {session}",
        session + " " * 200,
        ANN.secret,
        mark,
        "",
        ".",
        "..",
    ]
    for each in forged:
        assert holder(each, BOTH, NOW) is None, each
    for place in range(len(session)):
        changed = session[:place] + chr(ord(session[place]) ^ 1) + session[place + 1 :]
        assert holder(changed, BOTH, NOW) is None
