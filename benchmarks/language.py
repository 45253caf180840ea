"""Phrases, regexes, prefixes and literals over HTTP, beside a plain scan of the prompts.

What the program does not know yet it answers with 422: such a line says so and has no figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import thinklens
from .figures import AT_MOST, Figure, Line, Reach
from .picks import Picks, regexes
from .references import Asked
from .run import Run
from .serving import Server, served

EVERYWHERE_ROUNDS = 2  # a regex over everything takes its time
SCAN = "scan of the prompts"


@dataclass(frozen=True)
class Question:
    """Queries of one line: as typed, where they are looked for, how a scan is asked for the same."""

    what: str
    queries: tuple[str, ...]
    part: str = ""
    scan: tuple[Mapping[str, str], ...] = ()
    reaches: tuple[Reach, ...] = ()
    rounds: int = 100


def asked_in_language(run: Run) -> Iterator[Line]:
    """All questions, each round with a server started anew."""
    questions = _questions(run)
    found: dict[str, list[float]] = {question.what: [] for question in questions}
    scanned: dict[str, list[float]] = {question.what: [] for question in questions}
    notes: dict[str, str] = {}
    with run.references.asked(("scan",)) as others:
        for turn in range(run.rounds):
            with served([run.data], run.data_dir) as server:
                server.page(thinklens.search(run.name, q=run.warming()[0]))
                for question in questions:
                    if turn < question.rounds and question.what not in notes:
                        refused = _ask(run, server, question, found[question.what])
                        _scan(others.get("scan"), question, scanned[question.what])
                        notes.update({question.what: refused} if refused else {})
    for each in questions:
        values, times = found[each.what], scanned[each.what]
        note = notes.get(each.what, "")
        ours = Figure(tuple(values)) if values and not note else None
        beside = {SCAN: Figure(tuple(times))} if times else {}
        yield Line(each.what, ours, beside, each.reaches if ours else (), note)


def _ask(run: Run, server: Server, question: Question, into: list[float]) -> str:
    """Ask each query of a question; why there is no figure, if it was refused."""
    for query in question.queries:
        page = server.page(thinklens.search(run.name, q=query, part=question.part))
        if page.status == thinklens.NOT_BUILT:
            return "not built yet"
        if page.status != 200:
            return f"{query} answered {page.status} after {page.seconds:.1f} s"
        into.append(page.seconds * 1000)
    return ""


def _scan(scan: Asked | None, question: Question, into: list[float]) -> None:
    if scan is not None:
        into += [scan.ask(**each).seconds * 1000 for each in question.scan]


def _questions(run: Run) -> list[Question]:
    frequent, middle = run.word("frequent"), run.word("middle")
    patterns = regexes([middle])
    return [
        *(_phrase("prompts", picks, "") for picks in run.phrases),
        *(_phrase("reasoning", picks, "reasoning") for picks in run.reasoning_phrases),
        *(_regex("prompts", picks, "") for picks in patterns),
        *(_regex("everything", picks, "all") for picks in patterns),
        Question(f"prefix {frequent[:3]}*", (f"{frequent[:3]}*",)),
        Question("prefix s*, the largest", ("s*",)),
        Question("literals C++ and 3.14", ("C++", "3.14"), scan=({"text": "C++"},)),
        Question("literal \u6771\u4eac", ("\u6771\u4eac",), scan=({"text": "\u6771\u4eac"},)),
        Question("a or b, not c", (f"{frequent} OR {middle} -the",)),
        Question(f"the word {frequent} in everything", (frequent,), "all"),
    ]


def _phrase(where: str, picks: Picks, part: str) -> Question:
    typed = tuple(f'"{query}"' for query in picks.queries)
    scan = tuple({"text": query} for query in picks.queries) if not part else ()
    what = f"phrase in {where}, {picks.kind} ({', '.join(typed)})"
    return Question(what, typed, part, scan, (Reach(AT_MOST, 150, "p95"),))


def _regex(where: str, picks: Picks, part: str) -> Question:
    limit, rounds = (6_000, EVERYWHERE_ROUNDS) if part else (500, 100)
    scan = tuple({"regex": query.strip("/")} for query in picks.queries) if not part else ()
    what = f"regex over {where}, {picks.kind} ({picks.queries[0]})"
    return Question(what, picks.queries, part, scan, (Reach(AT_MOST, limit),), rounds)
