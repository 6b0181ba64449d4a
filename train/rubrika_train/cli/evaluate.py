"""rubrika evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rubrika_train.cli.app import ModelOption, app, command


@app.command()
@command
def evaluate(
    data: Annotated[
        Path,
        typer.Argument(help="JSONL of id, text, labels, disputed; or a folder of annotations."),
    ],
    model: ModelOption = None,
    metrics_file: Annotated[
        Path | None, typer.Option("--metrics-file", help="JSON file for the figures.")
    ] = None,
) -> None:
    """Measure a tagger on labelled articles.

    Example: rubrika evaluate labelled.jsonl --metrics-file metrics.json
    """
    import orjson

    from rubrika import load
    from rubrika_train import console
    from rubrika_train.evaluation import evaluate_tagger
    from rubrika_train.files import replacing
    from rubrika_train.labelled import read_labelled

    tagger = load(model)
    evaluation = evaluate_tagger(tagger, read_labelled(data, tagger.themes))
    console.print_evaluation(evaluation)
    if metrics_file:
        with replacing(metrics_file) as file:
            file.write(
                orjson.dumps(
                    evaluation.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
                )
            )
