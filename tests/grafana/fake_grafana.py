"""A server that follows the part of Grafana's documented HTTP contract that we use."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

TOKEN = "glsa_right"  # noqa: S105 - opens nothing but the server below

Answer = tuple[int, dict[str, Any]]


class FakeGrafana:
    """Folders, data sources and boards by uid, and what was asked of them."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, Any]] = {}
        self.datasources: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.writes: list[str] = []
        self.paths: list[str] = []
        self.healthy = True
        self.role_is_enough = True

    def answer(self, verb: str, path: str, body: dict[str, Any]) -> Answer:
        """Return the status and the body of Grafana's answer."""
        if verb != "GET":
            self.writes.append(f"{verb} {path}")
            if not self.role_is_enough:
                return 403, {"message": "You'll need additional permissions"}
        kind, *rest = path.removeprefix("/api/").split("/")
        answer: Answer = getattr(self, f"_{kind}")(verb, rest, body)
        return answer

    def _folders(self, verb: str, rest: list[str], body: dict[str, Any]) -> Answer:
        if verb == "GET":
            return _found(self.folders, rest[0], "folder not found")
        if body["uid"] in self.folders:
            return 409, {"message": "a folder with that uid exists"}
        self.folders[body["uid"]] = body
        return 200, body

    def _datasources(self, verb: str, rest: list[str], body: dict[str, Any]) -> Answer:
        if rest[2:] == ["health"]:
            ok = {"status": "OK", "message": "datasource is working"}
            return (200, ok) if self.healthy else (400, {"message": "no such host"})
        if verb == "GET":
            return _found(self.datasources, rest[1], "Data source not found")
        uid = rest[1] if rest else body["uid"]
        if self.datasources.get(uid, {}).get("readOnly"):
            return 403, {"message": "Cannot update read-only data source"}
        if not rest and uid in self.datasources:
            return 409, {"message": "data source with the same name already exists"}
        self.datasources[uid] = {**body, "readOnly": False}
        return 200, {"datasource": body, "message": "Datasource saved"}

    def _dashboards(self, verb: str, rest: list[str], body: dict[str, Any]) -> Answer:
        if verb == "GET":
            return _found(self.boards, rest[1], "Dashboard not found")
        uid = body["dashboard"]["uid"]
        old = self.boards.get(uid)
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        if old and old["meta"].get("provisioned"):
            return 400, {"message": "Cannot save provisioned dashboard"}
        if old and not body["overwrite"]:
            return 412, {"message": "version-mismatch", "status": "version-mismatch"}
        version = old["dashboard"]["version"] + 1 if old else 1
        meta = {"folderUid": body["folderUid"], "url": f"/d/{uid}/x"}
        self.boards[uid] = {
            "dashboard": {**body["dashboard"], "id": 7, "version": version},
            "meta": meta,
        }
        return 200, {"uid": uid, "url": meta["url"], "version": version}


def _found(there: dict[str, dict[str, Any]], uid: str, message: str) -> Answer:
    return (200, there[uid]) if uid in there else (404, {"message": message})


class Handler(BaseHTTPRequestHandler):
    """HTTP in front of :class:`FakeGrafana`."""

    grafana: ClassVar[FakeGrafana]

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or "{}")
        self.grafana.paths.append(self.path)
        status, content = 401, {"message": "Invalid API key"}
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            status, content = self.grafana.answer(self.command, self.path, body)
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = _reply  # noqa: N815 - names that http.server calls

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""
