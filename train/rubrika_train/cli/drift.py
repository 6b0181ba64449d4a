"""rubrika drift."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli.app import ModelOption, TextColumnOption, app, command

if TYPE_CHECKING:
    from rubrika_train.drift import Drift, Share
    from rubrika_train.lemma_shifts import Shift


class Format(StrEnum):
    """How drift is written."""

    TABLE = "table"
    JSON = "json"


@app.command()
@command
def drift(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Articles: a file or folder, as for predict.")
    ],
    model: ModelOption = None,
    reference: Annotated[
        Path, typer.Option(help="What to compare with: articles, or a folder of annotations.")
    ] = Path("annotations"),
    format: Annotated[Format, typer.Option(help="How to write it.")] = Format.TABLE,
    text_column: TextColumnOption = "text",
) -> None:
    """Say how far articles have moved from those that a tagger was made of.

    Example: rubrika drift this-month.jsonl
    """
    from rubrika_train import console
    from rubrika_train import drift as drifting

    with console.steps() as progress:
        found = drifting.drift(model, data, reference, progress, text_column)
    if format is Format.JSON:
        import orjson

        typer.echo(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(found, reference)


def _print(found: Drift, reference: Path) -> None:
    from rubrika_train.tables import print_table

    print_table(
        "theme",
        ("of these articles, 95 %", "of the training's, 95 %", ""),
        (
            [theme, _percent(rate.now), _percent(rate.training), "differs" if rate.differs else ""]
            for theme, rate in found.rates.items()
        ),
    )
    for title, shifts in (("more often", found.more), ("more rarely", found.fewer)):
        if shifts:
            typer.echo()
            names = ("of these articles", "of the reference's", "log-odds", "z")
            print_table(f"lemmas {title}", names, _lemmas(shifts))
    typer.echo()
    print_table(
        f"{found.articles:,} articles, {found.reference:,} of {reference}",
        ("value, 95 %",),
        (
            ["known words, of these articles", _percent(found.known)],
            ["known words, of the reference", _percent(found.known_reference)],
            ["words, median of these articles", f"{found.words:,.0f}"],
            ["words, median of the reference", f"{found.words_reference:,.0f}"],
            ["told apart (AUC; 0.5 is not at all)", _decimal(found.auc)],
        ),
    )
    typer.echo()
    for advice in found.advice:
        typer.echo(f"- {advice}")


def _lemmas(shifts: Sequence[Shift]) -> list[list[str]]:
    return [
        [
            one.lemma,
            f"{one.now:.1%}",
            f"{one.reference:.1%}",
            f"{one.log_odds:+.2f}",
            f"{one.z:+.1f}",
        ]
        for one in shifts
    ]


def _percent(share: Share | None) -> str:
    if share is None:
        return "–"
    bounds = share.interval
    return f"{share.value:.1%}" + (f" {bounds.low:.1%}–{bounds.high:.1%}" if bounds else "")


def _decimal(share: Share) -> str:
    bounds = share.interval
    return f"{share.value:.2f}" + (f" {bounds.low:.2f}–{bounds.high:.2f}" if bounds else "")
