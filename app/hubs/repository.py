"""A dataset of a hub as one names it: its address taken apart. Pure; knows no hub and no file.

    hf://datasets/OWNER/NAME[@REVISION][/GLOB]      hf://OWNER/NAME...      ms://OWNER/NAME...

A revision's ``/`` is written ``%2F``, but for the hub's own ``refs/convert/...`` and ``refs/pr/...``.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import quote, unquote

from ..errors import InvalidInput

HUGGINGFACE, MODELSCOPE = "huggingface", "modelscope"
SCHEMES = {"hf": HUGGINGFACE, "ms": MODELSCOPE}

_SCHEME = re.compile(r"(hf|ms)://", re.IGNORECASE)
_NAME = re.compile(r"\w[\w.-]{0,95}")
_REVISION = re.compile(r"refs/(?:convert|pr)/[^/@]+|[^/@]+")
_OTHERS = ("models", "spaces", "buckets", "kernels", "studios", "skills")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Repository:
    """``revision`` is "" for the hub's default, ``pattern`` "" for all files."""

    hub: str
    owner: str
    name: str
    revision: str = ""
    pattern: str = ""

    @property
    def id(self) -> str:
        """What the hub calls it."""
        return f"{self.owner}/{self.name}"

    @property
    def address(self) -> str:
        """The address that names it so."""
        scheme = next(each for each, hub in SCHEMES.items() if hub == self.hub)
        folder = "datasets/" if self.hub == HUGGINGFACE else ""
        own = self.revision.startswith("refs/")
        revision = quote(self.revision, safe="/" if own else "")
        at, below = f"@{revision}" if revision else "", f"/{self.pattern}" if self.pattern else ""
        return f"{scheme}://{folder}{self.id}{at}{below}"

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, which never moves."""
        return _COMMIT.fullmatch(self.revision) is not None

    def takes(self, path: str) -> bool:
        """Whether the pattern names a file: as a glob, in which ``*`` goes over folders, or as a folder."""
        pattern = self.pattern.removeprefix("./")
        if not pattern or path.startswith(f"{pattern.rstrip('/')}/"):
            return True
        return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.replace("**/", ""))


def of_path(path: str) -> Repository | None:
    """What a PATH names at a hub; None for one of this machine. Raises InvalidInput for an address that
    is none."""
    scheme = _SCHEME.match(path)
    if scheme is None:
        return None
    rest = path[scheme.end() :].removeprefix("datasets/")
    owner, _, rest = rest.partition("/")
    named, at, behind = rest.partition("@")
    if "/" in named:  # an @ of the glob's
        named, at, behind = rest, "", ""
    name, _, pattern = named.partition("/")
    revision = ""
    if at:
        found = _REVISION.match(behind)
        revision = unquote(found[0]) if found else ""
        pattern = behind[found.end() :].removeprefix("/") if found else ""
    if owner in _OTHERS or (at and not revision):
        raise _no_address(path)
    return _checked(path, Repository(SCHEMES[scheme[1].lower()], owner, name, revision, pattern))


def of_id(named: str, hub: str, revision: str, pattern: str) -> Repository:
    """What ``OWNER/NAME``, or an address, names, at a hub, in a revision. Raises InvalidInput."""
    found = of_path(named)
    if found is None:
        owner, _, name = named.partition("/")
        return _checked(named, Repository(hub or HUGGINGFACE, owner, name, revision, pattern))
    if hub not in ("", found.hub):
        raise InvalidInput(f"{named!r} is no address of {hub}: leave --from away")
    revision, pattern = revision or found.revision, pattern or found.pattern
    return Repository(found.hub, found.owner, found.name, revision, pattern)


def _checked(said: str, made: Repository) -> Repository:
    names = (made.owner, made.name)
    if not all(_NAME.fullmatch(each) and ".." not in each for each in names):
        raise _no_address(said)
    if made.hub not in SCHEMES.values():
        raise InvalidInput(f"--from is {' or '.join(SCHEMES.values())}, not {made.hub!r}")
    return made


def _no_address(said: str) -> InvalidInput:
    return InvalidInput(
        f"{said!r} names no dataset of a hub: write OWNER/NAME for pull, "
        "hf://datasets/OWNER/NAME or ms://OWNER/NAME as a PATH"
    )
