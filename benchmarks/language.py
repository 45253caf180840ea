"""Phrases, regexes, prefixes and literals over HTTP, beside a plain scan of the prompts.

What the program does not know yet it answers with 422: such a line says so and has no figure.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from . import reaches, thinklens
from .figures import Line, Reach, Took, times
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


@dataclass
class Answers:
    """What came of a question. ``refused`` says why there is no figure."""

    asks: list[Took] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    scan_asks: list[Took] = field(default_factory=list)
    scan_totals: list[int] = field(default_factory=list)
    refused: str = ""


def asked_in_language(run: Run) -> Iterator[Line]:
    """All questions, each round with a server started anew."""
    asked = [(question, Answers()) for question in _questions(run)]
    with run.references.asked(("scan",)) as others:
        for turn in range(run.rounds):
            with served([run.data], run.data_dir) as server:
                server.page(thinklens.search(run.name, q=run.warming()[0]))
                for question, answers in asked:
                    if turn < question.rounds and not answers.refused:
                        _ask(run, server, question, answers)
                        _scan(others.get("scan"), question, answers)
    for question, answers in asked:
        yield line(question, answers)


def _ask(run: Run, server: Server, question: Question, answers: Answers) -> None:
    """Ask each query of a question, until one is refused."""
    for query in question.queries:
        page = server.page(thinklens.search(run.name, q=query, part=question.part))
        if thinklens.not_built(page.status, page.text):
            answers.refused = "not built yet"
        elif page.status != 200:
            answers.refused = f"{query} answered {page.status} after {page.took.seconds:.1f} s"
        if answers.refused:
            return
        answers.asks.append(page.took)
        answers.totals[query] = json.loads(page.text)["total"]


def _scan(scan: Asked | None, question: Question, answers: Answers) -> None:
    if scan is not None:
        told = [scan.ask(**each) for each in question.scan]
        answers.scan_asks += [each.took for each in told]
        answers.scan_totals = [each.total for each in told]


def line(question: Question, answers: Answers) -> Line:
    """The line of a question: its times, how many rows were found, and by a scan if that differs."""
    beside = {SCAN: times(answers.scan_asks)} if answers.scan_asks else {}
    if answers.refused or not answers.asks:
        return Line(question.what, None, beside, (), answers.refused)
    totals = list(answers.totals.values())
    note = f"{', '.join(f'{total:,}' for total in totals)} rows"
    if answers.scan_totals and answers.scan_totals != totals:
        note += f"; by the scan {', '.join(f'{total:,}' for total in answers.scan_totals)}"
    return Line(question.what, times(answers.asks), beside, question.reaches, f"({note})")


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
        Question(
            "literals C++ and 3.14", ("C++", "3.14"), scan=({"text": "C++"}, {"text": "3.14"})
        ),
        Question("literal \u6771\u4eac", ("\u6771\u4eac",), scan=({"text": "\u6771\u4eac"},)),
        Question("a or b, not c", (f"{frequent} OR {middle} -the",)),
        Question(f"the word {frequent} in everything", (frequent,), "all"),
    ]


def _phrase(where: str, picks: Picks, part: str) -> Question:
    typed = tuple(f'"{query}"' for query in picks.queries)
    scan = tuple({"text": query} for query in picks.queries) if not part else ()
    what = f"phrase in {where}, {picks.kind} ({', '.join(typed)})"
    return Question(what, typed, part, scan, reaches.phrase(where, picks.kind))


def _regex(where: str, picks: Picks, part: str) -> Question:
    rounds = EVERYWHERE_ROUNDS if part else 100
    scan = tuple({"regex": query.strip("/")} for query in picks.queries) if not part else ()
    what = f"regex over {where}, {picks.kind} ({picks.queries[0]})"
    return Question(what, picks.queries, part, scan, reaches.REGEX[where], rounds)
