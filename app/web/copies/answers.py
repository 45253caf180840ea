"""Groups of copies as JSON values."""

from collections.abc import Sequence

from ...search.dataset import Groups, Reading, Results
from .group import last_result
from .kinds import Asked


def groups_json(asked: Asked, found: Groups) -> dict[str, object]:
    """A page of groups: of each the lowest row, and how many of its rows have each value of some fields."""
    return {
        **_asked_json(asked),
        "groups": found.groups,
        "rows": found.rows,
        "listed": [
            {
                "group": each.row,
                "size": each.size,
                "prompt": each.prompt,
                "fields": {
                    name: [{"value": value, "count": count} for value, count in counts.items()]
                    for name, counts in each.counts.items()
                },
                "words": {"least": each.words[0], "most": each.words[1]},
            }
            for each in found.listed
        ],
        "page": found.page,
        "pages": found.pages,
    }


def group_json(asked: Asked, found: Results, reads: Sequence[Reading]) -> dict[str, object]:
    """A page of the rows of a group."""
    return {
        **_asked_json(asked),
        "group": reads[0].signals[asked.kind.field],
        "size": found.total,
        "prompt": reads[0].conversation.prompt,
        "rows": [
            {
                "row": each.row,
                "conversation_id": each.conversation_id,
                "last_result": last_result(read) or None,
                "signals": each.signals,
                "values": each.values,
            }
            for each, read in zip(found.results, reads, strict=True)
        ],
        "page": found.page,
        "pages": found.pages,
    }


def _asked_json(asked: Asked) -> dict[str, object]:
    return {"of": asked.kind.of, "like": asked.kind.like}
