"""Tables of a notebook: HTML where it is shown, plain text elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from rubrika.themes import Theme
from rubrika_train.curves import outlook, outlook_on_data
from rubrika_train.real_articles import HOW_TO_GET

if TYPE_CHECKING:
    from rubrika_train.bootstrap import Interval
    from rubrika_train.changes import Change
    from rubrika_train.comparing import Comparison, Difference, McNemar
    from rubrika_train.curves import CurvePoint
    from rubrika_train.evaluation import Evaluation
    from rubrika_train.mistakes import Mistake
    from rubrika_train.phrases import Phrase
    from rubrika_train.registry import Version
    from rubrika_train.simulating import Simulation

NOT_MEASURED = "–"
# The figures over all, in order: key, name.
_OVERALL = {
    "f1_macro": "macro-F1",
    "f1_micro": "micro-F1",
    "average_precision_macro": "mean average precision",
    "f1_by_article": "F1 by article",
    "exact_match": "exact match",
    "none_precision": "precision of “no theme”",
    "none_recall": "recall of “no theme”",
    "ece": "calibration error",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under names; columns of figures stand to the right, those of text left."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[str] = frozenset()

    def _repr_html_(self) -> str:
        head = "".join(self._cells("th", self.names))
        body = "".join(f"<tr>{''.join(self._cells('td', row))}</tr>\n" for row in self.rows)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"

    def __str__(self) -> str:
        return "\n".join("\t".join(row) for row in (self.names, *self.rows))

    __repr__ = __str__

    def _cells(self, tag: str, cells: Sequence[str]) -> Iterator[str]:
        for name, cell in zip(self.names, cells, strict=True):
            side = "left" if name in self.texts else "right"
            yield f'<{tag} style="text-align:{side}">{escape(cell)}</{tag}>'


def figures_by_theme(evaluation: Evaluation, themes: Sequence[Theme]) -> Table:
    """Return the figures of each theme with their 95 % intervals."""
    names = ("theme", "articles", "precision", "recall", "F1", "average precision", "threshold")
    keys = ("precision", "recall", "f1", "average_precision")
    rows = []
    for theme in themes:
        own = evaluation.themes[theme.id]
        figures = (_figure(getattr(own, key), own.intervals[key]) for key in keys)
        rows.append((theme.ru, str(own.support), *figures, _figure(own.threshold)))
    return Table(names, tuple(rows), frozenset({"theme"}))


def figures_over_all(evaluation: Evaluation) -> Table:
    """Return the figures over all themes with their 95 % intervals."""
    rows = [
        (name, _figure(getattr(evaluation, key), evaluation.intervals[key], digits=3))
        for key, name in _OVERALL.items()
    ]
    of = f"{evaluation.articles:,} articles"
    return Table(("figure", of), tuple(rows), frozenset({"figure"}))


def figures_by_size(curve: Sequence[CurvePoint]) -> Table:
    """Return macro-F1 of taggers made of so many articles, cross-validated and on other ones."""
    others = [point.on_data for point in curve if point.on_data]
    headings = [f"on {own.articles:,} other articles" for own in others[:1]]
    rows = [
        (f"{point.articles:,}", *(_macro(own) for own in (point.validated, point.on_data) if own))
        for point in curve
    ]
    return Table(("articles", "macro-F1, cross-validated", *headings), tuple(rows))


def prospects(curve: Sequence[CurvePoint]) -> str:
    """Return in words what more articles promise, a line for each of the two curves."""
    lines = [f"Cross-validated: {outlook(curve) or NOT_MEASURED}."]
    if real := curve[-1].on_data:
        lines.append(
            f"On {real.articles:,} real articles: {outlook_on_data(curve) or NOT_MEASURED}."
        )
    else:
        lines.append(f"On real articles: left out; {HOW_TO_GET}.")
    return "\n".join(lines)


def mistakes_by_theme(mistakes: Sequence[Mistake], themes: Sequence[Theme]) -> Table:
    """Return mistakes with the words that spoke most, and how each article begins."""
    titles = {theme.id: theme.ru for theme in themes}
    rows = [
        (
            titles[one.theme],
            "missed" if one.missed else "wrong",
            f"{one.probability:.2f} / {one.threshold:.2f}",
            ", ".join(f"{lemma}\u00a0{adds:+.1f}" for lemma, adds in one.words[:4]),
            f"{one.lead.rpartition(' ')[0]}…",
        )
        for one in mistakes
    ]
    names = ("theme", "", "probability / threshold", "words, in score", "article")
    return Table(names, tuple(rows), frozenset({"theme", "", "words, in score", "article"}))


def differences(comparison: Comparison, themes: Sequence[Theme]) -> Table:
    """Return the differences of two taggers by theme and over all, with their intervals."""
    names = ("theme", "articles", "old F1", "new F1", "difference", "p, Holm", "old : new right")
    rows = [
        (theme.ru, str(own.support), *_moved(own.f1), _figure(own.p_holm), _split(own.decisions))
        for theme in themes
        if (own := comparison.themes.get(theme.id))
    ]
    of = f"{comparison.articles:,}"
    rows += [
        ("all, macro-F1", of, *_moved(comparison.f1_macro), "", _split(comparison.decisions)),
        ("all, micro-F1", of, *_moved(comparison.f1_micro), "", ""),
        ("mean average precision", of, *_moved(comparison.average_precision_macro), "", ""),
    ]
    return Table(names, tuple(rows), frozenset({"theme"}))


def changed_tags(changes: Sequence[Change], themes: Sequence[Theme], each: int) -> Table:
    """Return the first changes of each verdict, `each` at most, with the words that moved them."""
    titles = {theme.id: theme.ru for theme in themes}
    counts = Counter(one.verdict for one in changes)
    rows = [
        (
            f"{verdict},\u00a0of\u00a0{counts[verdict]:,}",
            one.id,
            f"{'+' if one.given else '−'}\u00a0{titles[one.theme]}",
            f"{one.old_probability:.2f}\u00a0→\u00a0{one.new_probability:.2f}",
            f"{one.old_threshold:.2f}\u00a0→\u00a0{one.new_threshold:.2f}",
            ", ".join(f"{lemma}\u00a0{moved:+.1f}" for lemma, moved in one.words[:4]),
        )
        for verdict in counts
        for one in [change for change in changes if change.verdict == verdict][:each]
    ]
    texts = frozenset({"", "article", "tag", "words, in log-odds"})
    names = ("", "article", "tag", "probability", "threshold", "words, in log-odds")
    return Table(names, tuple(rows), texts)


def phrases_by_theme(
    themes: Sequence[Theme], columns: Mapping[str, Mapping[str, Sequence[Phrase]]]
) -> Table:
    """Return the words and phrases of each theme; `columns` maps a heading to them by theme."""
    rows = [
        (theme.ru, *(", ".join(one.text for one in own[theme.id]) for own in columns.values()))
        for theme in themes
    ]
    names = ("theme", *columns)
    return Table(names, tuple(rows), frozenset(names))


def labels_saved(simulation: Simulation) -> Table:
    """Return how many labels the queue needs for what chance reaches with so many."""
    names = ("labels at random", "macro-F1", "labels by the queue", "saved")
    reached = simulation.at_random.mean(axis=0)
    rows = []
    for size, value, needed in zip(simulation.sizes, reached, simulation.needed, strict=True):
        known = needed == needed  # NaN: the queue does not come so far
        rows.append(
            (
                f"{size:,}",
                f"{value:.3f}",
                f"{needed:,.0f}" if known else NOT_MEASURED,
                f"{1 - needed / size:.0%}" if known else NOT_MEASURED,
            )
        )
    return Table(names, tuple(rows[1:]))  # both begin with the same articles


def versions_of(versions: Sequence[Version]) -> Table:
    """Return the versions of a registry, and which is in use."""
    rows = [
        (
            one.version,
            "in use" if one.current else "",
            NOT_MEASURED if one.articles is None else f"{one.articles:,}",
            _figure(one.f1_macro, digits=3),
        )
        for one in versions
    ]
    texts = frozenset({"version", ""})
    return Table(("version", "", "articles", "macro-F1, cross-validated"), tuple(rows), texts)


def _macro(own: Evaluation) -> str:
    return _figure(own.f1_macro, own.intervals["f1_macro"], digits=3)


def _moved(figure: Difference) -> tuple[str, str, str]:
    """Return a figure of the old tagger, of the new one, and the difference with its interval."""
    if figure.difference is None or figure.interval is None:
        return _figure(figure.old), _figure(figure.new), NOT_MEASURED
    low, high = figure.interval.low, figure.interval.high
    difference = f"{figure.difference:+.3f} ({low:+.2f} … {high:+.2f})"
    return _figure(figure.old, digits=3), _figure(figure.new, digits=3), difference


def _split(test: McNemar) -> str:
    return f"{test.only_old_right} : {test.only_new_right}"


def _figure(value: float | None, interval: Interval | None = None, digits: int = 2) -> str:
    if value is None:
        return NOT_MEASURED
    bounds = f" ({interval.low:.{digits}f}–{interval.high:.{digits}f})" if interval else ""
    return f"{value:.{digits}f}{bounds}"
