"""rubrika predict."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from rubrika_train.cli.app import (
    EXIT_REJECTED,
    EncodingOption,
    JobsOption,
    ModelOption,
    TextColumnOption,
    app,
    articles,
    command,
)
from rubrika_train.cli.theme_options import check_themes

if TYPE_CHECKING:
    from rubrika_train.inputs import Reading, Reject, Row
    from rubrika_train.predicting import Narrowing, Summary
    from rubrika_train.resuming import Origin


_WORKBOOKS = (".xlsx", ".xls")


class Format(StrEnum):
    """What predictions are written as."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


class OnError(StrEnum):
    """What to do at a row that holds no article."""

    FAIL = "fail"
    SKIP = "skip"


@app.command()
@command
def predict(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT", help="Files, folders, quoted patterns such as 'news/**/*.html', or -."
        ),
    ],
    model: ModelOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, .gz and .zst compressed; else stdout."),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(help="If not given: what -o is named; a table on a terminal; JSONL."),
    ] = None,
    excel: Annotated[
        bool,
        typer.Option(
            "--excel", help="CSV as a Russian Excel opens it: UTF-8 with its mark, ; and 0,97."
        ),
    ] = False,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            "--threshold",
            "-t",
            metavar="NUMBER or THEME=NUMBER",
            help="For all themes, or for one; may be repeated.",
        ),
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
    text_column: TextColumnOption = "text",
    encoding: EncodingOption = "auto",
    on_error: Annotated[
        OnError, typer.Option(help="At a broken row: stop, or skip it.")
    ] = OnError.FAIL,
    rejects: Annotated[
        Path | None, typer.Option(help="File for the rows skipped, with reasons.")
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Keep what is done in OUT.part; after an interruption the same command goes on.",
        ),
    ] = False,
    jobs: JobsOption = 1,
) -> None:
    """Tag articles from files, folders or standard input.

    Example: rubrika predict articles.jsonl -o tagged.jsonl
    """
    from rubrika import load
    from rubrika_train import inputs as rows_of
    from rubrika_train.outputs import FORMATS
    from rubrika_train.predicting import Narrowing, Summary, fail
    from rubrika_train.predicting import predict as predictions_of

    if rejects and on_error is OnError.FAIL:
        raise typer.BadParameter("wants --on-error skip", param_hint="--rejects")
    narrowing = Narrowing(
        *_thresholds(threshold or ()), limit, tuple(theme or ()), tuple(exclude_theme or ())
    )
    named = _format(format, output, excel=excel)
    if resume:
        _check_resumable(inputs, output, named)
    write = FORMATS[named].writer()
    _refuse_overlap(inputs, output, rejects, resume=resume)
    tagger = load(model)
    check_themes("--threshold", narrowing.thresholds, tagger.themes)
    check_themes("--theme", narrowing.themes, tagger.themes)
    check_themes("--exclude-theme", narrowing.excluded, tagger.themes)
    reading = rows_of.Reading(text_column=text_column, encoding=encoding)
    meter = rows_of.Meter()
    rows = rows_of.read(inputs, reading, meter)
    summary = Summary()
    with ExitStack() as stack:
        on_reject = stack.enter_context(_rejecting(rejects))
        if output is not None and resume:
            origin = _origin(inputs, tagger.version, narrowing, reading)
            file, rows = stack.enter_context(_resuming(output, origin, rows, summary))
        else:
            file = stack.enter_context(_compressing(output))
        if output is not None and sys.stderr.isatty():
            from rubrika_train.cli.bar import watched

            rows = stack.enter_context(watched(rows, inputs, meter))
        on_reject = fail if on_error is OnError.FAIL else on_reject
        write(predictions_of(tagger, rows, narrowing, on_reject, summary, jobs), tagger, file)
    _report(summary, rejects)


def _thresholds(given: Sequence[str]) -> tuple[float | None, dict[str, float]]:
    """Return the threshold of all themes, if one is given, and those of single themes."""
    everywhere: list[float] = []
    single: dict[str, float] = {}
    for word in given:
        theme, named, number = word.rpartition("=")
        if named and theme in single:
            raise typer.BadParameter(f"{theme} is named twice", param_hint="--threshold")
        single |= {theme: _number(word, number)} if named else {}
        everywhere += [] if named else [_number(word, number)]
    if len(everywhere) > 1:
        raise typer.BadParameter("one number for all themes", param_hint="--threshold")
    return (everywhere[0] if everywhere else None), single


def _number(word: str, number: str) -> float:
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        wanted = f"{word!r} is no number from 0 to 1, such as 0.7, and no theme=number"
        raise typer.BadParameter(wanted, param_hint="--threshold")
    return value


def _format(format: Format | None, output: Path | None, *, excel: bool) -> str:
    """Return the name of the format to write, in the table of formats."""
    from rubrika_train.outputs import WRITABLE, format_of

    if excel:
        if format not in (None, Format.CSV):
            raise typer.BadParameter("writes CSV; leave out --format", param_hint="--excel")
        if output is not None and output.suffix.lower() in _WORKBOOKS:
            raise typer.BadParameter(
                f"{output}: Excel opens no CSV by that name; write {output.with_suffix('.csv')}",
                param_hint="--output",
            )
        return "excel"
    if format is None and output is None and sys.stdout.isatty():
        return Format.TABLE
    named = format or format_of(output)
    if named is None:
        raise typer.BadParameter(
            f"{output} has an ending of no format; endings are {WRITABLE}; or name the --format",
            param_hint="--output",
        )
    return named


def _check_resumable(inputs: Sequence[str], output: Path | None, format: str) -> None:
    from rubrika_train.inputs import STDIN
    from rubrika_train.inputs.kinds import suffixes

    problem = None
    if output is None or (output.exists() and not output.is_file()):
        problem = "wants -o with the name of a file"
    elif format != Format.JSONL or suffixes(output.name)[1]:
        problem = "goes on with JSON Lines only, not compressed"
    elif STDIN in inputs:
        problem = "cannot read standard input again; give files"
    if problem:
        raise typer.BadParameter(problem, param_hint="--resume")


def _refuse_overlap(
    inputs: Sequence[str], output: Path | None, rejects: Path | None, *, resume: bool
) -> None:
    from rubrika_train.files import refuse_overlap
    from rubrika_train.inputs import paths

    written = [path for path in (output, rejects) if path]
    if output and resume:
        from rubrika_train import resuming

        written += resuming.paths(output)
    refuse_overlap(written, paths(inputs))


def _origin(inputs: Sequence[str], tagger: str, narrowing: Narrowing, reading: Reading) -> Origin:
    from dataclasses import asdict

    from rubrika import __version__
    from rubrika_train.inputs import files
    from rubrika_train.resuming import origin

    options = {"rubrika": __version__, **asdict(narrowing), **asdict(reading)}
    return origin(files(inputs), tagger, options)


@contextmanager
def _resuming(
    output: Path, origin: Origin, rows: Iterator[Row | Reject], summary: Summary
) -> Iterator[tuple[BinaryIO, Iterator[Row | Reject]]]:
    """Go on with the lines that are done, and say so."""
    from rubrika_train.resuming import remaining, resuming

    with resuming(output, origin) as resumed:
        summary.statuses += resumed.statuses
        if summary.articles:
            typer.echo(f"Going on: {articles(summary.articles)} done before", err=True)
        yield resumed.file, remaining(rows, summary.articles)


@contextmanager
def _compressing(output: Path | None) -> Iterator[BinaryIO]:
    """Open what `writing` does; compressed, where the name of the file says so."""
    from rubrika_train.inputs.kinds import suffixes

    compression = suffixes(output.name)[1] if output else ""
    with writing(output) as file:
        if not compression:
            yield file
            return
        from rubrika_train.compression import compressing

        with compressing(file, compression) as inner:
            yield inner


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
    from rubrika_train.files import replacing
    from rubrika_train.jsonlines import line_of

    if path is None:
        yield lambda reject: typer.echo(f"Skipped: {reject.message}", err=True)
        return
    with replacing(path) as file:

        def write(reject: Reject) -> None:
            line = {"origin": reject.origin, "reason": reject.reason, "row": reject.raw}
            file.write(line_of(line))

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
