"""rubrika labels audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rubrika_train.cli.app import AnnotationsArgument, JobsOption, articles, command, labels_app
from rubrika_train.cli.labels.options import PageOption, Written, check_page


@labels_app.command("audit")
@command
def labels_audit(
    folder: AnnotationsArgument = Path("annotations"),
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many labels.")] = 50,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for their articles, to be labelled afresh."),
    ] = None,
    format: Annotated[
        Written, typer.Option("--format", help="Format of that file.")
    ] = Written.LABEL_STUDIO,
    page: PageOption = None,
    jobs: JobsOption = 1,
) -> None:
    """Show labels that taggers which never saw them contradict, with the words against them.

    Example: rubrika labels audit annotations -n 50 -o again.json
    """
    from rubrika_train import console, exporting
    from rubrika_train.annotations import read
    from rubrika_train.auditing import audit
    from rubrika_train.files import refuse_overlap

    check_page(page, format)
    refuse_overlap([path for path in (output, page) if path], [])
    annotations = read(folder)
    with console.steps() as progress:
        found = audit(annotations, count, jobs=jobs, progress=progress)
    by_id = {article.id: article for article in annotations.articles}
    console.print_audit(found, {name: by_id[name].full_text for name in found.articles})
    console.note(
        f"{found.contradicted:,} of {found.labels:,} labels are contradicted; "
        f"{len(found.doubts):,} shown"
    )
    if output:
        items = exporting.unjudged_items(by_id[name] for name in found.articles)
        exporting.write(output, format, items, annotations.themes)
        console.note(f"{articles(len(items))} written to {output}, without their labels")
    if page:
        exporting.write_page(page, annotations.themes)
