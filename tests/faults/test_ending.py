"""The server ends by a signal in time and with exit code 0, whatever it is at."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIGNALS = [signal.SIGTERM, signal.SIGINT]


@contextmanager
def served(path: Path, data: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [
        sys.executable,
        "-m",
        "app",
        "serve",
        str(path),
        "--data-dir",
        str(data),
        "--port",
        "0",
        *more,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                yield process, int(found[1])
                break
    finally:
        process.kill()
        process.wait(10)


def ended(process: subprocess.Popen[str], sent: signal.Signals) -> tuple[int, str]:
    began = time.monotonic()
    process.send_signal(sent)
    return _waited(process, began)


def _waited(process: subprocess.Popen[str], began: float) -> tuple[int, str]:
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    return process.returncode, said


def answered(port: int, path: str) -> bytes:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


@pytest.mark.parametrize("sent", SIGNALS)
def test_it_ends_by_a_signal(path400: Path, tmp_path: Path, sent: signal.Signals) -> None:
    with served(path400, tmp_path, "--log", "json") as (process, port):
        assert answered(port, "/healthz?q=secret") == b"ok\n"
        code, said = ended(process, sent)
    assert code == 0
    assert "Traceback" not in said
    lines = [json.loads(each) for each in said.splitlines()]
    asked = [each for each in lines if each["message"] == "request"]
    assert [(each["route"], each["status"], each["bytes"]) for each in asked] == [
        ("/healthz", 200, 3)
    ]
    assert "secret" not in said


def test_it_ends_while_nobody_takes_an_export(
    tmp_path: Path, make_parquet: Callable[..., Path], wait_for: Callable[..., None]
) -> None:
    """By each signal; the servers wait for their readers at the same time."""
    rows = [{"prompt": f"{n}", "response": "long" * 25_000} for n in range(100)]  # one word each
    path, data = make_parquet(tmp_path / "long.parquet", rows), tmp_path / "data"
    with ExitStack() as stack:
        servers = []
        for _ in SIGNALS:
            process, port = stack.enter_context(served(path, data))
            wait_for(partial(_ready, port))
            taker = socket.create_connection(("127.0.0.1", port), timeout=10)
            stack.enter_context(taker)
            request = b"GET /api/datasets/long/export.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n"
            taker.sendall(request)
            assert taker.recv(8) == b"HTTP/1.1"
            servers.append(process)
        began = time.monotonic()
        for process, sent in zip(servers, SIGNALS, strict=True):
            process.send_signal(sent)
        found = [_waited(process, began) for process in servers]
    assert [code for code, _ in found] == [0, 0]
    assert not any("Traceback" in said for _, said in found)


def _ready(port: int) -> bool:
    return b'"ready"' in answered(port, "/api/datasets")
