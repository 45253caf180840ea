"""The overview as JSON; the command line prints the same. Keys may be added, none changes."""

from ...search.overview.figures import (
    Budgets,
    By,
    Copies,
    Difference,
    FieldFigure,
    Figures,
    Languages,
    Length,
    Openings,
    Outlier,
    Overview,
)
from ..answers import edge


def overview_json(found: Overview) -> dict[str, object]:
    """The overview of what a query finds."""
    own = found.own
    return {
        "total": own.total,
        "of": found.all.total,
        "faults": [
            {"name": each.known.name, "filter": each.known.filter.text, "rows": each.rows, "of": of}
            for each, of in found.fault_pairs()
        ],
        "lengths": [_length_json(each) for each in own.lengths],
        "budget": {each.field.name: _budgets_json(each) for each in own.budgets},
        "by": _by_json(found.by) if found.by else None,
        "reasoning_against_answer": {
            "reasoning_from": own.grid.across,
            "answer_from": own.grid.up,
            "rows": own.grid.cells,
        },
        "behaviour": _behaviour_json(own),
        "languages": _languages_json(own.languages),
        "openings": [_openings_json(each) for each in own.openings],
        "copies": {each.of: _copies_json(each) for each in own.copies},
        "fields": [_field_json(each) for each in own.fields],
        "outliers": [_outlier_json(each) for each in found.outliers],
        "differences": [_difference_json(each) for each in found.differences],
        "took_ms": round(found.seconds * 1000, 1),
        **({"late": own.late} if own.late else {}),
    }


def _length_json(each: Length) -> dict[str, object]:
    return {
        "part": each.part,
        "rows": each.rows,
        "words": each.total,
        "median": each.median,
        "p95": each.p95,
        "p99": each.p99,
        "max": each.max,
        "bins": [
            {"from": low, "count": count}
            for low, count in zip(each.edges, each.bins, strict=True)
            if count
        ],
    }


def _budgets_json(found: Budgets) -> list[dict[str, int]]:
    return [{"at_most": each.most, "rows": each.rows, "kept": each.kept} for each in found.limits]


def _by_json(by: By) -> dict[str, object]:
    return {
        "field": by.field.name,
        "values": [
            {
                "value": each.value,
                "rows": each.rows,
                "median": each.median,
                "p95": each.p95,
                "spread": each.spread,
                "faults": each.faults,
            }
            for each in by.values
        ],
    }


def _behaviour_json(own: Figures) -> dict[str, object]:
    first = own.first_result
    return {
        "marks": [
            {"name": each.field.name, "times": each.times, "rows": each.rows}
            for each in own.behaviour
        ],
        "first_result_at": {"median": first.median, "tenths": first.bins, "nulls": first.nulls}
        if first
        else None,
    }


def _languages_json(found: Languages) -> dict[str, object]:
    return {
        "fields": [each.name for each in found.fields],
        "combinations": [{"values": e.values, "rows": e.rows} for e in found.combinations],
        "of": found.of,
    }


def _openings_json(each: Openings) -> dict[str, object]:
    return {
        "part": each.part,
        "openings": [{"words": one.words, "rows": one.rows} for one in each.openings],
        "of": each.of,
        "without": each.without,
    }


def _copies_json(each: Copies) -> dict[str, object]:
    return {
        "groups": each.groups,
        "rows": each.rows,
        "sizes": [{"size": size, "groups": groups} for size, groups in each.sizes],
        "largest": [
            {"size": one.size, "group": one.group, "prompt": one.prompt} for one in each.largest
        ],
    }


def _field_json(each: FieldFigure) -> dict[str, object]:
    return {
        "name": each.field.name,
        "type": each.field.type,
        "nulls": each.nulls,
        "distinct": each.distinct,
        **({"top": [{"value": v, "count": n} for v, n in each.top]} if each.top else {}),
    }


def _outlier_json(each: Outlier) -> dict[str, object]:
    return {
        "reason": each.reason,
        "field": each.field.name,
        "value": each.value,
        "row": each.result.row,
        "conversation_id": each.result.conversation_id,
        "prompt": each.result.prompt,
    }


def _difference_json(each: Difference) -> dict[str, object]:
    ends = [edge(each.field, end) for end in each.edges] if each.edges else None
    what = {"from": ends[0], "to": ends[1]} if ends else {"value": each.value}
    return {
        "field": each.field.name,
        **what,
        "rows": each.rows,
        "of": each.of,
        "share": each.share,
        "rest": each.rest,
    }
