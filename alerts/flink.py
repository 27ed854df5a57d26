"""What Flink tells of its jobs, over its REST interface."""

from typing import Any, Final

import httpx

from alerts.watch import JobSeen

ANSWER_S: Final = 3.0


def jobs(url: str) -> dict[str, JobSeen] | None:
    """Return the newest job of each name; None if Flink does not answer."""
    try:
        with httpx.Client(base_url=url, timeout=ANSWER_S) as client:
            found = _json(client, "/jobs/overview")["jobs"]
            newest = {
                job["name"]: job
                for job in sorted(found, key=lambda job: job["start-time"])
            }
            return {
                name: JobSeen(
                    job["state"],
                    _restarts(client, job["jid"]),
                    _checkpoints(client, job["jid"]),
                )
                for name, job in newest.items()
            }
    except Exception:  # noqa: BLE001 - away, not itself yet, or somebody else
        return None


def _restarts(client: httpx.Client, job_id: str) -> int:
    found = _json(client, f"/jobs/{job_id}/metrics?get=numRestarts")
    return int(found[0]["value"]) if found else 0


def _checkpoints(client: httpx.Client, job_id: str) -> int:
    counts = _json(client, f"/jobs/{job_id}/checkpoints").get("counts") or {}
    return int(counts.get("completed", 0))


def _json(client: httpx.Client, path: str) -> Any:  # noqa: ANN401 - JSON
    return client.get(path).raise_for_status().json()
