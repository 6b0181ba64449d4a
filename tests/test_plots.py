"""Pictures and tables of notebooks: PNG of the same bytes, named axes, text that is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train import notebook_tables as tables
from rubrika_train import plots
from rubrika_train.agreement import agreement
from rubrika_train.annotations import Annotations, Judgement, read
from rubrika_train.changes import Change, Verdict
from rubrika_train.comparing import compare
from rubrika_train.curves import CurvePoint, outlook, outlook_on_data
from rubrika_train.drawing import wilson
from rubrika_train.evaluation import Evaluation, evaluate_results
from rubrika_train.labelled import from_annotations
from rubrika_train.mistakes import surest_mistakes
from rubrika_train.phrases import Phrase
from rubrika_train.real_articles import real_articles
from rubrika_train.registry import Version
from rubrika_train.results import Results, collect
from rubrika_train.simulating import Simulation
from tests.conftest import write_annotations

SIMULATION = Simulation(
    (100, 200, 300), np.array([[0.5, 0.7, 0.8]] * 2), np.array([[0.5, 0.6, 0.9]] * 2)
)


class Subject:
    """What there is to draw: annotations of two people, what a tagger says of them, its figures."""

    def __init__(self, annotations: Annotations, tagger: Tagger) -> None:
        articles = from_annotations(annotations)
        self.annotations, self.themes = annotations, annotations.themes
        # The first article is given to another theme than its own: there is a mistake to show.
        articles[0] = replace(articles[0], themes=frozenset({"automotive"}))
        self.results: Results = collect(tagger, articles)
        self.evaluation: Evaluation = evaluate_results(self.results, draws=100)
        self.curve = [CurvePoint(size, self.evaluation) for size in (10, 20, 40)]
        self.mistakes = surest_mistakes(self.results, lambda row: tagger, each=2)


@pytest.fixture(scope="module")
def subject(tagger: Tagger, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    annotations = read(write_annotations(tmp_path_factory.mktemp("drawn")))
    others = [one.model_copy(update={"annotator": "second"}) for one in annotations.judgements]
    others[0] = Judgement.model_validate({**others[0].model_dump(), "themes": ()})
    both = replace(annotations, judgements=(*annotations.judgements, *others[:30]))
    return Subject(both, tagger)


DRAWN: dict[str, Callable[[Subject], plots.Picture]] = {
    "themes": lambda own: plots.plot_themes(own.evaluation, own.themes),
    "precision_recall": lambda own: plots.plot_precision_recall(own.results, own.themes),
    "reliability": lambda own: plots.plot_reliability(own.results, own.themes),
    "learning_curve": lambda own: plots.plot_learning_curve(own.curve),
    "balance": lambda own: plots.plot_balance(own.annotations),
    "lengths": lambda own: plots.plot_lengths(own.annotations),
    "agreement": lambda own: plots.plot_agreement(agreement(own.annotations)[0], own.themes),
    "comparison": lambda own: plots.plot_comparison(compare(own.results, own.results), own.themes),
    "simulation": lambda own: plots.plot_simulation(SIMULATION),
    "map": lambda own: plots.plot_map(
        np.random.default_rng(1).random((len(own.annotations.judged), 2)), own.annotations
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_has_the_same_bytes_and_stays_small(
    subject: Subject, name: str, tmp_path: Path
) -> None:
    one, other = (DRAWN[name](subject) for _ in range(2))
    one.save(tmp_path / "one.png")
    drawn = (tmp_path / "one.png").read_bytes()
    assert drawn == other._repr_png_()
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) < 80_000


@pytest.mark.parametrize("name", sorted(DRAWN.keys() - {"map"}))
def test_axes_have_titles(subject: Subject, name: str) -> None:
    figure = DRAWN[name](subject).figure
    assert figure.get_supxlabel() or all(axes.get_xlabel() for axes in figure.axes)


@pytest.mark.parametrize("name", ["themes", "balance", "agreement", "comparison"])
def test_themes_have_their_russian_titles(subject: Subject, name: str) -> None:
    (axes,) = DRAWN[name](subject).figure.axes
    assert {"Туризм", "Автопром"} <= {label.get_text() for label in axes.get_yticklabels()}


def test_the_reader_s_own_style_is_left_alone(subject: Subject) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    plots.plot_balance(subject.annotations)
    assert dict(mpl.rcParams) == before


def test_wilson_s_interval_is_scipy_s() -> None:
    low, high = wilson(np.array([0.3]), np.array([20.0]))
    expected = binomtest(6, 20).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_a_table_escapes_and_aligns() -> None:
    table = tables.Table(("name", "count"), (("<b>&", "1"),), frozenset({"name"}))
    html = table._repr_html_()
    assert '<td style="text-align:left">&lt;b&gt;&amp;</td>' in html
    assert '<td style="text-align:right">1</td>' in html
    assert str(table) == "name\tcount\n<b>&\t1"


def test_tables_say_what_was_measured(subject: Subject) -> None:
    themes = tables.figures_by_theme(subject.evaluation, subject.themes)
    assert [row[:2] for row in themes.rows] == [("Туризм", "15"), ("Автопром", "17")]
    assert tables.figures_over_all(subject.evaluation).names == ("figure", "48 articles")
    ((*named, _, words, lead),) = tables.mistakes_by_theme(subject.mistakes, subject.themes).rows
    assert named == ["Автопром", "missed"]
    assert words.count(",") == 3
    assert lead.startswith("Туристы едут на море")


def test_differences_stand_by_theme_and_over_all(subject: Subject) -> None:
    table = tables.differences(compare(subject.results, subject.results), subject.themes)
    assert [row[0] for row in table.rows] == [
        *("Туризм", "Автопром"),
        *("all, macro-F1", "all, micro-F1", "mean average precision"),
    ]
    assert {row[4] for row in table.rows} == {"+0.000 (+0.00 … +0.00)"}


def test_changed_tags_are_limited_by_verdict(subject: Subject) -> None:
    def change(number: int, verdict: Verdict) -> Change:
        words = (("отель", 1.25), ("море", 0.5))
        return Change(f"n{number}", "tourism", True, verdict, 0.25, 0.75, 0.5, 0.5, words)

    changed = [change(k, Verdict.BROKEN if k < 3 else Verdict.MENDED) for k in range(4)]
    rows = tables.changed_tags(changed, subject.themes, each=2).rows
    assert [(row[0].replace("\u00a0", " "), row[1]) for row in rows] == [
        ("broken, of 3", "n0"),
        ("broken, of 3", "n1"),
        ("mended, of 1", "n3"),
    ]
    tag, probability, threshold, words = (cell.replace("\u00a0", " ") for cell in rows[0][2:])
    assert (tag, probability, threshold) == ("+ Туризм", "0.25 → 0.75", "0.50 → 0.50")
    assert words == "отель +1.2, море +0.5"


def test_phrases_stand_by_theme(subject: Subject) -> None:
    own = {"tourism": [Phrase("море", 5, 1, 9.0), Phrase("отель", 5, 2, 8.0)], "automotive": []}
    table = tables.phrases_by_theme(subject.themes, {"lemmas": own})
    assert table.rows == (("Туризм", "море, отель"), ("Автопром", ""))


def test_what_the_queue_saves_is_said_or_left_open() -> None:
    assert tables.labels_saved(SIMULATION).rows == (
        ("200", "0.600", "150", "25%"),
        ("300", "0.900", "–", "–"),
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            (0.70, 0.75, 0.80),
            "about +0.050 to macro-F1 (+0.041 to +0.059): more labels will help",
        ),
        ((0.79, 0.80, 0.80), "about +0.005 to macro-F1 (-0.004 to +0.014): that may be chance"),
    ],
)
def test_an_outlook_says_whether_more_labels_help(
    subject: Subject, values: tuple[float, ...], words: str
) -> None:
    curve = curve_of(subject, values)
    assert words in str(outlook(curve))
    assert outlook(curve[:2]) is None
    assert outlook_on_data(curve) is None


def curve_of(subject: Subject, values: Sequence[float]) -> list[CurvePoint]:
    """Return a curve over 100, 200 and 400 articles; in two draws it is 0.01 flatter or steeper."""
    figures = [replace(subject.evaluation, f1_macro=value) for value in values]
    return [
        CurvePoint(100 * 2**k, own, drawn=(values[k] - 0.0095 * k, values[k] + 0.0095 * k))
        for k, own in enumerate(figures)
    ]


def test_a_curve_without_real_articles_says_how_to_get_them(subject: Subject) -> None:
    curve = curve_of(subject, (0.7, 0.75, 0.8))
    assert tables.figures_by_size(curve).names == ("articles", "macro-F1, cross-validated")
    assert tables.prospects(curve).splitlines() == [
        "Cross-validated: twice as many articles would add about +0.050 to macro-F1 "
        "(+0.041 to +0.059): more labels will help.",
        "On real articles: left out; let RUBRIKA_REAL name a JSON Lines file of id, text and "
        "labels, and run this again.",
    ]


def test_a_curve_with_real_articles_speaks_of_both(subject: Subject) -> None:
    curve = [
        replace(point, on_data=point.validated, drawn_on_data=point.drawn)
        for point in curve_of(subject, (0.8, 0.8, 0.8))
    ]
    table = tables.figures_by_size(curve)
    assert table.names[2] == "on 48 other articles"
    assert [row[0] for row in table.rows] == ["100", "200", "400"]
    assert [row[2][:6] for row in table.rows] == ["0.800 "] * 3
    assert tables.prospects(curve).splitlines()[1] == (
        "On 48 real articles: twice as many articles would add about +0.000 to macro-F1 "
        "(-0.009 to +0.009): that may be chance."
    )


def test_versions_stand_with_the_one_in_use() -> None:
    found = [
        Version("2026-11-01-a", False),
        Version("2026-11-02-b", True, None, None, 600, "", 0.8),
    ]
    assert tables.versions_of(found).rows == (
        ("2026-11-01-a", "", "–", "–"),
        ("2026-11-02-b", "in use", "600", "0.800"),
    )


def test_real_articles_are_those_that_the_environment_names(
    subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUBRIKA_REAL", raising=False)
    assert real_articles(subject.themes) == []
    file = tmp_path / "real.jsonl"
    monkeypatch.setenv("RUBRIKA_REAL", str(file))
    with pytest.raises(InputError, match="no such file"):
        real_articles(subject.themes)
    file.write_text('{"id": "r1", "text": "Отель у моря", "labels": ["tourism"]}\n', "utf-8")
    (one,) = real_articles(subject.themes)
    assert (one.id, one.themes) == ("r1", frozenset({"tourism"}))
