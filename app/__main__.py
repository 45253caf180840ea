"""``python -m app`` is the ``thinklens`` command."""

from .cli import main

if __name__ == "__main__":
    main()
