"""The table of peers in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.benchmarks.peers_results import Row, Section
from tests.benchmarks.peers_roster import PEERS, Peer

_INTRODUCTION = """\
# Peers on the same work

Every peer learns from the same articles and tags the same test articles, whose labels it never
sees. The rules are the same for all:

- Settings, where a peer has any to choose, are chosen on one training fold in five by mean average
  precision. fastText's own search works on that fold too, for micro-F1.
- Each theme's threshold comes from scores of training articles by fits that never saw them (five
  folds, near-duplicates together), by the rule that Rubrika ships: for a feed with more
  ordinary news than the annotations hold, and drawn together for rare themes. "Plain thresholds"
  are those of the highest F1 there, and nothing more.
- A disputed theme is not scored. An article without theme counts; where a peer skips such articles
  in training, it gets a label "no theme" for them.
- Annif's vocabulary is the Russian titles of the themes. MLLM looks for titles in the text and can
  give no theme whose title is not there. TF-IDF ranks themes within an article; its scores may be
  taken against the article's mean. The data of NLTK's sentence splitter, which Annif would
  download, are learnt from the training texts.
- Seconds are those of a shared machine of two cores: figures of one size are equal. "Fit" is one
  fit on all training articles, "all" is the choice of settings, five folds and that fit. Rubrika's
  "fit" holds its five folds.

Each peer runs in an environment of its own below `.bench/`, with the versions pinned in
`tests/benchmarks/contenders/requirements-*.txt`.
"""

_HEADINGS = (
    "peer",
    "macro-F1",
    "micro-F1",
    "mean average precision",
    "macro-F1, plain thresholds",
    "fit, s",
    "all, s",
    "articles/s",
)


def render(sections: Mapping[str, Section]) -> str:
    """Return the page: a table a section, the best ranking first, and what made each row."""
    parts = [_INTRODUCTION, *("\n".join(_section(section)) for section in sections.values())]
    return "\n".join(parts)


def _section(section: Section) -> Iterator[str]:
    ordered = sorted(PEERS, key=lambda peer: -(_row(section, peer).average_precision_macro or -1.0))
    yield f"## {section.title}\n"
    yield f"{section.train_articles:,} articles to learn from, {section.test_articles:,} to tag.\n"
    yield f"```console\n$ {section.command}\n```\n"
    yield f"| {' | '.join(_HEADINGS)} |"
    yield f"|---{'|---:' * (len(_HEADINGS) - 1)}|"
    for peer in ordered:
        yield f"| {' | '.join(_cells(peer, _row(section, peer)))} |"
    yield ""
    for peer in ordered:
        yield f"- {_made_of(peer, _row(section, peer))}"
    yield ""


def _row(section: Section, peer: Peer) -> Row:
    return section.rows.get(peer.key, Row("", reason="not run on these data yet"))


def _cells(peer: Peer, row: Row) -> list[str]:
    if row.reason is not None:
        return [peer.title, f"not run: {_escaped(row.reason)}", *[""] * (len(_HEADINGS) - 2)]
    figures = (row.f1_macro, row.f1_micro, row.average_precision_macro, row.f1_macro_plain)
    amounts = (row.seconds_fit, row.seconds_all, row.articles_per_second)
    return [peer.title, *map(_figure, figures), *map(_amount, amounts)]


def _made_of(peer: Peer, row: Row) -> str:
    if row.reason is not None:
        return f"{peer.title}: {row.reason}"
    versions = ", ".join(f"{package} {version}" for package, version in row.versions.items())
    return f"{peer.title}: {row.settings}. {versions}. {row.date}."


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _amount(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}" if value < 10 else f"{value:,.0f}"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
