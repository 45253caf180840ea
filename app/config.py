"""Settings, and where the shipped files are. Alone in reading the environment.

Precedence: arguments given by the command line, then ``THINKLENS_*`` variables, then defaults.
"""

import os
import re
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_HERE = Path(__file__).resolve().parent


# What the site's own addresses begin with.
OWN_PATHS = (
    "api",
    "datasets",
    "docs",
    "favicon.ico",
    "healthz",
    "login",
    "logout",
    "metrics",
    "openapi.json",
    "readyz",
    "search",
    "static",
)
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")
LEAST_MEMORY_MB = 64  # of DuckDB for one dataset: the ids of 540,000 rows are told apart in that


def usual_data_dir() -> Path:
    """Where indexes are kept unless something else is said: the platform's folder for user data."""
    return Path(platformdirs.user_data_dir("thinklens", appauthor=False))


class Settings(BaseSettings):
    """What one process runs with. Sizes in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="THINKLENS_", extra="ignore")

    data_dir: Path = Field(
        default_factory=usual_data_dir, description="Folder that holds the indexes."
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    allow_hosts: tuple[str, ...] = Field(
        default=(), description="Further names that a request's Host header may carry."
    )
    tokens: Path | None = Field(
        default=None, description="File of those who may ask, a line NAME:read|write:SECRET each."
    )
    access_token: SecretStr | None = Field(
        default=None, description="The secret of one token more, which may do everything."
    )
    open: bool = Field(
        default=False, description="Whether everybody may ask whom the host lets through."
    )
    assets: Literal["cdn", "local"] = "cdn"
    log: Literal["text", "json", "off"] = Field(
        default="off", description="A line of the log for each request, as text or JSON, or none."
    )
    root_path: str = Field(
        default="", description="What stands in front of all addresses, without a slash at the end."
    )
    engine_memory_mb: int = Field(
        default=128,
        ge=LEAST_MEMORY_MB,
        description="Memory limit of DuckDB in the server, all datasets.",
    )
    query_seconds: float = Field(default=3.0, gt=0, description="Time limit of a page's query.")
    facet_seconds: float = Field(default=3.0, gt=0, description="Time limit of all facets.")
    scan_seconds: float = Field(
        default=20.0, gt=0, description="Time limit of a regex, which reads every text."
    )
    stall_seconds: float = Field(
        default=30.0, gt=0, description="An export whose client takes nothing for this long ends."
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        description="Processes that build an index.",
    )

    @field_validator("data_dir", mode="before")
    @classmethod
    def _named(cls, given: object) -> object:
        """A folder that is named: an empty text would be the one where the process stands."""
        if given == "":
            raise ValueError("it is empty; name a folder, or leave it out for the usual one")
        return given

    @field_validator("tokens", mode="before")
    @classmethod
    def _file(cls, given: object) -> object:
        """A file that is named: an empty text, as of a variable not set, is no leave to go without."""
        if given == "":
            raise ValueError("it is empty; name a file, or leave it out")
        return given

    @field_validator("root_path")
    @classmethod
    def _plain_path(cls, given: str) -> str:
        """A path that stands in addresses as it is, and that none of the site's own begins with."""
        path = given.rstrip("/")
        if not path:
            return ""
        if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
            raise ValueError(
                f"{given!r} is no path such as /team/lens, of letters, digits and - . _ ~"
            )
        if path.split("/")[1] in OWN_PATHS:
            raise ValueError(f"the site's own addresses begin with /{path.split('/')[1]} too")
        return path


def asset_dir(name: str) -> Path:
    """The folder of shipped files called ``name``: inside an installed wheel, else the source tree."""
    for base in (_HERE / "_bundled", _HERE.parent):
        if (base / name).is_dir():
            return base / name
    raise RuntimeError(f"folder {name!r} was not found beside the package: broken installation")
