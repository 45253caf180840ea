"""``thinklens serve`` and ``thinklens demo``: datasets in the browser."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..access.tokens import Tokens
from ..config import Settings
from ..errors import InvalidInput
from . import options
from .admission import tokens_of
from .opening import library_of
from .settings import settings_to_serve
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told


@with_word
def serve(
    paths: options.PathsToServe = None,
    datasets: options.Folders = None,
    watch: options.Watched = False,
    host: options.Host = None,
    port: options.Port = None,
    data_dir: options.DataDir = None,
    assets: options.AssetsOption = None,
    allow_host: options.AllowHost = None,
    root_path: options.RootPath = None,
    tokens: options.Tokens = None,
    everybody: options.Open = False,
    log: options.Log = None,
    told: "Told | None" = None,
) -> None:
    """Serve datasets in the browser; index in the background what is not indexed yet."""
    settings = settings_to_serve(
        data_dir, host, port, assets, allow_host, root_path, tokens, everybody, log
    )
    if not paths and not datasets:
        raise InvalidInput("what is to be served is missing: PATHS, or --datasets FOLDER")
    _serve(settings, tokens_of(settings), paths or (), told, datasets or (), watch)


def demo(
    host: options.Host = None,
    port: options.Port = None,
    data_dir: options.DataDir = None,
    assets: options.AssetsOption = None,
    allow_host: options.AllowHost = None,
    root_path: options.RootPath = None,
    tokens: options.Tokens = None,
    everybody: options.Open = False,
    log: options.Log = None,
) -> None:
    """Serve the demonstration dataset that comes with Thinklens."""
    from ..demo import write
    from ..index.disk import check_data_dir

    settings = settings_to_serve(
        data_dir, host, port, assets, allow_host, root_path, tokens, everybody, log
    )
    admitted = tokens_of(settings)
    check_data_dir(settings.data_dir)
    path = settings.data_dir / "demo" / "demo.parquet"
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        written = Path(file.name)
    write(written)
    if path.exists() and path.read_bytes() == written.read_bytes():
        written.unlink()  # the same data: its index stays fresh
    else:
        written.replace(path)
    _serve(settings, admitted, [str(path)])


def _serve(
    settings: Settings,
    tokens: Tokens,
    paths: Sequence[str],
    told: "Told | None" = None,
    folders: Sequence[str] = (),
    watched: bool = False,
) -> None:
    from .. import memory

    memory.share()
    from .serving import serve as run

    run(settings, library_of(settings, paths, told, folders, watched), tokens)
