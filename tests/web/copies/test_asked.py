"""What addresses of copies say, and what they refuse."""

import pytest

from app.conversations.fields import TEXT, Field
from app.errors import InvalidInput
from app.web.copies.kinds import KINDS, Asked
from app.web.copies.table import ByPrompt

FIELDS = {
    name: Field(name, TEXT, "string", column="m", facet="values")
    for name in ("model", *(each.field for each in KINDS))
}


def test_what_an_address_says_of_copies() -> None:
    plain = Asked.of([], FIELDS)
    assert plain == Asked(KINDS[0])
    assert (plain.page, plain.pick, plain.string()) == (1, None, "")
    said = [("of", "response"), ("like", "near"), ("page", "1"), ("pick", "0")]
    whole = Asked.of(said, FIELDS)
    assert whole == Asked(KINDS[2], 1, 0)
    assert whole.string(2, 0) == "?of=response&like=near&page=2&pick=0"


@pytest.mark.parametrize("pair", [("page", "0"), ("pick", "-1"), ("of", "x"), ("like", "x")])
def test_what_is_refused_of_copies(pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match=f"^'{pair[0]}' is "):
        Asked.of([pair], FIELDS)


def test_what_an_address_says_of_prompts() -> None:
    plain = ByPrompt.of([], FIELDS)
    assert (plain.field, plain.sort, plain.only, plain.page) == ("model", "size", "", 1)
    assert plain == ByPrompt("model")
    said = [("field", "model"), ("sort", "spread"), ("only", "cut"), ("page", "1")]
    assert ByPrompt.of(said, FIELDS) == ByPrompt("model", "spread", "cut", 1)
    assert plain.string(page=1) == "?field=model"


@pytest.mark.parametrize("pair", [("page", "0"), ("sort", "x"), ("only", "x")])
def test_what_is_refused_of_prompts(pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match=f"^'{pair[0]}' is "):
        ByPrompt.of([pair], FIELDS)
