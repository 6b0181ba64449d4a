"""The round trip through a real Label Studio: `python -m tests.label_studio COMMAND`.

Not a part of the test suite: `make test-labelstudio` installs Label Studio apart and runs this. It
starts the server on loopback with an empty folder of data, and stops it at the end.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import AUTOMOTIVE, NONE, TOURISM, write_annotations, write_jsonl

TOKEN = "0123456789abcdef0123456789abcdef01234567"
USER = "editor@example.com"
START_SECONDS = 300

ARTICLES = [
    {"id": "n-1", "title": "Курорт", "text": f"{TOURISM[0].format(7)}\n\n{TOURISM[1].format(9)}"},
    {"id": "n-2", "title": "Завод и отель", "text": f"{AUTOMOTIVE[0].format(5)} {TOURISM[3]}"},
    {"id": "n-3", "text": NONE[1].format(3)},
    {"id": "n-4", "text": NONE[2].format(4)},
    {"id": "n-5", "text": AUTOMOTIVE[2].format(8)},
]
# What the annotator chooses in each task; None skips it, and an article left out stays open.
CHOICES: dict[str, list[str] | None] = {
    "n-1": ["Туризм"],
    "n-2": ["Автопром", "Туризм"],
    "n-3": [],
    "n-4": None,
}
LABELLED = {"n-1": ["tourism"], "n-2": ["automotive", "tourism"], "n-3": []}


@dataclass(frozen=True, slots=True)
class Server:
    """A running Label Studio."""

    address: str

    def call(self, method: str, path: str, body: object = None) -> bytes:
        """Call its API and return the answer; a refusal ends the run with its own words."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()[:2000]}")

    def json(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Call its API and return the JSON of the answer."""
        return json.loads(self.call(method, path, body))


@contextmanager
def running(command: str, data: Path) -> Iterator[Server]:
    """Start Label Studio, wait until it answers, and stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data / "server.log"
    arguments = ["start", "--no-browser", "--enable-legacy-api-token", "--data-dir", str(data)]
    arguments += ["--port", str(port), "--internal-host", "127.0.0.1"]
    own = {
        "LABEL_STUDIO_USERNAME": USER,
        "LABEL_STUDIO_PASSWORD": "only-on-loopback",
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "COLLECT_ANALYTICS": "False",
        "LATEST_VERSION_CHECK": "False",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [command, *arguments],
            env={**os.environ, **own},
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, address, log)
        yield Server(address)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    start = time.monotonic()
    while time.monotonic() - start < START_SECONDS:
        if process.poll() is not None:
            sys.exit(f"Label Studio ended with {process.returncode}:\n{_tail(log)}")
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
        except OSError:
            time.sleep(1)
        else:
            return
    sys.exit(f"Label Studio did not start in {START_SECONDS} s:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:])


def rubrika(*arguments: object) -> str:
    """Run a command of Rubrika and return what it told a person."""
    command = [sys.executable, "-m", "rubrika_train", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"rubrika {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stderr


def make_project(server: Server, folder: Path) -> int:
    """Make a project with our labelling page and our tasks; return its number."""
    page = (folder / "page.xml").read_text("utf-8")
    project = server.json("POST", "/api/projects", {"title": "Rubrika", "label_config": page})
    number: int = project["id"]
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    answer = server.json("POST", f"/api/projects/{number}/import", tasks)
    say(f"imported {answer['task_count']} tasks, {answer['prediction_count']} predictions")
    return number


def annotate(server: Server, project: int) -> None:
    """Annotate as a person would, one task skipped and one left alone."""
    tasks = server.json(
        "GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"
    )
    for task in tasks:
        article = task["data"]["ref_id"]
        if article not in CHOICES:
            continue
        chosen = CHOICES[article]
        value = {"choices": chosen}
        result = {"from_name": "themes", "to_name": "text", "type": "choices", "value": value}
        body = {"result": [result] if chosen else [], "was_cancelled": chosen is None}
        server.json("POST", f"/api/tasks/{task['id']}/annotations/", body)


def check_round_trip(server: Server, project: int, folder: Path) -> None:
    """Export in three formats, import each into a scratch folder twice, and check the labels.

    All three into one folder add nothing after the first.
    """
    together = write_annotations(folder / "annotations-together")
    for kind, suffix, query in (
        ("JSON", "json", "&download_all_tasks=true"),
        ("JSON_MIN", "json", ""),
        ("CSV", "csv", ""),
    ):
        path = f"/api/projects/{project}/export?exportType={kind}{query}"
        file = folder / f"{kind}.{suffix}"
        file.write_bytes(server.call("GET", path))
        scratch = write_annotations(folder / f"annotations-{kind}")
        before = (scratch / "labels.jsonl").read_bytes()
        first = rubrika("labels", "import", file, "--annotations", scratch)
        after = (scratch / "labels.jsonl").read_bytes()
        expect(kind, after.startswith(before), "a line that was there has changed")
        lines = [json.loads(line) for line in after[len(before) :].splitlines()]
        found = {line["id"]: sorted(line["themes"]) for line in lines}
        expect(kind, found == LABELLED, f"labels are {found}")
        expect(kind, all(line["labelled_at"][:2] == "20" for line in lines), "no date")
        second = rubrika("labels", "import", file, "--annotations", scratch)
        expect(kind, "0 added, 0 updated, 3 unchanged" in second, second)
        texts = {
            one["id"]: one["text"]
            for one in map(json.loads, (scratch / "articles.jsonl").read_text("utf-8").splitlines())
        }
        for article in ARTICLES[:3]:
            expect(kind, texts[str(article["id"])] == article["text"], "a text has changed")
        rubrika("labels", "check", scratch)
        again = rubrika("labels", "import", file, "--annotations", together)
        expect(kind, kind == "JSON" or "0 added, 0 updated, 3 unchanged" in again, again)
        annotators = ", ".join(sorted({line["annotator"] for line in lines}))
        say(f"{kind}: {' '.join(first.split())} (annotator {annotators})")


def check_labelled_tasks(server: Server, folder: Path) -> None:
    """Import our own labelled tasks and export them again: the labels must be the same."""
    project = make_project(server, folder / "labelled")
    path = f"/api/projects/{project}/export?exportType=JSON"
    file = folder / "labelled" / "back.json"
    file.write_bytes(server.call("GET", path))
    scratch = folder / "labelled" / "annotations"
    said = rubrika("labels", "import", file, "--annotations", scratch, "--annotator", "first")
    expect("labelled tasks", "0 added, 0 updated, 48 unchanged" in said, said)
    say(f"labelled tasks: {' '.join(said.split())}")


def expect(what: str, holds: bool, message: str) -> None:
    if not holds:
        sys.exit(f"{what}: {message}")


def say(message: str) -> None:
    sys.stdout.write(f"{message}\n")


def main(command: str) -> None:
    """Go all the way round."""
    folder = Path(tempfile.mkdtemp(prefix="rubrika-label-studio-"))
    try:
        annotations = write_annotations(folder / "annotations")
        new = write_jsonl(folder / "new.jsonl", ARTICLES)
        export = ("labels", "export", annotations, "--format", "label-studio")
        page = ("--config-out", folder / "page.xml")
        rubrika(*export, "--data", new, "--suggest", "-o", folder / "tasks.json", *page)
        labelled = folder / "labelled"
        write_annotations(labelled / "annotations")
        shutil.copy(folder / "page.xml", labelled)
        rubrika(*export, "-o", labelled / "tasks.json")
        data = folder / "server"
        data.mkdir()
        with running(command, data) as server:
            say(f"Label Studio {server.json('GET', '/api/version')['release']}")
            project = make_project(server, folder)
            annotate(server, project)
            check_round_trip(server, project, folder)
            check_labelled_tasks(server, folder)
        say("the round trip holds")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
