"""What the shipped settings are worth, by changes of few; `make bench-quality`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from rubrika_train.annotations import read
from rubrika_train.cli.app import command
from rubrika_train.console import steps
from rubrika_train.evaluation import Evaluation, evaluate_tagger
from rubrika_train.files import replacing
from rubrika_train.labelled import read_labelled
from rubrika_train.settings import read as read_settings
from rubrika_train.tables import with_interval
from rubrika_train.training import train
from tests.benchmarks.peers_roster import ROOT

TABLE = Path(__file__).with_suffix(".md")
CROSS_VALIDATED = "`annotations/`, cross-validated"
# What is changed, and the settings that do it; all others have their shipped values.
ABLATIONS = (
    ("as shipped", ()),
    ("no lemma speaks for its like", ("features.likeness=0",)),
    ("a lemma speaks more for its like", ("features.likeness=1.0",)),
    ("topics say nothing", ("features.topics=0",)),
    ("pairs of topics say less", ("features.topics=0.3",)),
    ("pairs of topics say more", ("features.topics=0.9",)),
    ("plain lemmas", ("features.likeness=0", "features.topics=0")),
    ("new lemmas of two articles count", ("features.min_articles=2",)),
    ("stronger penalty", ("classifier.C=0.1",)),
    ("weaker penalty", ("classifier.C=1",)),
)
FIGURES = (("f1_macro", "macro-F1"), ("average_precision_macro", "mean average precision"))
TEXT = """\
# What each setting is worth

Written by `{command}`. Each row trains with the settings that it names, all else as shipped. The
folds keep near-duplicates together, and thresholds come from the other folds; articles from
elsewhere are never trained on and decide nothing. Each figure is followed by its 95 % interval:
rows whose intervals overlap widely are not told apart by these articles.

{table}
"""

app = typer.Typer(add_completion=False)


def table(titles: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table: what was changed, the setting, and two figures a title."""
    figures = [f"{title}: {name}" for title in titles for _, name in FIGURES]
    lines = [("changed", "setting", *figures), ("---",) * (2 + len(figures)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cells(evaluation: Evaluation) -> Iterator[str]:
    """Yield the figures of a row, each with its interval."""
    for key, _ in FIGURES:
        yield with_interval(getattr(evaluation, key), evaluation.intervals[key])


@app.command()
@command
def main(
    data: Annotated[
        Path | None, typer.Option(help="Labelled articles to measure on as well.")
    ] = None,
    title: Annotated[str, typer.Option(help="What the table calls them.")] = "",
    annotations: Annotated[Path, typer.Option(help="What is learnt from.")] = ROOT / "annotations",
    jobs: Annotated[int, typer.Option(min=1, help="Folds at the same time.")] = 2,
    output: Annotated[Path, typer.Option(help="The table.")] = TABLE,
) -> None:
    """Train with each setting changed in turn, and write the table of what that gave."""
    own = read(annotations)
    others = read_labelled(data, own.themes) if data else []
    titles = [CROSS_VALIDATED, *([title or f"`{data.name}`"] if data else [])]
    typed = f"make bench-quality{' DATA=labelled.jsonl' if data else ''}"
    rows: list[tuple[str, ...]] = []
    with steps() as progress:
        for changed, overrides in ABLATIONS:
            progress(changed)
            trained = train(own, read_settings(overrides=overrides), jobs)
            measured = [trained.evaluation]
            if others:
                measured.append(evaluate_tagger(trained.tagger, others))
            setting = ", ".join(f"`{override}`" for override in overrides)
            rows.append((changed, setting, *(cell for one in measured for cell in cells(one))))
            with replacing(output) as file:
                file.write(TEXT.format(command=typed, table=table(titles, rows)).encode())
    typer.echo(output.read_text("utf-8"))


if __name__ == "__main__":
    app()
