"""``thinklens pull``: a dataset of a hub, brought here."""

import typer

from . import options
from .settings import settings_of


def pull(
    named: options.Named,
    revision: options.Revision = "",
    source: options.From = "",
    include: options.Include = "",
    data_dir: options.DataDir = None,
) -> None:
    """Bring a dataset of a hub here, and print where it is: what is printed is a PATH."""
    from ..datasets.entry import FETCHING, Entry
    from ..hubs.fetching import fetch
    from ..hubs.repository import of_id
    from ..index.disk import check_data_dir
    from .progress import progress
    from .results import visible

    wanted = of_id(named, source, revision, include)
    settings = settings_of(data_dir)
    check_data_dir(settings.data_dir)
    entry = Entry(wanted.id, wanted.address, step=FETCHING)
    with progress() as watch:

        def told(said: str, done: int, total: int) -> None:
            entry.fetching, entry.done, entry.total = said, done, total
            watch(entry)

        fetched = fetch(wanted, settings.data_dir, told)
        entry.step = "ready"
        watch(entry)
    for note in (f"{wanted.id}: revision {fetched.revision}", *fetched.notes):
        typer.echo(visible(note), err=True)
    typer.echo(str(fetched.path))
