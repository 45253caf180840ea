"""A hub of the tests' own on the loopback: what both hubs are asked for, and the faults that hubs have.

Files of a dataset are put under a revision; each faults once, or always, as a test says.
"""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Files = dict[str, bytes]


@dataclass
class Refusal:
    """An answer in place of what is asked; ``times`` is how often, -1 always."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    times: int = -1


@dataclass
class Hub:
    """What the hub has and how it fails. ``commits`` has the files of each, ``revisions`` what names lead
    to; ``breaks`` how many bytes of a file are given before the connection ends, one for each time;
    ``lies`` other bytes than are listed; ``elsewhere``: files lie at another host, to which is led."""

    address: str = ""
    commits: dict[tuple[str, str], Files] = field(default_factory=dict)
    revisions: dict[tuple[str, str], str] = field(default_factory=dict)
    breaks: dict[str, list[int]] = field(default_factory=dict)
    lies: dict[str, bytes] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    whole_only: bool = False
    elsewhere: bool = False
    page: int = 1_000
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, name: str, files: Files, revision: str = "main") -> str:
        """Files of a dataset under a name of a revision; the commit that they are."""
        said = repr(sorted((path, text) for path, text in files.items()))
        commit = hashlib.sha1(said.encode()).hexdigest()
        self.commits[name, commit] = dict(files)
        self.revisions[name, revision] = self.revisions[name, commit] = commit
        return commit

    def files(self, name: str, revision: str) -> Files | None:
        commit = self.revisions.get((name, revision))
        return None if commit is None else self.commits[name, commit]

    @property
    def paths(self) -> list[str]:
        """What was asked, without the query."""
        return [urlsplit(path).path for path, _ in self.asked]

    @property
    def taken(self) -> Counter[str]:
        """How often each file was asked for."""
        found: Counter[str] = Counter()
        for path, _ in self.asked:
            parts = urlsplit(path)
            if "/resolve/" in parts.path and not parts.path.startswith("/elsewhere"):
                found[unquote(parts.path.split("/resolve/")[1].partition("/")[2])] += 1
            elif parts.path.endswith("/repo"):
                found[parse_qs(parts.query)["FilePath"][0]] += 1
        return found

    @property
    def ranges(self) -> list[str]:
        return [headers["range"] for _, headers in self.asked if "range" in headers]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def log_message(self, *_: object) -> None:
        """Tests look at ``asked``."""

    def do_GET(self) -> None:
        hub = self.server.hub
        hub.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        parts = urlsplit(self.path)
        for fragment, refusal in hub.refusals.items():
            if fragment in self.path and refusal.times:
                refusal.times -= 1
                return self._json({"error": "refused"}, refusal.status, refusal.headers)
        segments = parts.path.strip("/").split("/")
        if segments[0] == "elsewhere":
            segments = segments[1:]
        elif hub.elsewhere and ("/resolve/" in parts.path or parts.path.endswith("/repo")):
            there = hub.address.replace("127.0.0.1", "localhost")
            return self._json({}, 302, {"Location": f"{there}/elsewhere{self.path}"})
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if segments[:2] == ["api", "datasets"]:
            return self._huggingface("/".join(segments[2:4]), segments[4:], query)
        if segments[:3] == ["api", "v1", "datasets"]:
            return self._modelscope("/".join(segments[3:5]), segments[5:], query)
        if segments[0] == "datasets" and segments[3:4] == ["resolve"]:
            name, revision = "/".join(segments[1:3]), unquote(segments[4])
            return self._file(name, revision, unquote("/".join(segments[5:])))
        return self._json({}, 404)

    def _huggingface(self, name: str, rest: list[str], query: dict[str, str]) -> None:
        hub, revision = self.server.hub, unquote(rest[1])
        if not any(known == name for known, _ in hub.revisions):
            return self._json({"error": "no"}, 404, {"X-Error-Code": "RepoNotFound"})
        files = hub.files(name, revision)
        if files is None:
            return self._json({"error": "no"}, 404, {"X-Error-Code": "RevisionNotFound"})
        if rest[0] == "revision":
            return self._json({"id": name, "sha": hub.revisions[name, revision]})
        start = int(query.get("cursor", 0))
        shown = sorted(files.items())[start : start + hub.page]
        entries: list[dict[str, Any]] = [
            {"type": "directory", "path": "data", "oid": "0", "size": 0}
        ]
        for path, content in shown:
            git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            entry: dict[str, Any] = {"type": "file", "path": path, "oid": git, "size": len(content)}
            if path.endswith(".parquet"):
                sha = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"oid": sha, "size": len(content), "pointerSize": 130}
            entries.append(entry)
        more = start + hub.page < len(files)
        following = (
            f"{hub.address}{urlsplit(self.path).path}?recursive=true&cursor={start + hub.page}"
        )
        self._json(entries, headers={"Link": f'<{following}>; rel="next"'} if more else {})

    def _modelscope(self, name: str, rest: list[str], query: dict[str, str]) -> None:
        hub = self.server.hub
        revision = query.get("Revision", "master")
        files = hub.files(name, revision)
        if files is None:
            return self._json({"Code": 10010205001, "Message": "no", "Success": False}, 404)
        if rest == ["repo"]:
            return self._file(name, revision, query["FilePath"])
        first = (int(query["PageNumber"]) - 1) * int(query["PageSize"])
        listed = [
            {
                "Path": path,
                "Name": path.rpartition("/")[2],
                "Size": len(content),
                "Sha256": hashlib.sha256(content).hexdigest(),
                "Type": "blob",
            }
            for path, content in sorted(files.items())
        ]
        shown = listed[first : first + int(query["PageSize"])]
        self._json({"Code": 200, "Data": {"Files": shown}, "Success": True})

    def _file(self, name: str, revision: str, path: str) -> None:
        hub = self.server.hub
        files = hub.files(name, revision) or {}
        if path not in files:
            return self._json({"error": "no"}, 404, {"X-Error-Code": "EntryNotFound"})
        content = hub.lies.get(path, files[path])
        asked = self.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and not hub.whole_only else 0
        if start > len(content):
            return self._json({}, 416)
        breaks = hub.breaks.get(path)
        given = breaks.pop(0) if breaks else len(content)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", hub.revisions[name, revision])
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        self.wfile.write(content[start : start + given])
        if start + given < len(content):
            self.close_connection = True

    def _json(self, said: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    hub: Hub


@contextmanager
def served(port: int = 0) -> Iterator[Hub]:
    """A hub that answers until it is left."""
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.hub = Hub(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.hub
        finally:
            server.shutdown()
            thread.join()
