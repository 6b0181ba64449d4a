"""Train and test the peers on the same articles as Rubrika: `python -m tests.benchmarks.peers`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rubrika_train.cli.app import command
from rubrika_train.console import steps
from rubrika_train.files import replacing
from tests.benchmarks import peers_results, peers_task
from tests.benchmarks.peers_results import Row, Section
from tests.benchmarks.peers_roster import PEERS, ROOT, Peer, Unavailable, environment, run
from tests.benchmarks.peers_table import render

BENCH = ROOT / ".bench"
RESULTS = Path(__file__).with_suffix(".json")
TABLE = Path(__file__).with_suffix(".md")
_OWN_TITLE = "A fifth of the annotations, near-duplicates kept on one side"

app = typer.Typer(add_completion=False)


def contend(peer: Peer, work: peers_task.Work, task: Path, bench: Path = BENCH) -> Row:
    """Install a peer, let it contend, and measure it; what hinders it becomes its row."""
    today = datetime.now(UTC).date().isoformat()
    outcome = task / f"{peer.key}.json"
    outcome.unlink(missing_ok=True)
    try:
        python = environment(peer, bench)
        run([str(python), *peer.command, str(task), str(outcome), peer.argument], "cannot be run")
    except Unavailable as hindrance:
        return Row(today, reason=str(hindrance))
    return peers_results.measure(json.loads(outcome.read_text("utf-8")), work, today)


def kept(stored: Section | None, sha256: str) -> dict[str, Row]:
    """Return the stored rows if they are of the same data."""
    return dict(stored.rows) if stored and stored.sha256 == sha256 else {}


def write_results(name: str, section: Section, results: Path, table: Path) -> None:
    """Put a section beside the stored ones, and write the figures and the page."""
    sections = {**peers_results.load(results), name: section}
    peers_results.store(results, sections)
    with replacing(table) as file:
        file.write(render(sections).encode())


def begin(work: peers_task.Work, data: Path | None, title: str, stored: Section | None) -> Section:
    """Return the section to fill: under the heading and command that it was stored with, if any."""
    name = f" DATA={shlex.quote(data.name)}" if data else ""
    return Section(
        title=title or (stored.title if stored else f"`{data.name}`" if data else _OWN_TITLE),
        command=stored.command if stored else f"make bench-peers{name}",
        sha256=work.sha256,
        train_articles=len(work.articles),
        test_articles=len(work.test_texts),
        rows=kept(stored, work.sha256),
    )


def _unknown(only: Collection[str]) -> str | None:
    known = [peer.key for peer in PEERS]
    strange = sorted(set(only) - set(known))
    return f"no peer {strange[0]!r}; peers are {', '.join(known)}" if strange else None


@app.command()
@command
def main(
    data: Annotated[
        Path | None, typer.Option(help="Labelled articles to test on; else a fifth of ANNOTATIONS.")
    ] = None,
    title: Annotated[str, typer.Option(help="Heading of the table.")] = "",
    annotations: Annotated[Path, typer.Option(help="What all learn from.")] = ROOT / "annotations",
    only: Annotated[
        list[str] | None, typer.Option(help="Run this peer alone; other rows stay as they are.")
    ] = None,
    autotune: Annotated[int, typer.Option(min=1, help="Seconds for fastText's search.")] = 300,
    results: Annotated[Path, typer.Option(help="Figures, as JSON.")] = RESULTS,
    table: Annotated[Path, typer.Option(help="The page, as Markdown.")] = TABLE,
) -> None:
    """Train and test peers on the same articles as Rubrika, and write a table."""
    if wrong := _unknown(only or ()):
        raise typer.BadParameter(wrong, param_hint="--only")
    work = peers_task.prepare(annotations, data)
    task = BENCH / "tasks" / work.name
    peers_task.write(work, annotations, task, autotune)
    section = begin(work, data, title, peers_results.load(results).get(work.name))
    with steps() as progress:
        for peer in PEERS:
            if not only or peer.key in only:
                progress(peer.title)
                row = contend(peer, work, task)
                section = replace(section, rows={**section.rows, peer.key: row})
                write_results(work.name, section, results, table)
                typer.echo(f"{peer.key}: {row.reason or f'macro-F1 {row.f1_macro:.3f}'}")


if __name__ == "__main__":
    app()
