"""The options by which a user says how a dataset is read, for all commands that take a PATH."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InvalidInput
from .added import Command, added

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told

_OPTIONS = {
    "source_format": Annotated[
        str, typer.Option("--format", help="The source format, by its name in the README.")
    ],
    "column": Annotated[
        list[str] | None,
        typer.Option(help="The column of a part, as response=NAME; an empty NAME hides it.",
                     metavar="PART=NAME"),
    ],
    "tags": Annotated[
        list[str] | None,
        typer.Option(help="What stands before and behind reasoning, repeatable.",
                     metavar="OPEN CLOSE"),
    ],
    "role": Annotated[
        list[str] | None,
        typer.Option(help="A name of a role, as assistant=coach.", metavar="ROLE=NAME"),
    ],
    "key": Annotated[
        list[str] | None,
        typer.Option(help="A key of turns, as role=speaker.", metavar="KEY=NAME"),
    ],
    "config": Annotated[
        Path | None,
        typer.Option(help="A dataset_info.json as LLaMA-Factory has it.", metavar="FILE"),
    ],
    "config_name": Annotated[
        str, typer.Option(help="The config of a folder's card that is read, instead of all.")
    ],
    "tokenizer": Annotated[
        Path | None,
        typer.Option(help="A tokenizer.json: the tokens of each part become fields.",
                     metavar="FILE"),
    ],
    "strict": Annotated[
        bool, typer.Option("--strict", help="Refuse what is not understood as a whole.")
    ],
}  # fmt: skip
_DEFAULTS = {"source_format": "", "config_name": "", "strict": False}


_TAGS, _BETWEEN = "--tags", "\x1f"


def as_typer_takes_them(arguments: Sequence[str]) -> list[str]:
    """The arguments with the two of each ``--tags`` as one: typer has no repeated pairs."""
    made: list[str] = []
    rest = list(arguments)
    while rest:
        each = rest.pop(0)
        made.append(each)
        if each == _TAGS and len(rest) > 1:
            made.append(_BETWEEN.join((rest.pop(0), rest.pop(0))))
    return made


def with_word(command: Command, without: str = "") -> Command:
    """The command with these options, but for one whose name it has itself, which it is given as ``told``;
    None where none was."""
    return added(
        command,
        {name: each for name, each in _OPTIONS.items() if name != without},
        _DEFAULTS,
        "told",
        lambda said: _told(**said) if any(said.values()) else None,
    )


def _told(
    source_format: str,
    tags: list[str] | None,
    role: list[str] | None,
    key: list[str] | None,
    config: Path | None,
    config_name: str,
    tokenizer: Path | None,
    strict: bool,
    column: list[str] | None = None,
) -> "Told":
    from ..conversations.tokenizer import opened
    from ..conversations.told import of_options

    pairs = [each.partition(_BETWEEN)[::2] for each in tags or ()]
    lists = (column or (), pairs, role or (), key or ())
    counting = opened(tokenizer) if tokenizer else None
    return of_options(source_format, *lists, strict, config_name, _text(config), counting)


def _text(config: Path | None) -> bytes:
    """A file of the user's word. Raises InvalidInput where it cannot be read."""
    try:
        return config.read_bytes() if config else b""
    except OSError as error:
        raise InvalidInput(f"--config {str(config)!r}: {error.strerror or error}") from None
