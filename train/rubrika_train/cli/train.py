"""rubrika train."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rubrika_train.cli.app import (
    AnnotationsArgument,
    ForceOption,
    JobsOption,
    app,
    command,
    refuse_to_overwrite,
)


@app.command()
@command
def train(
    folder: AnnotationsArgument = Path("annotations"),
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the tagger.")] = Path(
        "tagger"
    ),
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="TOML file of settings.")
    ] = None,
    override: Annotated[
        list[str] | None, typer.Option("--set", help="A setting, as key=value; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the folds.")] = None,
    jobs: JobsOption = 1,
    force: ForceOption = False,
) -> None:
    """Train a tagger on labelled articles.

    Example: rubrika train annotations -o my-tagger
    """
    from rubrika_train import annotations, console, settings, training

    refuse_to_overwrite(output, force=force)
    chosen = settings.read(
        config, [*(override or ()), *([f"seed={seed}"] if seed is not None else ())]
    )
    with console.steps() as progress:
        progress("reading annotations")
        trained = training.train(annotations.read(folder), chosen, jobs, progress)
        trained.save(output)
    console.print_evaluation(trained.evaluation)
    for warning in trained.warnings:
        console.warn(warning)
    console.note(
        f"Tagger {trained.tagger.version} written to {output}; figures are cross-validated"
    )
