"""What people see: tables on standard output, progress and warnings on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from rubrika_train import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rubrika_train.agreement import Agreement, Estimate
    from rubrika_train.auditing import Audit
    from rubrika_train.changes import Change
    from rubrika_train.comparing import Comparison, Difference, McNemar
    from rubrika_train.describing import Description
    from rubrika_train.doubts import Contradiction
    from rubrika_train.evaluation import Evaluation

# Columns that the widest tables want.
_WIDE = 98
_DOUBT_CHARACTERS = 200
_CHANGE_WORDS = 3


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Show what a long command does now; on a terminal only."""
    console = tables.output(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step: bar.update(task, description=step)


# The figures over all in the order of their lines: key, name.
_OVERALL = (
    ("f1_macro", "macro-F1"),
    ("f1_micro", "micro-F1"),
    ("average_precision_macro", "mean average precision"),
    ("f1_by_article", "F1 by article"),
    ("exact_match", "exact match"),
    ("none_precision", "precision of “no theme”"),
    ("none_recall", "recall of “no theme”"),
    ("label_ranking_average_precision", "label ranking average precision"),
    ("hamming_loss", "Hamming loss"),
    ("brier", "Brier score, mean of themes"),
    ("ece", "calibration error, mean of themes"),
)


def print_evaluation(evaluation: Evaluation) -> None:
    """Print a table by theme and the figures over all, with their 95 % intervals."""
    console = tables.output()
    names = ("support", "precision", "recall", "F1, 95 %", "AP, 95 %", "threshold")
    shown = len(names) - (console.width < _WIDE)  # a narrow terminal does without the threshold
    table = tables.table("theme", *names[:shown])
    for theme, own in evaluation.themes.items():
        cells = (
            str(own.support),
            tables.figure(own.precision),
            tables.figure(own.recall),
            tables.with_interval(own.f1, own.intervals["f1"]),
            tables.with_interval(own.average_precision, own.intervals["average_precision"]),
            tables.figure(own.threshold),
        )
        table.add_row(Text(theme), *cells[:shown])
    console.print(table)
    console.print()
    over_all = Table.grid(padding=(0, 3))
    for key, name in _OVERALL:
        value, bounds = getattr(evaluation, key), evaluation.intervals[key]
        over_all.add_row(name, tables.with_interval(value, bounds, digits=3))
    over_all.add_row("articles", f"{evaluation.articles:,}")
    for status, count in (evaluation.statuses or {}).items():
        over_all.add_row(f"status {status}", f"{count:,}")
    console.print(over_all)


def print_breakdown(aspect: str, kinds: Mapping[str, Evaluation]) -> None:
    """Print the figures of each kind of article."""
    table = tables.table(
        aspect, "articles", "macro-F1, 95 %", "micro-F1, 95 %", "F1 by article, 95 %"
    )
    for kind, own in kinds.items():
        figures = (
            tables.with_interval(getattr(own, key), own.intervals[key])
            for key in ("f1_macro", "f1_micro", "f1_by_article")
        )
        table.add_row(Text(kind), f"{own.articles:,}", *figures)
    console = tables.output()
    console.print()
    console.print(table)


def print_comparison(comparison: Comparison) -> None:
    """Print the figures of two taggers and their differences."""
    console = tables.output()
    names = ("old F1", "new F1", "difference, 95 %", "p, Holm", "old:new right, p", "support")
    shown = len(names) - (console.width < _WIDE)
    table = tables.table("theme", *names[:shown])
    for theme, own in comparison.themes.items():
        cells = (
            tables.figure(own.f1.old),
            tables.figure(own.f1.new),
            _moved(own.f1),
            tables.figure(own.p_holm),
            _split(own.decisions),
            str(own.support),
        )
        table.add_row(Text(theme, style="bold red" if own.worse else ""), *cells[:shown])
    console.print(table)
    console.print()
    over_all = Table.grid(padding=(0, 3))
    for name, figure in (
        ("macro-F1", comparison.f1_macro),
        ("micro-F1", comparison.f1_micro),
        ("mean average precision", comparison.average_precision_macro),
    ):
        over_all.add_row(
            name, f"{tables.figure(figure.old)} → {tables.figure(figure.new)}", _moved(figure)
        )
    over_all.add_row("only old : only new right, p", _split(comparison.decisions))
    over_all.add_row("articles", f"{comparison.articles:,}")
    for name, themes in (("only old", comparison.only_old), ("only new", comparison.only_new)):
        if themes:
            over_all.add_row(f"themes that {name} has", Text(", ".join(themes)))
    console.print(over_all)


def print_changes(changes: Sequence[Change], limit: int) -> None:
    """Print the first changes, each with the words that moved it."""
    console = tables.output()
    counts = Counter(change.verdict for change in changes)
    listed = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items())
    console.print(f"\n{len(changes):,} tags changed{f': {listed}' if listed else ''}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("article", "tag", "", "probability", "threshold", "words, in log-odds"):
        table.add_column(name)
    for change in changes[:limit]:
        words = ", ".join(f"{lemma} {moved:+.1f}" for lemma, moved in change.words[:_CHANGE_WORDS])
        table.add_row(
            Text(change.id),
            Text(f"{'+' if change.given else '−'} {change.theme}"),
            change.verdict,
            f"{change.old_probability:.2f} → {change.new_probability:.2f}",
            f"{change.old_threshold:.2f} → {change.new_threshold:.2f}",
            Text(words),
        )
    if changes[:limit]:
        console.print(table)


def print_counts(title: str, counts: Iterable[tuple[str, str, int]]) -> None:
    """Print a table of theme ids, titles and how many articles have them."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theme")
    table.add_column("title")
    table.add_column(title, justify="right")
    for theme, name, count in counts:
        table.add_row(theme, name, f"{count:,}")
    tables.output().print(table)


def print_themes(rows: Iterable[tuple[str, str, list[str]]]) -> None:
    """Print theme ids, titles and their strongest lemmas."""
    table = Table(
        "theme", "title", "strongest lemmas", box=None, pad_edge=False, header_style="bold"
    )
    for theme, title, words in rows:
        table.add_row(theme, title, ", ".join(words))
    tables.output().print(table)


def print_doubts(doubts: Iterable[Contradiction], texts: Mapping[str, str]) -> None:
    """Print labels that a tagger doubts, with the beginning of each article."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    for name in ("article", "label", "probability", "text"):
        table.add_column(name)
    for one in doubts:
        label = one.theme if one.given else f"not {one.theme}"
        text = Text(" ".join(texts[one.article].split())[:_DOUBT_CHARACTERS])
        table.add_row(one.article, label, f"{one.probability:.2f}", text)
    tables.output().print(table)


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
    tables.output().print(table)


def print_description(description: Description) -> None:
    """Print what annotations are made of, a line a kind of count."""
    console = tables.output()
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
        table.add_row(theme, tables.figure(estimate.value), _interval(estimate))
    table.add_row("alpha (MASI)", tables.figure(agreement.alpha.value), _interval(agreement.alpha))
    console = tables.output()
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
    tables.output().print(table)


def warn(message: str) -> None:
    """Print a warning on standard error."""
    sys.stderr.write(f"Warning: {message}\n")


def note(message: str) -> None:
    """Print a remark on standard error."""
    sys.stderr.write(f"{message}\n")


def _moved(difference: Difference) -> str:
    if difference.difference is None or difference.interval is None:
        return "not measured"
    bounds = difference.interval
    return f"{difference.difference:+.3f} {bounds.low:+.2f}…{bounds.high:+.2f}"


def _split(test: McNemar) -> str:
    """Return the decisions that only one tagger got right, and the p-value of that."""
    return f"{test.only_old_right}:{test.only_new_right}, {test.p_value:.2g}"


def _interval(estimate: Estimate) -> str:
    return "–" if estimate.low is None else f"{estimate.low:.3f}–{estimate.high:.3f}"
