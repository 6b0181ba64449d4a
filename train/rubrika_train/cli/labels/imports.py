"""rubrika labels import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli.app import TextColumnOption, articles, command, labels_app
from rubrika_train.cli.labels.options import ReadOption

if TYPE_CHECKING:
    from rubrika_train.planning import Plan


@labels_app.command("import")
@command
def labels_import(
    file: Annotated[Path, typer.Argument(help="File from another tool.")],
    annotations: Annotated[
        Path, typer.Option("--annotations", "-a", help="Folder of annotations to add to.")
    ] = Path("annotations"),
    format: ReadOption = None,
    annotator: Annotated[
        str | None, typer.Option(help="Whose labels these are; else as the file says.")
    ] = None,
    final: Annotated[
        bool, typer.Option("--final", help="These labels decide over all others.")
    ] = False,
    new_themes: Annotated[
        bool, typer.Option("--new-themes", help="Add unknown themes to themes.toml.")
    ] = False,
    field: Annotated[
        str | None, typer.Option(help="Control, question or column that holds the themes.")
    ] = None,
    text_column: TextColumnOption = "text",
    encoding: Annotated[str, typer.Option(help="Encoding of tables and lines.")] = "auto",
    empty_is_none: Annotated[
        bool,
        typer.Option("--empty-is-none", help="No label means no theme, not that nobody looked."),
    ] = False,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="A person checked tags that Rubrika gave.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be added, and write nothing.")
    ] = False,
) -> None:
    """Add labels from Label Studio, doccano, Prodigy, Argilla, fastText or a table.

    Example: rubrika labels import export.json --annotations annotations
    """
    from rubrika_train.exchange.records import Reading
    from rubrika_train.importing import import_labels, refuse_problems
    from rubrika_train.planning import Asked

    plan = import_labels(
        annotations,
        file,
        Reading(field, text_column, encoding, confirmed, empty_is_none),
        Asked(annotator, final, new_themes),
        format,
        dry_run=dry_run,
    )
    for problem in (*plan.unknown, *plan.conflicts):
        typer.echo(problem, err=True)
    refuse_problems(plan, file)
    _report(plan, dry_run=dry_run)


def _report(plan: Plan, *, dry_run: bool) -> None:
    from rubrika_train import console
    from rubrika_train.planning import Outcome

    counts = ", ".join(f"{plan.outcomes.get(one, 0):,} {one}" for one in Outcome)
    console.note(f"{'Would import' if dry_run else 'Imported'} judgements: {counts}, 0 conflicting")
    if plan.articles:
        console.note(f"{articles(len(plan.articles))} added")
    for theme in plan.themes:
        console.note(
            f"theme {theme.id} ({theme.ru}) added; judgements before {theme.since} say nothing of "
            "it unless they name it; write its definition in themes.toml"
        )
    if plan.skipped or plan.unlabelled:
        console.note(f"left out: {plan.skipped:,} skipped, {plan.unlabelled:,} unlabelled")
    if plan.empty:
        console.note(
            f"{articles(plan.empty)} without a label may be without a theme: "
            "--empty-is-none says that they are"
        )
    if plan.overruled:
        console.warn(
            f"{articles(plan.overruled)} among these have a final judgement of somebody else, "
            "which goes before; --final lets these decide"
        )
