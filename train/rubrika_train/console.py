"""What people see: tables on standard output, progress and warnings on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rubrika_train.agreement import Agreement, Estimate
    from rubrika_train.auditing import Audit
    from rubrika_train.describing import Description
    from rubrika_train.doubts import Contradiction
    from rubrika_train.evaluation import Evaluation

_PLAIN_WIDTH = 100
_DOUBT_CHARACTERS = 200


def _console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, highlight=False, width=None if stream.isatty() else _PLAIN_WIDTH)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Show what a long command does now; on a terminal only."""
    console = _console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step: bar.update(task, description=step)


def print_evaluation(evaluation: Evaluation) -> None:
    """Print a table by theme and the figures over all."""
    console = _console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theme")
    for name in ("support", "precision", "recall", "F1", "avg. precision", "threshold"):
        table.add_column(name, justify="right")
    for theme, own in evaluation.themes.items():
        figures = (own.precision, own.recall, own.f1, own.average_precision, own.threshold)
        table.add_row(theme, str(own.support), *map(_figure, figures))
    console.print(table)
    console.print()
    over_all = Table.grid(padding=(0, 3))
    for name, value in (
        ("macro-F1", evaluation.f1_macro),
        ("micro-F1", evaluation.f1_micro),
        ("mean average precision", evaluation.average_precision_macro),
        ("F1 by article", evaluation.f1_by_article),
        ("exact match", evaluation.exact_match),
        ("precision of “no theme”", evaluation.none_precision),
        ("recall of “no theme”", evaluation.none_recall),
    ):
        over_all.add_row(name, _figure(value))
    over_all.add_row("articles", f"{evaluation.articles:,}")
    console.print(over_all)


def print_counts(title: str, counts: Iterable[tuple[str, str, int]]) -> None:
    """Print a table of theme ids, titles and how many articles have them."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theme")
    table.add_column("title")
    table.add_column(title, justify="right")
    for theme, name, count in counts:
        table.add_row(theme, name, f"{count:,}")
    _console().print(table)


def print_themes(rows: Iterable[tuple[str, str, list[str]]]) -> None:
    """Print theme ids, titles and their strongest lemmas."""
    table = Table(
        "theme", "title", "strongest lemmas", box=None, pad_edge=False, header_style="bold"
    )
    for theme, title, words in rows:
        table.add_row(theme, title, ", ".join(words))
    _console().print(table)


def print_doubts(doubts: Iterable[Contradiction], texts: Mapping[str, str]) -> None:
    """Print labels that a tagger doubts, with the beginning of each article."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    for name in ("article", "label", "probability", "text"):
        table.add_column(name)
    for one in doubts:
        label = one.theme if one.given else f"not {one.theme}"
        text = Text(" ".join(texts[one.article].split())[:_DOUBT_CHARACTERS])
        table.add_row(one.article, label, f"{one.probability:.2f}", text)
    _console().print(table)


def print_audit(audit: Audit, texts: Mapping[str, str]) -> None:
    """Print doubtful labels and who gave them; the words against them over each article."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    table.add_column("label", no_wrap=True)
    table.add_column("probability", justify="right")
    table.add_column("words against it, and the article")
    for doubt in audit.doubts:
        one = doubt.label
        label = one.theme if one.given else f"not {one.theme}"
        start = " ".join(texts[one.article].split())[:_DOUBT_CHARACTERS]
        table.add_row(
            f"[bold]{escape(one.article)}[/bold]\n{label}\n{escape(', '.join(doubt.annotators))}",
            f"{one.probability:.2f}",
            f"[bold]{escape(', '.join(doubt.words))}[/bold]\n{escape(start)}",
        )
    _console().print(table)


def print_description(description: Description) -> None:
    """Print what annotations are made of, a line a kind of count."""
    console = _console()
    for name, counts in (
        ("articles by number of themes", description.by_themes),
        ("by length in words", description.by_length),
        ("by genre", description.by_genre),
        ("by year", description.by_year),
        (f"by region ({len(description.by_region)})", description.by_region),
    ):
        listed = ", ".join(f"{kind}: {count:,}" for kind, count in counts.items())
        console.print(f"[bold]{name}[/bold]\n{escape(listed)}\n")


def print_agreement(agreement: Agreement) -> None:
    """Print the agreement of two annotators by theme and over all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theme")
    for name in ("kappa", "95 % interval"):
        table.add_column(name, justify="right")
    for theme, estimate in agreement.kappas.items():
        table.add_row(theme, _figure(estimate.value), _interval(estimate))
    table.add_row("alpha (MASI)", _figure(agreement.alpha.value), _interval(agreement.alpha))
    console = _console()
    console.print(table)
    one, other = agreement.annotators
    console.print(
        f"{one} and {other}: {agreement.articles:,} articles, {len(agreement.disputed):,} disputed"
    )


def print_disputed(agreement: Agreement) -> None:
    """Print the articles where two annotators differ, with what only one of them said."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    one, other = agreement.annotators
    for name in ("article", f"only {one}", f"only {other}"):
        table.add_column(name)
    for article, (own, others) in agreement.disputed.items():
        table.add_row(article, ", ".join(sorted(own - others)), ", ".join(sorted(others - own)))
    _console().print(table)


def warn(message: str) -> None:
    """Print a warning on standard error."""
    sys.stderr.write(f"Warning: {message}\n")


def note(message: str) -> None:
    """Print a remark on standard error."""
    sys.stderr.write(f"{message}\n")


def _interval(estimate: Estimate) -> str:
    return "–" if estimate.low is None else f"{estimate.low:.3f}–{estimate.high:.3f}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
