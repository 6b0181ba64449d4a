"""rubrika tune."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli import keeping
from rubrika_train.cli.app import ForceOption, app, command, tagger_folder
from rubrika_train.cli.keeping import PromoteOption

if TYPE_CHECKING:
    from rubrika_train.evaluation import ThemeEvaluation
    from rubrika_train.tuning import Tuned


@app.command()
@command
def tune(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL",
            help='Folder of a tagger; "shipped" is the one that ships with Rubrika.',
            callback=tagger_folder,
        ),
    ],
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="JSONL of id, text, labels, disputed.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for the tuned tagger, or a registry, which gets one version more. "
            "If not given: the registry that MODEL is, or else ./tuned.",
        ),
    ] = None,
    goal: Annotated[
        str | None,
        typer.Option(
            "--target",
            "-t",
            help="f1, precision=0.9 or recall=0.9. If not given: what MODEL was made for.",
        ),
    ] = None,
    promote: PromoteOption = False,
    force: ForceOption = False,
) -> None:
    """Fit a tagger's probabilities and thresholds to a labelled sample of your own articles.

    Example: rubrika tune my-tagger labelled.jsonl -o tuned
    """
    from rubrika_train import console, targets, tuning

    target = keeping.target(output, model, Path("tuned"))
    keeping.refuse_unfree(target, promote=promote, force=force)
    wanted = targets.parse(goal) if goal is not None else None
    with console.steps() as progress:
        tuned = tuning.tune(model, data, wanted, progress)
    # Before anything is printed: a reader who closes the pipe loses no tagger.
    kept = keeping.keep(tuned, target, promote=promote)
    _print(tuned)
    for warning in tuned.warnings:
        console.warn(warning)
    console.note(
        f"Tuned to {tuned.after.articles:,} articles for {tuned.target}; "
        "what is after is cross-fitted"
    )
    console.note(kept)


def _print(tuned: Tuned) -> None:
    from rubrika_train.tables import print_table, with_interval

    names = ("support", "threshold", "precision", "recall", "F1 before", "F1 after")
    print_table("theme", names, _rows(tuned))
    sys.stdout.write("\n")
    print_table(
        "over all",
        ("before, 95 %", "after, 95 %"),
        (
            [
                name,
                with_interval(getattr(tuned.before, key), tuned.before.intervals[key], digits=3),
                with_interval(getattr(tuned.after, key), tuned.after.intervals[key], digits=3),
            ]
            for key, name in _OVERALL.items()
        ),
    )


_OVERALL = {
    "f1_macro": "macro-F1",
    "f1_micro": "micro-F1",
    "precision_micro": "precision, all tags",
    "recall_micro": "recall, all tags",
    "f1_by_article": "F1 by article",
    "ece": "calibration error",
}


def _rows(tuned: Tuned) -> Iterator[list[str]]:
    for theme, new in tuned.after.themes.items():
        old = tuned.before.themes[theme]
        yield [
            theme,
            str(new.support),
            _moved(old.threshold, new.threshold),
            _moved(old.precision, new.precision),
            _moved(old.recall, new.recall),
            _bounded(old),
            _bounded(new),
        ]


def _moved(old: float | None, new: float | None) -> str:
    return f"{_short(old)}→{_short(new)}"


def _bounded(own: ThemeEvaluation) -> str:
    bounds = own.intervals["f1"]
    return f"{_short(own.f1)} {bounds.low:.2f}–{bounds.high:.2f}" if bounds else _short(own.f1)


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
