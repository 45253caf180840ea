"""Groups of copies as JSON values."""

from collections.abc import Sequence

from ...search.by_prompt import Table
from ...search.copy_groups import Groups
from ...search.dataset import Reading, Results
from .kinds import Asked
from .table import ByPrompt


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
                "last_result": read.signals.get("last_result"),
                "signals": each.signals,
                "values": each.values,
            }
            for each, read in zip(found.results, reads, strict=True)
        ],
        "page": found.page,
        "pages": found.pages,
    }


def table_json(asked: ByPrompt, found: Table) -> dict[str, object]:
    """A page of prompts by the values of a field."""
    return {
        "field": asked.field,
        "prompts": found.prompts,
        "others": found.others,
        "lines": [
            {
                "group": line.row,
                "size": line.size,
                "prompt": line.prompt,
                "words": {"least": line.words[0], "most": line.words[1]},
                "agreement": line.agreement,
                "cells": [
                    {
                        "value": found.values[place],
                        "row": cell.row,
                        "rows": cell.rows,
                        "words": cell.words,
                        "trace": cell.trace,
                        "last_result": cell.result or None,
                    }
                    for place, cell in sorted(line.cells.items())
                ],
            }
            for line in found.lines
        ],
        "page": found.page,
        "pages": found.pages,
    }


def _asked_json(asked: Asked) -> dict[str, object]:
    return {"of": asked.kind.of, "like": asked.kind.like}
