"""rubrika train."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli import keeping
from rubrika_train.cli.app import (
    EXIT_GATE,
    AnnotationsArgument,
    ForceOption,
    JobsOption,
    app,
    command,
    tagger_folder,
)
from rubrika_train.cli.keeping import PromoteOption

if TYPE_CHECKING:
    from rubrika_train.searching import Found
    from rubrika_train.updating import Verdict


@app.command()
@command
def train(
    folder: AnnotationsArgument = Path("annotations"),
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for the tagger, or a registry, which gets one version more. "
            "If not given: the registry of --update, or else ./tagger.",
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="TOML file of settings.")
    ] = None,
    override: Annotated[
        list[str] | None, typer.Option("--set", help="A setting, as key=value; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the folds.")] = None,
    update: Annotated[
        Path | None,
        typer.Option(
            "--update",
            "-u",
            metavar="MODEL",
            help='The tagger in use, or a registry, or "shipped": its settings are kept; where the '
            "new one is worse, nothing is written, and the exit code is 3.",
            callback=tagger_folder,
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", "-d", help="With --update: compare on this JSONL file as well."),
    ] = None,
    search: Annotated[
        bool,
        typer.Option(
            "--search",
            help="First try 18 points of features.likeness, features.topics and classifier.C, and "
            "train with the best; takes as long as some ten trainings.",
        ),
    ] = False,
    promote: PromoteOption = False,
    jobs: JobsOption = 1,
    force: ForceOption = False,
) -> None:
    """Train a tagger on labelled articles.

    Example: rubrika train annotations -o my-tagger
    """
    if data and not update:
        raise typer.BadParameter("is for --update; see also rubrika evaluate", param_hint="--data")
    target = keeping.target(output, update, Path("tagger"))
    keeping.refuse_unfree(target, promote=promote, force=force)
    from rubrika import bundle
    from rubrika_train import (
        annotations,
        console,
        searching,
        settings,
        training,
        training_plan,
        updating,
    )

    manifest = bundle.read_manifest(update or bundle.RELEASED)
    chosen = settings.read(
        config,
        [*(override or ()), *([f"seed={seed}"] if seed is not None else ())],
        settings.stored(manifest) if update else None,
    )
    labelled = annotations.read(folder)
    plan = training_plan.plan_training(labelled, chosen, manifest)
    for line in plan.lines():
        console.note(line)
    if update and not data and (hopeless := updating.foreseen(plan)):
        _report(hopeless, update)
    with console.steps() as progress:
        found = searching.search(labelled, chosen, jobs, progress) if search else None
        trained = training.train(labelled, found.settings if found else chosen, jobs, progress)
        trained = found.honest(trained) if found else trained
        verdict = updating.judge(update, trained, data, progress) if update else None
    if update:
        trained = updating.descended(trained, update)
    # Before anything is printed: a reader who closes the pipe loses no tagger.
    refused = verdict is not None and verdict.refusal is not None
    kept = "" if refused else keeping.keep(trained, target, promote=promote)
    if found:
        _print_search(found)
    console.print_evaluation(trained.evaluation)
    for warning in trained.warnings:
        console.warn(warning)
    if update and verdict:
        _report(verdict, update)
    console.note(f"Figures are cross-validated{', the search nested in it' if found else ''}")
    console.note(kept)


def _print_search(found: Found) -> None:
    """Print every point of the grid, and which one was taken."""
    from rubrika_train import tables

    tables.print_table(
        "features.likeness",
        ("features.topics", "classifier.C", "mean average precision", "chosen by folds", ""),
        (
            (
                f"{one.point.likeness:g}",
                f"{one.point.topics:g}",
                f"{one.point.C:g}",
                tables.figure(one.average_precision),
                str(one.chosen_by),
                "taken" if one.point == found.best else "",
            )
            for one in found.tried
        ),
    )
    tables.output().print()


def _report(verdict: Verdict, update: Path) -> None:
    """Say what was compared with what; exit where the new tagger may not replace the old one."""
    from rubrika_train import console

    for check in verdict.checks:
        console.note(f"\nOld and new on {check.articles}: {check.fairness}.")
        console.print_comparison(check.comparison)
    for remark in verdict.remarks:
        console.warn(remark)
    if verdict.refusal:
        typer.echo(
            f"Refused: {verdict.refusal}; nothing was written, {update} is as it was", err=True
        )
        raise typer.Exit(EXIT_GATE)
    console.note(f"The new tagger is not worse than {verdict.old}: no loss is real")
