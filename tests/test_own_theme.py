"""A theme of one's own, from themes.toml to tags, through the command line alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rubrika.decision import Floats
from rubrika_train.annotations import read
from rubrika_train.fitting import build_pipeline, label_matrix
from rubrika_train.settings import Settings
from tests.conftest import TOURISM, Run, judgement

# The judgements of `annotated` are older.
SINCE, AFTER = "2026-12-01", "2026-12-02"
SMALL = ("--set", "folds=3", "--set", "features.min_articles=1")

SPORT = (
    "Хоккеисты сборной забили {} шайбы, тренер доволен матчем и вратарём команды.",
    "Футбольный клуб выиграл матч чемпионата, нападающий забил {} гола за тайм.",
    "Биатлонистка взяла {} медали на этапе кубка, лыжники сборной остались без наград.",
    "Теннисист вышел в финал турнира, обыграв соперника в {} сетах, стадион рукоплескал.",
    "Баскетболисты клуба победили в матче, команда набрала {} очков в чемпионате.",
)
OTHER = (
    "Музей открыл выставку графики, посетителям покажут {} листов.",
    "Синоптики обещают дожди и {} градусов, в горах выпадет снег.",
    "Суд рассмотрел дело о наследстве, адвокат подал {} жалобы.",
    "Учёные описали {} вида бабочек, статья вышла в журнале.",
    "Хор филармонии исполнит кантату, билетов осталось {}.",
)
MATCH = "Хоккеисты клуба выиграли матч, вратарь команды отразил тридцать бросков."


Labelled = Sequence[tuple[str, dict[str, object]]]


def table(theme_id: str, title: str, **fields: object) -> str:
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items()
    ]
    start = f'\n[[themes]]\nid = "{theme_id}"\nru = "{title}"\nen = "{theme_id}"\ndefinition = ""\n'
    return start + "".join(lines)


def add(folder: Path, tables: str, labelled: Labelled = ()) -> None:
    """Add themes to a folder, and articles with what their judgement says."""
    with (folder / "themes.toml").open("a", encoding="utf-8") as file:
        file.write(tables)
    articles = (folder / "articles.jsonl").open("a", encoding="utf-8")
    labels = (folder / "labels.jsonl").open("a", encoding="utf-8")
    with articles, labels:
        for number, (text, said) in enumerate(labelled):
            own = {**judgement(f"new{number}", []), "labelled_at": AFTER, **said}
            articles.write(json.dumps({"id": f"new{number}", "text": text}) + "\n")
            labels.write(json.dumps(own) + "\n")


def trained(run: Run, folder: Path) -> str:
    """Check and train; return what was said."""
    assert run("labels", "check", folder).exit_code == 0
    result = run("train", folder, "-o", "tagger", *SMALL)
    assert result.exit_code == 0, result.stderr
    return result.stderr


def tags_of(run: Run, text: str, *options: str) -> list[dict[str, object]]:
    result = run("predict", "-", "-m", "tagger", *options, stdin=text.encode())
    assert result.exit_code == 0
    tags = json.loads(result.stdout)["tags"]
    assert isinstance(tags, list)
    return tags


def twenty(yes: dict[str, object], no: dict[str, object]) -> Labelled:
    """Return ten articles with the theme and ten without, and what their judgements say."""
    return [
        (sentence.format(number + 2), said)
        for sentences, said in ((SPORT, yes), (OTHER, no))
        for sentence in sentences
        for number in range(2)
    ]


TWENTY = twenty({"themes": ["sport"]}, {"themes": []})


def test_a_table_and_twenty_labels_make_a_theme(run: Run, annotated: Path) -> None:
    add(annotated, table("sport", "Спорт", since=SINCE), TWENTY)
    trained(run, annotated)
    (tag,) = tags_of(run, MATCH)
    assert tag["theme"] == "sport"
    assert tag.keys() == {"theme", "probability", "threshold"}
    assert tags_of(run, OTHER[0].format(9)) == []
    explained = run("explain", "-", "-m", "tagger", "--theme", "sport", stdin=MATCH.encode())
    assert explained.stdout.startswith("Спорт (sport): given; probability ")


def test_older_judgements_say_nothing_of_a_newer_theme(annotated: Path) -> None:
    named = {**judgement("a0", ["sport"]), "annotator": "second", "final": True}
    add(annotated, table("sport", "Спорт", since=SINCE), TWENTY)
    with (annotated / "labels.jsonl").open("a") as file:
        file.write(json.dumps(named) + "\n")
    gold = read(annotated).gold
    assert "sport" in gold["a0"].themes  # an older judgement that names it speaks of it
    assert "sport" in gold["a1"].open
    assert "sport" in gold["new0"].themes
    assert "sport" not in gold["new19"].themes | gold["new19"].open


@pytest.mark.parametrize(
    ("labelled_at", "is_open"),
    [("2026-11-30T23:59:59", True), (SINCE, False), ("2026-12-01T00:00:00", False)],
)
def test_the_first_day_counts(annotated: Path, labelled_at: str, is_open: bool) -> None:
    add(
        annotated,
        table("sport", "Спорт", since=SINCE),
        [(MATCH, {"themes": [], "labelled_at": labelled_at})],
    )
    assert ("sport" in read(annotated).gold["new0"].open) == is_open


def test_the_mark_of_utf_8_goes(annotated: Path) -> None:
    path = annotated / "themes.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [theme.id for theme in read(annotated).themes] == ["tourism", "automotive"]


def test_without_a_first_day_every_full_judgement_says_no(annotated: Path) -> None:
    add(annotated, table("sport", "Спорт"))
    assert not any(gold.open for gold in read(annotated).gold.values())


def weights_of_tourism(folder: Path, settings: Settings) -> Floats:
    annotations = read(folder)
    labels = label_matrix(annotations.judged, annotations.gold, annotations.themes)
    texts = [article.full_text for article in annotations.judged]
    classifier = build_pipeline(settings).fit(texts, labels)[-1]
    return np.append(classifier.coef_[0], classifier.intercept_[0])


@pytest.mark.parametrize(("said", "is_same"), [({"not_themes": ["automotive"]}, True), ({}, False)])
def test_partial_judgements_train_only_the_themes_they_speak_of(
    annotated: Path, tiny_settings: Settings, said: dict[str, object], is_same: bool
) -> None:
    """Articles about tourism that were only asked about cars leave tourism's weights alone."""
    before = weights_of_tourism(annotated, tiny_settings)
    add(annotated, "", [(sentence.format(9), said) for sentence in TOURISM])
    after = weights_of_tourism(annotated, tiny_settings)
    # The IDF of rare lemmas moves a little with the number of articles.
    assert (np.abs(before - after).max() < 0.01) == is_same


def test_keywords_alone_make_a_theme(run: Run, annotated: Path) -> None:
    add(annotated, table("sport", "Спорт", keywords=["вратарь", "чемпионат мира"], since=SINCE))
    said = trained(run, annotated)
    assert (
        "Warning: theme sport: given by its keywords; the model takes over when 5 articles have it "
        "and 5 have it not\n" in said
    )
    expected = {"theme": "sport", "probability": 1.0, "threshold": 0.5, "by": "keywords"}
    assert tags_of(run, MATCH) == [{**expected, "because": ["вратарь"]}]
    (surely,) = tags_of(run, MATCH, "--threshold", "0.9")
    assert (surely["theme"], surely["by"]) == ("sport", "keywords")
    assert tags_of(run, "Матч чемпионата мира") == [{**expected, "because": ["чемпионат мира"]}]
    assert tags_of(run, "Чемпионат прошёл в мире и согласии, хоккеисты рады") == []
    (tag,) = tags_of(run, TOURISM[0])
    assert tag.keys() == {"theme", "probability", "threshold"}


def test_tags_by_keywords_are_shown_as_such(run: Run, annotated: Path) -> None:
    add(annotated, table("sport", "Спорт", keywords=["вратарь", "матч"], since=SINCE))
    trained(run, annotated)
    shown = run("predict", "-", "-m", "tagger", "--format", "table", stdin=MATCH.encode()).stdout
    assert "rule  Спорт sport" in shown
    assert "by keywords: вратарь, матч" in shown
    csv = run("predict", "-", "-m", "tagger", "--format", "csv", stdin=MATCH.encode()).stdout
    assert csv.splitlines()[0].endswith("themes,status,model,probabilities,by")
    assert csv.splitlines()[1].endswith(",1.000,keywords")
    why = run("explain", "-", "-m", "tagger", stdin=MATCH.encode()).stdout
    assert why.startswith(
        "Спорт (sport): given; by keywords, the model does not know it yet\n"
        "  вратарь (вратарь); матч (матч)\n"
        "  2 of its keywords found; one is enough\n"
    )
    page = run("explain", "-", "-m", "tagger", "--format", "html", stdin=MATCH.encode()).stdout
    assert 'title="+1.00">вратарь</mark>' in page
    tree = json.loads(
        run("explain", "-", "-m", "tagger", "--format", "json", stdin=MATCH.encode()).stdout
    )
    assert [theme.get("by") for theme in tree["themes"]] == ["keywords", None]
    assert "by keywords: вратарь, матч" in run("themes", "-m", "tagger").stdout


def test_labels_take_over_from_keywords(run: Run, annotated: Path) -> None:
    add(annotated, table("sport", "Спорт", keywords=["музей"], since=SINCE), TWENTY)
    assert "keywords" not in trained(run, annotated)
    assert [tag["theme"] for tag in tags_of(run, MATCH)] == ["sport"]
    assert tags_of(run, OTHER[0].format(9)) == []


def test_a_part_of_a_theme_brings_the_whole(run: Run, annotated: Path) -> None:
    add(annotated, table("ski", "Лыжи", parent="tourism", keywords=["подъёмник"], since=SINCE))
    trained(run, annotated)
    text = "Врачи больницы осмотрели подъёмник и провели операцию."
    assert tags_of(run, text) == [
        {
            "theme": "tourism",
            "probability": 1.0,
            "threshold": pytest.approx(0.5, abs=0.2),
            "by": "child",
            "because": ["ski"],
        },
        {
            "theme": "ski",
            "probability": 1.0,
            "threshold": 0.5,
            "by": "keywords",
            "because": ["подъёмник"],
        },
    ]
    data = Path("data.jsonl")
    data.write_text(json.dumps({"id": 1, "text": text, "labels": ["ski"]}) + "\n")
    result = run("evaluate", data, "-m", "tagger", "--metrics-file", "metrics.json")
    assert result.exit_code == 0
    metrics = json.loads(Path("metrics.json").read_text())
    assert {theme: metrics["themes"][theme]["tp"] for theme in ("tourism", "ski")} == {
        "tourism": 1,
        "ski": 1,
    }


FAULTS = {
    "unknown parent": (
        table("sport", "Спорт", parent="turism"),
        "19: parent of 'sport': no theme 'turism'; did you mean tourism?",
    ),
    "its own parent": (
        table("sport", "Спорт", parent="sport"),
        "19: parents run in a circle: sport -> sport",
    ),
    "a circle": (
        table("sport", "Спорт", parent="ski") + table("ski", "Лыжи", parent="sport"),
        "19: parents run in a circle: sport -> ski -> sport",
    ),
    "a way into a circle": (
        table("run", "Бег", parent="sport")
        + table("sport", "Спорт", parent="ski")
        + table("ski", "Лыжи", parent="sport"),
        "26: parents run in a circle: sport -> ski -> sport",
    ),
    "no day": (
        table("sport", "Спорт", since="вчера"),
        "19: since: input should be a valid date or datetime, invalid character in year",
    ),
    "no word": (
        table("sport", "Спорт", keywords=["хоккей", "!"]),
        "19: keywords: '!' holds no word",
    ),
    "twice": (table("tourism", "Спорт"), "15: a theme id occurs twice"),
    "no such field": (
        table("sport", "Спорт", parents="tourism"),
        "19: parents: extra inputs are not permitted",
    ),
}


@pytest.mark.parametrize(("tables", "message"), FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("command", [("labels", "check"), ("train",)])
def test_faults_of_themes_are_named_with_file_and_line(
    run: Run, annotated: Path, command: Sequence[str], tables: str, message: str
) -> None:
    add(annotated, tables)
    result = run(*command, annotated)
    assert result.exit_code == 1
    assert result.stderr == f"Error: {annotated}/themes.toml:{message}\n"


def test_new_themes_of_an_import_bring_their_first_day(run: Run, annotated: Path) -> None:
    tasks = [
        {"id": "n1", "text": MATCH, "themes": ["Спорт"], "labelled_at": "2026-11-20"},
        {"id": "n2", "text": OTHER[0], "themes": [], "labelled_at": "2026-11-21"},
    ]
    file = Path("labels.jsonl")
    file.write_text("".join(json.dumps(task) + "\n" for task in tasks))
    arguments = ("labels", "import", file, "-a", annotated, "--new-themes", "--empty-is-none")
    result = run(*arguments, "--annotator", "third")
    assert result.exit_code == 0, result.stderr
    annotations = read(annotated)
    assert annotations.themes[-1].since == "2026-11-20"
    assert annotations.gold["a0"].open == {"sport"}
    assert annotations.gold["n2"].open == frozenset()


def test_a_first_day_is_after_the_judgements_that_are_there(run: Run, annotated: Path) -> None:
    file = Path("labels.jsonl")
    task = {"id": "n1", "text": MATCH, "themes": ["Спорт"], "labelled_at": "2026-10-01"}
    file.write_text(json.dumps(task) + "\n")
    result = run("labels", "import", file, "-a", annotated, "--new-themes")
    assert result.exit_code == 0, result.stderr
    assert read(annotated).themes[-1].since == "2026-11-02"  # the others are of 2026-11-01
    assert {one.open for one in read(annotated).gold.values()} == {
        frozenset({"sport"}),
        frozenset(),
    }
