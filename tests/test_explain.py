"""Every tag is explained by words of the article that add up to its score."""

from __future__ import annotations

import json
import re
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrika.explain import explain
from rubrika.tagger import Tagger
from rubrika_train.explanations import RENDERERS, pieces
from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run

SENTENCES = [sentence.format(7) for sentence in (*TOURISM, *AUTOMOTIVE, *NONE)]
TEXTS = st.lists(st.sampled_from([*SENTENCES, "<b>туристы</b> & Ко", "5", ""]), max_size=6).map(
    "\n".join
)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_contributions_add_up_to_the_score(tagger: Tagger, text: str) -> None:
    explained = explain(tagger, text, ["tourism", "automotive"])
    for column, theme in enumerate(explained.themes):
        total = theme.bias + sum(word.contribution for word in theme.words)
        assert total == pytest.approx(theme.score, abs=1e-9)
        assert theme.score == tagger.score([text]).scores[0, column]
        assert theme.probability == tagger.probabilities([text])[0, column]


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_words_stand_where_they_say(tagger: Tagger, text: str) -> None:
    for theme in explain(tagger, text).themes:
        for word in theme.words:
            assert word.tokens
            for token in word.tokens:
                assert text[token.start : token.stop] == token.form
        assert "".join(piece.text for piece in pieces(text, theme)) == text


def test_tags_come_first_then_the_nearest_missed(tagger: Tagger) -> None:
    explained = explain(tagger, TOURISM[0])
    assert [(theme.theme, theme.given) for theme in explained.themes] == [
        ("tourism", True),
        ("automotive", False),
    ]
    assert explained.themes[0].margin >= 0 > explained.themes[1].margin
    assert explained.themes[0].words[0].contribution > 0


def test_the_page_escapes_the_text_and_needs_nothing_else(tagger: Tagger) -> None:
    page = RENDERERS["html"](explain(tagger, f"<script>alert(1)</script> {TOURISM[0]}"), tagger)
    assert "<script" not in page
    assert "&lt;" in page
    assert not re.search(r"(?:src|href)=|https?://|url\(", page)
    assert 'class="for3"' in page


def test_the_terminal_shows_words_and_their_sum(tagger: Tagger) -> None:
    shown = RENDERERS["terminal"](explain(tagger, TOURISM[0]), tagger)
    assert "Туризм (tourism): given; probability" in shown
    assert re.search(r"score [+-]\d+\.\d\d = bias [+-]", shown)


def test_explain_on_the_command_line(run: Run, tiny_bundle: Path) -> None:
    Path("a.txt").write_text(TOURISM[0], encoding="utf-8")
    result = run("explain", "a.txt", "-m", tiny_bundle, "--format", "json")
    assert result.exit_code == 0
    first = orjson.loads(result.stdout)["themes"][0]
    assert (first["theme"], first["given"]) == ("tourism", True)
    assert {"lemma", "tokens", "contribution"} == first["words"][0].keys()
    assert (
        run("explain", "a.txt", "-m", tiny_bundle, "--format", "html", "-o", "a.html").stdout == ""
    )
    assert Path("a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run("explain", "none.txt").stderr == "Error: none.txt: no such file or folder\n"


@pytest.mark.parametrize("command", ["explain", "predict"])
def test_a_mistyped_theme_is_a_slip_in_typing(
    run: Run, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    Path("a.txt").write_text(TOURISM[0], encoding="utf-8")
    result = run(command, "a.txt", "-m", tiny_bundle, "--theme", "turism")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for --theme: no theme 'turism'; did you mean tourism?" in result.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Отель", "too few of its words are known"),
        ("The hotel at the sea welcomes its guests again this year.", "the text is not Russian"),
    ],
)
def test_an_article_without_a_verdict_says_why(tagger: Tagger, text: str, problem: str) -> None:
    shown = RENDERERS["terminal"](explain(tagger, text), tagger)
    assert shown.startswith(f"No theme is given: {problem}.\n\n")


def test_a_text_cannot_move_the_terminal(tagger: Tagger) -> None:
    shown = RENDERERS["terminal"](explain(tagger, f"{TOURISM[0]}\x1b]0;title\x07"), tagger)
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_explain_takes_the_text_from_any_column(run: Run, tiny_bundle: Path) -> None:
    Path("a.csv").write_text(f'текст\n"{TOURISM[0]}"\n', encoding="utf-8")
    assert "name its field with --text-column" in run("explain", "a.csv").stderr
    result = run("explain", "a.csv", "--text-column", "текст", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Туризм (tourism): given" in result.stdout


def test_the_article_is_not_written_over(run: Run) -> None:
    Path("a.txt").write_text(TOURISM[0], encoding="utf-8")
    result = run("explain", "a.txt", "-o", "a.txt")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: a.txt: is used twice in this command; name another file\n",
    )
    assert Path("a.txt").read_text(encoding="utf-8") == TOURISM[0]


def test_of_many_articles_the_first_is_explained_and_that_is_said(
    run: Run, tiny_bundle: Path
) -> None:
    rows = [{"text": TOURISM[0]}, {"text": TOURISM[1]}]
    Path("a.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    result = run("explain", "a.jsonl", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (
        0,
        "a.jsonl: holds more articles; this is the first one\n",
    )
