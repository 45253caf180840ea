"""Who may have something written beside a dataset: nobody where the data directory can only be read, and no
token that may only read.
"""

import os
from pathlib import Path

from fastapi import Request

from ..access.tokens import READ
from ..errors import ThinklensError
from .access import Gate


class ReadOnly(ThinklensError):
    """Something was to be written where this request, or nobody, may."""

    status = 403
    code = "read_only"


def check_writes(request: Request, folder: Path) -> None:
    """Raise ReadOnly where a request may have nothing written in a folder of the data directory."""
    gate: Gate = request.app.state.gate
    token = gate.tokens.named(request.scope.get("state", {}).get("token", ""))
    if gate.tokens and (token is None or token.may == READ):
        raise ReadOnly("your token may only read")
    if not os.access(folder, os.W_OK):
        raise ReadOnly("the data directory of this server can only be read")
