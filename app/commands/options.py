"""The options that commands take, with what ``--help`` says of them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..export import file_types


class Assets(StrEnum):
    """Where pages take htmx from."""

    cdn = "cdn"
    local = "local"


class Logs(StrEnum):
    """How requests are logged."""

    text = "text"
    json = "json"
    off = "off"


_PATH = "A file, a folder of them, a quoted glob, or hf://datasets/OWNER/NAME, ms://OWNER/NAME."
Paths = Annotated[list[str], typer.Argument(help=_PATH)]
PathsToServe = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATHS...", help=_PATH),
]
Folders = Annotated[
    list[str] | None,
    typer.Option(
        "--datasets",
        metavar="FOLDER",
        help="Each file or folder directly below is a dataset, looked at anew; repeatable.",
    ),
]
Watched = Annotated[
    bool, typer.Option("--watch", help="Look at the sources of PATHS anew; index what changed.")
]
SearchedIn = Annotated[
    str,
    typer.Option("--in", help="Part that is searched: prompt (default), reasoning, answer, all."),
]
OnePath = Annotated[str, typer.Argument(help=_PATH)]


def _folder(given: str) -> Path:
    """A folder that is named: an empty text would be the one where the process stands."""
    if not given:
        raise typer.BadParameter("it is empty; name a folder, or leave it out for the usual one")
    return Path(given)


DataDir = Annotated[
    Path | None,
    typer.Option(help="Folder that holds the indexes.", parser=_folder, metavar="PATH"),
]
Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")]
Port = Annotated[
    int | None, typer.Option(help="Port to listen on.", min=0, max=65535, show_default="8000")
]
AllowHost = Annotated[list[str] | None, typer.Option(help="A further host name to answer to.")]
AssetsOption = Annotated[
    Assets | None,
    typer.Option(help="htmx from its CDN, or no request elsewhere.", show_default="cdn"),
]
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter", help="field:value, field:a..b, field:>n, field:null, or -field:...; repeatable."
    ),
]
Search = Annotated[str, typer.Option(help="What to search for.")]
One = Annotated[str, typer.Option(help="One row of each prompt, near_prompt or conversation.")]
Keep = Annotated[
    str,
    typer.Option(help="Which of them: first, longest, shortest, random:SEED, a field or -field."),
]
Sort = Annotated[str, typer.Option(help="relevance, row, a field, -field or random:SEED.")]
Type = Annotated[
    str, typer.Option("--type", help=f"{file_types.listed()}; by default FILE's ending.")
]
Output = Annotated[
    str,
    typer.Option("-o", "--output", help="File to write; - for standard output; DIR/ for a folder."),
]
Split = Annotated[
    str,
    typer.Option(
        help="Of a folder: splits by a hash of each id, as train=0.95,test=0.05.", metavar="SHARES"
    ),
]
Seed = Annotated[str, typer.Option(help="What the hash of --split begins with.", metavar="S")]
ShardSize = Annotated[
    str, typer.Option(help="Of a folder: the size of its files, as 500MB.", metavar="SIZE")
]
Force = Annotated[bool, typer.Option("--force", help="Write over another file of this name.")]
IntoSource = Annotated[
    bool, typer.Option("--into-source", help="Write among the dataset's own files.")
]
Named = Annotated[
    str, typer.Argument(metavar="OWNER/NAME", help="The dataset, as its hub calls it.")
]
Revision = Annotated[str, typer.Option(help="A branch, tag or commit.")]
From = Annotated[
    str,
    typer.Option("--from", help="The hub: huggingface (default) or modelscope.", metavar="HUB"),
]
Include = Annotated[
    str, typer.Option(help="Only the files that a glob or a folder names.", metavar="PATTERN")
]
RootPath = Annotated[
    str | None,
    typer.Option(help="What stands in front of all addresses, as /lens behind a proxy."),
]
Tokens = Annotated[
    Path | None,
    typer.Option(
        help="Who may ask: a file with a line NAME:read|write:SECRET for each.", metavar="FILE"
    ),
]
Open = Annotated[
    bool, typer.Option("--open", help="Let everybody ask, on a host that others can reach too.")
]
Log = Annotated[
    Logs | None,
    typer.Option(help="A line on standard error for each request.", show_default="off"),
]
Version = Annotated[bool, typer.Option("--version", help="Print the version.")]
