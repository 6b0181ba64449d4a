"""rubrika predict."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from rubrika_train.cli.app import EXIT_REJECTED, JobsOption, ModelOption, app, articles, command

if TYPE_CHECKING:
    from rubrika_train.inputs import Reject
    from rubrika_train.predicting import Summary


class Format(StrEnum):
    """What predictions are written as."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


class OnError(StrEnum):
    """What to do at a row that holds no article."""

    FAIL = "fail"
    SKIP = "skip"


@app.command()
@command
def predict(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Files, folders, or - for stdin.")
    ],
    model: ModelOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; else stdout.")
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="A table on a terminal, JSONL elsewhere, if not given.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", "-t", min=0, max=1, help="One threshold for all themes."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-l", min=1, help="At most so many tags.")
    ] = None,
    theme: Annotated[
        list[str] | None, typer.Option(help="Only this theme; may be repeated.")
    ] = None,
    exclude_theme: Annotated[
        list[str] | None, typer.Option(help="Not this theme; may be repeated.")
    ] = None,
    text_column: Annotated[str, typer.Option(help="Field that holds the text.")] = "text",
    encoding: Annotated[str, typer.Option(help="Encoding of plain text files.")] = "auto",
    on_error: Annotated[
        OnError, typer.Option(help="At a broken row: stop, or skip it.")
    ] = OnError.FAIL,
    rejects: Annotated[
        Path | None, typer.Option(help="File for the rows skipped, with reasons.")
    ] = None,
    jobs: JobsOption = 1,
) -> None:
    """Tag articles from files, folders or standard input.

    Example: rubrika predict articles.jsonl -o tagged.jsonl
    """
    from rubrika import load
    from rubrika_train import inputs as rows_of
    from rubrika_train.files import refuse_overlap
    from rubrika_train.outputs import WRITERS
    from rubrika_train.predicting import Narrowing, Summary, fail
    from rubrika_train.predicting import predict as predictions_of

    if rejects and on_error is OnError.FAIL:
        raise typer.BadParameter("wants --on-error skip", param_hint="--rejects")
    if threshold is not None and math.isnan(threshold):
        raise typer.BadParameter("wants a number", param_hint="--threshold")
    read = [Path(name) for name in rows_of.files(inputs) if name != rows_of.STDIN]
    refuse_overlap([path for path in (output, rejects) if path], read)
    tagger = load(model)
    narrowing = Narrowing(threshold, limit, tuple(theme or ()), tuple(exclude_theme or ()))
    rows = rows_of.read(inputs, rows_of.Reading(text_column=text_column, encoding=encoding))
    summary = Summary()
    to_terminal = output is None and sys.stdout.isatty()
    write = WRITERS[format or (Format.TABLE if to_terminal else Format.JSONL)]
    with _rejecting(rejects) as note_reject, writing(output) as file:
        on_reject = fail if on_error is OnError.FAIL else note_reject
        write(predictions_of(tagger, rows, narrowing, on_reject, summary, jobs), tagger, file)
    _report(summary, rejects)


@contextmanager
def writing(output: Path | None) -> Iterator[BinaryIO]:
    """Open a file to write that replaces the old one at the end, or standard output."""
    from rubrika_train.files import replacing

    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(output) as file:
            yield file


@contextmanager
def _rejecting(path: Path | None) -> Iterator[Callable[[Reject], None]]:
    import orjson

    from rubrika_train.files import replacing

    if path is None:
        yield lambda reject: typer.echo(f"Skipped: {reject.message}", err=True)
        return
    with replacing(path) as file:

        def write(reject: Reject) -> None:
            line = {"origin": reject.origin, "reason": reject.reason, "row": reject.raw}
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

        yield write


def _report(summary: Summary, rejects: Path | None) -> None:
    from rubrika.decision import Status

    foreign = summary.statuses[Status.WRONG_LANGUAGE]
    if foreign:
        typer.echo(f"Warning: {articles(foreign)} not in Russian: left without a theme", err=True)
    if summary.rejected:
        place = f", written to {rejects}" if rejects else ""
        typer.echo(
            f"{articles(summary.articles)} done, {summary.rejected} skipped{place}", err=True
        )
        raise typer.Exit(EXIT_REJECTED)
