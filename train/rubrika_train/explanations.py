"""Explanations for people and machines: in colour, as JSON, as a page of its own."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from rubrika.decision import By, Status
from rubrika.explain import Explanation, ThemeExplanation, Word
from rubrika.tagger import Tagger
from rubrika_train.tables import printable

Renderer = Callable[[Explanation, Tagger], str]

# Words shown beside a tag; the marks in the text stand for all of them.
WORDS = 8
_PLAIN_WIDTH = 100
# Why an article gets no theme, whatever its probabilities.
_SILENT = {
    Status.UNKNOWN_WORDS: "too few of its words are known",
    Status.WRONG_LANGUAGE: "the text is not Russian",
}
# Shares of the strongest word from which a mark is strong, plain and faint.
_STRENGTHS = ((0.5, 3), (0.2, 2), (0.05, 1))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text; `strength` is 1 to 3 for a word in favour, negative against, else 0."""

    text: str
    strength: int
    contribution: float


def pieces(text: str, theme: ThemeExplanation) -> list[Piece]:
    """Cut a text into marked words and what stands between them; joined, they are the text."""
    strongest = max((abs(word.contribution) for word in theme.words), default=0.0)
    marks = sorted(
        (token.start, token.stop, word.contribution)
        for word in theme.words
        for token in word.tokens
    )
    found, place = [], 0
    for start, stop, contribution in marks:
        strength = _strength(contribution, strongest)
        if strength:
            found += [
                Piece(text[place:start], 0, 0.0),
                Piece(text[start:stop], strength, contribution),
            ]
            place = stop
    return [*found, Piece(text[place:], 0, 0.0)]


def to_json(explanation: Explanation, tagger: Tagger) -> str:
    """Return an explanation as JSON, every word with its places in the text."""
    tree = {
        "status": explanation.tagged.status,
        "themes": [_tree(theme) for theme in explanation.themes],
        "model": tagger.version,
    }
    return orjson.dumps(tree, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _tree(theme: ThemeExplanation) -> dict[str, Any]:
    """Return an explanation as a dictionary; what made it is named where it was not the model."""
    tree = {**asdict(theme), "margin": theme.margin}
    return tree if theme.by else {key: tree[key] for key in tree if key not in ("by", "because")}


def to_terminal(explanation: Explanation, tagger: Tagger) -> str:
    """Return an explanation for a terminal: the words that spoke, and the text with them marked."""
    from rich.console import Console
    from rich.text import Text

    styles = {3: "bold green", 2: "green", 1: "dim green", -3: "bold red", -2: "red", -1: "dim red"}
    is_terminal = sys.stdout.isatty()
    console = Console(
        file=io.StringIO(),
        force_terminal=is_terminal,
        width=None if is_terminal else _PLAIN_WIDTH,
        highlight=False,
    )
    titles = {theme.id: theme.ru for theme in tagger.themes}
    if problem := _SILENT.get(explanation.tagged.status):
        console.print(Text(f"No theme is given: {problem}.", style="bold"), end="\n\n")
    for theme in explanation.themes:
        console.print(Text(_headline(theme, titles[theme.theme]), style="bold"))
        console.print(Text(_words(theme)))
        console.print(Text(_sum(theme), style="dim"), end="\n\n")
    for theme in explanation.themes[:1]:
        marked = [
            (printable(piece.text), styles.get(piece.strength, ""))
            for piece in pieces(explanation.text, theme)
        ]
        console.print(Text.assemble(*marked))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def to_html(explanation: Explanation, tagger: Tagger) -> str:
    """Return an explanation as one page that needs nothing else; the text is escaped."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader("rubrika_train"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    titles = {theme.id: theme.ru for theme in tagger.themes}
    return environment.get_template("explanation.html").render(
        explanation=explanation,
        themes=[
            (theme, titles[theme.theme], pieces(explanation.text, theme))
            for theme in explanation.themes
        ],
        headline=_headline,
        total=_sum,
        words=WORDS,
        version=tagger.version,
    )


RENDERERS: dict[str, Renderer] = {"terminal": to_terminal, "html": to_html, "json": to_json}


def _headline(theme: ThemeExplanation, title: str) -> str:
    verdict = "given" if theme.given else "not given"
    if theme.by == By.KEYWORDS:
        return f"{title} ({theme.theme}): {verdict}; by keywords, the model does not know it yet"
    if theme.by == By.CHILD:
        verdict = f"given with its part {', '.join(theme.because)}; by its own words not"
    relation = "reaches" if theme.margin >= 0 else "is under"
    return (
        f"{title} ({theme.theme}): {verdict}; probability {theme.probability:.3f} "
        f"{relation} threshold {theme.threshold:.3f}"
    )


def _words(theme: ThemeExplanation) -> str:
    if theme.by == By.KEYWORDS:
        found = (f"{word.lemma} ({', '.join(_forms(word))})" for word in theme.words)
        return "  " + ("; ".join(found) or "no keyword")
    shown = [f"{'/'.join(_forms(word))} {word.contribution:+.2f}" for word in theme.words[:WORDS]]
    return "  " + ", ".join(shown) if shown else "  no known word"


def _forms(word: Word) -> list[str]:
    """Return the forms of a word in the text."""
    return sorted({token.form for token in word.tokens})


def _sum(theme: ThemeExplanation) -> str:
    if theme.by == By.KEYWORDS:
        return f"  {len(theme.words)} of its keywords found; one is enough"
    speaking = sum(word.contribution for word in theme.words[:WORDS])
    others = sum(word.contribution for word in theme.words[WORDS:])
    return (
        f"  score {theme.score:+.2f} = bias {theme.bias:+.2f}, these words {speaking:+.2f}, "
        f"{max(len(theme.words) - WORDS, 0)} other words {others:+.2f}"
    )


def _strength(contribution: float, strongest: float) -> int:
    share = abs(contribution) / strongest if strongest else 0.0
    level = next((level for bound, level in _STRENGTHS if share >= bound), 0)
    return level if contribution > 0 else -level
