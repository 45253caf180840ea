"""Which of a hub's files are brought here: data that Thinklens reads, as far as the pattern and the card name
it, and what stands beside data. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..conversations import paths, splits
from .listing import RemoteFile
from .repository import Repository

BESIDE = (splits.CARD, "dataset_info.json", "dataset_infos.json")


@dataclass(frozen=True)
class Wanted:
    """``data`` and ``beside`` are brought; ``unread`` counts files that are no data, ``unnamed`` data that
    the card's ``configs`` do not name, ``elsewhere`` data that the pattern does not."""

    data: tuple[RemoteFile, ...]
    beside: tuple[RemoteFile, ...]
    configs: tuple[str, ...]
    unread: int
    unnamed: int
    elsewhere: int

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        return (*self.beside, *self.data)

    @property
    def bytes(self) -> int:
        return sum(each.size for each in self.files)

    @property
    def partial(self) -> tuple[str, ...]:
        """The folders of a hub's conversion that hold only the beginning of a split."""
        parts = (part for each in self.data for part in each.path.split("/")[:-1])
        return tuple(dict.fromkeys(part for part in parts if part.startswith("partial-")))


def wanted(files: Sequence[RemoteFile], repository: Repository, card: str) -> Wanted:
    """What of the files is brought here; ``card`` is the text of their README.md."""
    beside = tuple(each for each in files if each.path in BESIDE)
    data = [each for each in files if paths.is_data(each.path) and "/." not in f"/{each.path}"]
    named = [each for each in data if repository.takes(each.path)]
    chosen = splits.chosen([each.path for each in named], card)
    read = tuple(each for each in named if each.path not in chosen.left_out)
    configs = (chosen.told.get(each.path, {}).get("config", "") for each in read)
    return Wanted(
        read,
        beside,
        tuple(dict.fromkeys(filter(None, configs))),
        len(files) - len(data) - len(beside),
        len(named) - len(read),
        len(data) - len(named),
    )
