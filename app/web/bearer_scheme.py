"""What the API's description says where tokens are in use: how one is sent, and what comes without."""

from typing import Any

from fastapi import FastAPI

from ..access.tokens import Tokens
from .api import ERRORS

SCHEME = "token"
ANSWERS = {
    "401": "No token, or one that is not known.",
    "429": "Too many wrong tokens; Retry-After says when to try again.",
}


def describe(app: FastAPI, tokens: Tokens) -> None:
    """Have the description of an application name the scheme, where it has tokens."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        return _with_scheme(plain())

    if tokens:
        app.openapi = described  # type: ignore[method-assign]  # as FastAPI has it be extended


def _with_scheme(schema: dict[str, Any]) -> dict[str, Any]:
    """The same description, which the application keeps, with the scheme in it."""
    scheme = {"type": "http", "scheme": "bearer", "description": "The secret of a token."}
    schema.setdefault("components", {})["securitySchemes"] = {SCHEME: scheme}
    schema["security"] = [{SCHEME: []}]
    for methods in schema["paths"].values():
        for operation in methods.values():
            for status, meaning in ANSWERS.items():
                operation["responses"][status] = {**ERRORS[400], "description": meaning}
    return schema
