"""The report: one page of its own, in which a reader finds every error; looked at in a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest

from rubrika.tagger import Tagger
from rubrika_train.curves import CurvePoint
from rubrika_train.evaluation import evaluate_results
from rubrika_train.labelled import LabelledArticle
from rubrika_train.report import Subject, co_occurrence, confusion, render
from rubrika_train.results import Results, collect
from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, write_jsonl

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

HOSTILE = f'<script>document.title = "x"</script> <b>&</b> {" ".join(TOURISM)} {"о" * 300}'


@pytest.fixture(scope="module")
def subject(tagger: Tagger) -> Subject:
    """Return an evaluation with two errors of tourism, one of automotive, and a hostile text."""
    kinds: list[tuple[str, set[str]]] = [
        *((text, {"tourism"}) for text in TOURISM),
        *((text, {"automotive"}) for text in AUTOMOTIVE),
        *((text, set()) for text in NONE),
        (HOSTILE, set()),
        (NONE[0], {"tourism"}),
        (AUTOMOTIVE[0] * 2, {"tourism"}),
    ]
    articles = [
        LabelledArticle(f"№ {k}", text, frozenset(themes), frozenset())
        for k, (text, themes) in enumerate(kinds)
    ]
    results = collect(tagger, articles)
    evaluation = evaluate_results(results, draws=200)
    return Subject(
        description="tagger tiny on <15> articles",
        themes=tagger.themes,
        results=results,
        evaluation=evaluation,
        tagger_of=lambda row: tagger,
        breakdowns={"genre": {"news": evaluation}},
        curve=[CurvePoint(10, evaluation, None), CurvePoint(15, evaluation, evaluation)],
    )


@pytest.fixture(scope="module")
def page(subject: Subject) -> str:
    return render(subject)


def results(labels: list[list[int]], chosen: list[list[int]]) -> Results:
    """Return results that hold nothing but labels and choices."""
    return Results(
        theme_ids=("a", "b"),
        articles=(),
        labels=np.array(labels, dtype=np.int8),
        probabilities=np.zeros((len(labels), 2)),
        chosen=np.array(chosen, dtype=np.bool_),
        thresholds=np.zeros(2),
        cluster=np.arange(len(labels)),
    )


def test_confusion_counts_what_was_given_in_place_of_what() -> None:
    labels = [[1, 0], [1, 0], [1, 0], [0, 0], [0, -1], [1, 1]]
    chosen = [[0, 1], [0, 0], [1, 0], [0, 1], [0, 1], [1, 1]]
    assert confusion(results(labels, chosen)).tolist() == [
        [0, 1, 1],  # a missed: b given instead, nothing given instead
        [0, 0, 0],
        [0, 1, 0],  # nothing missed: b given
    ]


def test_co_occurrence_counts_articles_that_have_both() -> None:
    has = np.array([[1, 1], [1, 0], [0, 0]], dtype=np.bool_)
    assert co_occurrence(has).tolist() == [[2, 1], [1, 1]]


def test_every_error_is_there_with_its_words(page: str) -> None:
    errors = re.findall(r'class="error (\w+)" data-theme="(\w+)"', page)
    assert sorted(errors) == [
        ("missed", "tourism"),
        ("missed", "tourism"),
        ("wrong", "automotive"),
        ("wrong", "tourism"),
    ]
    assert re.search(r'<mark class="for\d">туристов</mark>', page)


def test_what_articles_hold_is_escaped(page: str) -> None:
    assert "<script>document.title" not in page
    assert "&lt;script&gt;document.title" in page
    assert "Tagger tiny on &lt;15&gt; articles" in page


def test_the_page_needs_nothing_else(page: str) -> None:
    without_names = re.sub(r'xmlns(:xlink)?="http://www\.w3\.org/[^"]+"', "", page)
    assert not re.search(r"https?://|@import|url\((?!#)", without_names)
    references = re.findall(r'(?:href|src)="([^"]*)"', without_names)
    assert {reference[:1] for reference in references} == {"#", "d"}  # parts of itself, data:


def test_names_in_the_page_are_used_once(page: str) -> None:
    names = re.findall(r' id="([^"]+)"', page)
    assert sorted(set(names)) == sorted(names)
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(names)


def test_charts_have_titled_axes_and_the_colours_of_the_page(page: str) -> None:
    for title in ("recall", "precision", "probability", "share that has the theme"):
        assert re.search(rf"<text [^>]*>{title}</text>", page)
    assert re.search(r"<text [^>]*>labelled articles</text>", page)
    assert not re.search(r"#0[1-6]0[1-6]0[1-6]\b", page)
    assert "stroke: var(--accent)" in page


def test_the_same_evaluation_gives_the_same_page(subject: Subject, page: str) -> None:
    assert render(subject) == page


def test_a_theme_that_no_article_has_is_not_measured(subject: Subject) -> None:
    labels = subject.results.labels.copy()
    labels[:, 0] = 0
    emptied = replace(subject.results, labels=labels)
    evaluation = evaluate_results(emptied, draws=50)
    page = render(replace(subject, results=emptied, evaluation=evaluation, breakdowns={}, curve=()))
    assert "Not measured: no article has this theme." in page
    assert not re.search(r"\bnan\b|\bNone\b", page)
    assert "Learning curve" not in page


DATA = [
    {"id": "1", "text": TOURISM[0], "labels": ["tourism"]},
    {"id": "2", "text": AUTOMOTIVE[0], "labels": ["tourism"]},
]


def test_evaluate_writes_the_report(run: Run, tiny_bundle: Path) -> None:
    write_jsonl(Path("data.jsonl"), DATA)
    result = run("evaluate", "data.jsonl", "-m", tiny_bundle, "--report", "report.html")
    assert result.exit_code == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert "<td>under 80</td>" in page  # broken down by all that the data tells


def test_errors_of_cross_validation_are_explained_by_taggers_that_never_saw_them(
    run: Run, annotated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rubrika_train.measuring.CURVE_SHARES", (0.5, 1.0))
    labels = annotated / "labels.jsonl"
    rows = [orjson.loads(line) for line in labels.read_bytes().splitlines()]
    rows[0]["themes"], rows[20]["themes"] = [], ["tourism"]
    write_jsonl(labels, rows)
    tiny = ("--set", "folds=3", "--set", "features.min_articles=1")
    arguments = ("evaluate", *tiny, "--report", "report.html")
    result = run(*arguments, "--learning-curve", "-r", "r.jsonl")
    assert (result.exit_code, result.stderr) == (0, "cross-validated on 48 articles\n")
    page = Path("report.html").read_text(encoding="utf-8")
    assert "<h2>Learning curve</h2>" in page
    lines = [orjson.loads(line) for line in Path("r.jsonl").read_bytes().splitlines()]
    errors = sum(len(line["missed"]) + len(line["wrong"]) for line in lines)
    assert page.count('<details class="error ') == errors > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["data.jsonl", "--learning-curve"], "--learning-curve: is part of --report"),
        (
            ["--learning-curve", "--report", "r.html", "--after", "2025-01-01"],
            "--learning-curve: does not go with --after",
        ),
        (["data.jsonl", "--annotations", "a"], "--annotations: is for an evaluation without DATA"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    run: Run, arguments: list[str], message: str
) -> None:
    result = run("evaluate", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_a_missing_matplotlib_names_the_extra(
    run: Run, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_jsonl(Path("data.jsonl"), DATA)
    monkeypatch.setattr("rubrika_train.report.importlib.util.find_spec", lambda name: None)
    result = run("evaluate", "data.jsonl", "-m", tiny_bundle, "--report", "report.html")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: --report needs matplotlib; install it: pip install 'rubrika[report]'\n"
    )
    assert not Path("report.html").exists()


FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """Start Chromium, which must be installed with its driver."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("no chromium with chromedriver here: apt-get install chromium chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def opened(browser: Chrome, page: str, tmp_path: Path) -> Chrome:
    """Open the report in the browser."""
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    for log in ("browser", "performance"):
        browser.get_log(log)  # reading empties it
    browser.get(path.as_uri())
    return browser


def requests(browser: Chrome) -> list[str]:
    """Return the addresses that the page asked for."""
    messages: list[dict[str, Any]] = [
        orjson.loads(entry["message"])["message"] for entry in browser.get_log("performance")
    ]
    return [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]


def test_the_browser_finds_no_fault_and_asks_for_nothing(opened: Chrome) -> None:
    assert opened.get_log("browser") == []
    asked = [address for address in requests(opened) if not address.startswith("data:")]
    assert [address.split("/")[-1] for address in asked] == ["report.html"]
    assert opened.title == "Rubrika: evaluation"


def shown(browser: Chrome) -> list[str]:
    """Return the ids of the articles whose errors are to be seen."""
    script = """return [...document.querySelectorAll(".error")]
        .filter((error) => error.checkVisibility()).map((error) => error.dataset.theme)"""
    return list(browser.execute_script(script))


def choose(browser: Chrome, select: str, value: str) -> None:
    """Choose a value as a reader does."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.select import Select

    Select(browser.find_element(By.CSS_SELECTOR, select)).select_by_value(value)


def test_errors_are_filtered_by_theme_and_kind(opened: Chrome) -> None:
    from selenium.webdriver.common.by import By

    assert sorted(shown(opened)) == ["automotive", "tourism", "tourism", "tourism"]
    choose(opened, "#by-theme", "tourism")
    assert shown(opened) == ["tourism"] * 3
    choose(opened, "#by-kind", "wrong")
    assert shown(opened) == ["tourism"]
    assert opened.find_element(By.ID, "shown").text == "1 of 4 shown"
    choose(opened, "#by-theme", "")
    assert sorted(shown(opened)) == ["automotive", "tourism"]


def test_without_javascript_every_error_is_there(
    browser: Chrome, page: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL), encoding="utf-8")
    browser.get(path.as_uri())
    assert len(shown(browser)) == 4
    assert browser.execute_script(
        "return [...document.querySelectorAll('.filter')].every((part) => !part.checkVisibility())"
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window_and_follows_its_light(
    opened: Chrome, width: int, scheme: str
) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    opened.execute_script("openAll('details', true)")
    wide = "return document.documentElement.scrollWidth"
    assert opened.execute_script(wide) <= width
    paper = "return getComputedStyle(document.body).backgroundColor"
    assert (
        opened.execute_script(paper)
        == {
            "light": "rgb(255, 255, 255)",
            "dark": "rgb(20, 24, 29)",
        }[scheme]
    )
