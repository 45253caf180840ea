"""Which copies a page is of: the very same, or nearly; and what rows of a group are compared by. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...errors import InvalidInput, NotReady
from ...search.request import parameter
from ...search.request.parameter import LOOKS, Pairs, Parameter, one_of, whole

EXACT, NEAR = "exact", "near"
MODEL = "model"
PARAMETERS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        Parameter(
            "of",
            "Copies: of what: prompt (default), conversation or response.",
            "conversation",
            LOOKS,
            one_of(("prompt", "conversation", "response")),
            "prompt",
        ),
        Parameter(
            "like",
            "Copies: exact (default) of prompts and conversations, near of prompts and responses.",
            NEAR,
            LOOKS,
            one_of((EXACT, NEAR)),
            EXACT,
        ),
        Parameter("page", "The page, from 1.", "2", LOOKS, whole(1), 1),
        Parameter(
            "pick", "The row that another is to be compared with.", "17", LOOKS, whole(0), None
        ),
    )
}


@dataclass(frozen=True)
class Kind:
    """Copies of one kind: the field whose values are the groups, and what they are called."""

    of: str
    like: str
    field: str
    title: str


KINDS = (
    Kind("prompt", EXACT, "prompt_group", "Same prompt"),
    Kind("prompt", NEAR, "near_prompt", "Nearly the same prompt"),
    Kind("response", NEAR, "near_response", "Nearly the same response"),
    Kind("conversation", EXACT, "conversation_group", "Same conversation"),
)


@dataclass(frozen=True)
class Asked:
    """What a request asks: of which copies, which page, and the row that is picked."""

    kind: Kind
    page: int = 1
    pick: int | None = None

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], fields: Mapping[str, Field]) -> "Asked":
        """What is asked of a dataset with these fields. Raises InvalidInput, and NotReady where its copies
        are not known yet."""
        given = parameter.given(pairs, PARAMETERS)
        said = parameter.values(given, PARAMETERS.values())
        of, like = said.pop("of", "prompt"), said.pop("like", EXACT)
        kind = next((each for each in KINDS if (each.of, each.like) == (of, like)), None)
        if kind is None:
            there = " and ".join(f"{each.like} of {each.of}" for each in KINDS)
            raise InvalidInput(f"there are no {like} copies of {of}: there are {there}")
        if kind.field not in fields:
            raise NotReady(
                "which rows are copies is not known yet: that is looked for at the end of a build"
            )
        return cls(kind, **said)

    def string(self, page: int = 1, pick: int | None = None) -> str:
        """The same copies as a query string, on a page, with a row picked."""
        said: Pairs = [("of", self.kind.of)] * (self.kind.of != "prompt")
        said += [("like", NEAR)] * (self.kind.like == NEAR)
        said += [("page", str(page))] * (page > 1)
        said += [("pick", str(pick))] * (pick is not None)
        return f"?{parameter.string_of(said)}" if said else ""


def model_field(fields: Mapping[str, Field]) -> str:
    """The field that says which model made a row: that of the fewest characters among those called so, ""
    where there is none."""
    there = (
        name
        for name, each in fields.items()
        if name.rpartition(".")[2] == MODEL and each.facet == "values" and not each.signal
    )
    return min(there, key=len, default="")
