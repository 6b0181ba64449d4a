"""The queue: what is worth labelling, without what is known already, and why each was taken."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rubrika.errors import InputError
from rubrika.keywords import Keyword, Rules
from rubrika.tagger import Tagger
from rubrika_train.annotations import Annotations, Article, read
from rubrika_train.exchange.records import Item
from rubrika_train.queueing import Queue, Wanted, distances, queue
from tests.conftest import (
    AUTOMOTIVE,
    NONE,
    TOURISM,
    Run,
    judgement,
    write_annotations,
    write_jsonl,
)


def articles(count: int) -> list[Item]:
    """Make articles that share words and no sentence, on a theme, between two, or on none."""
    words = [" ".join(part).split() for part in (TOURISM, AUTOMOTIVE, NONE)]
    generator = np.random.default_rng(1)
    items = []
    for number in range(count):
        drawn = [str(one) for part in words for one in generator.choice(part, number % 3 + 2)]
        items.append(Item(Article(id=f"n{number}", text=" ".join(drawn))))
    return items


@pytest.fixture
def folder(annotated: Path) -> Annotations:
    return read(annotated)


def test_a_queue_is_the_same_each_time(folder: Annotations, tagger: Tagger) -> None:
    one, other = (queue(folder, articles(60), tagger, Wanted(20)) for _ in range(2))
    assert one == other
    assert len({item.article.id for item in one.items}) == 20
    assert one.reasons["random"] == 4
    assert [item.queued_for for item in one.items[:5]].count("random") == 4


def test_another_seed_draws_others(folder: Annotations, tagger: Tagger) -> None:
    def drawn(seed: int) -> list[str]:
        found = queue(folder, articles(60), tagger, Wanted(20, seed=seed))
        return [item.article.id for item in found.items if item.queued_for == "random"]

    assert drawn(1) != drawn(2)


def test_an_article_that_holds_a_keyword_is_asked_for(tagger: Tagger) -> None:
    """Keywords decide tourism here: articles with one come first, all others are equally far."""
    by_keywords = replace(tagger, rules=Rules({"tourism": (Keyword("курорт", (("курорт",),)),)}))
    texts = ("Курорт закрыт на зиму.", "Отели полны туристов.", "Суд идёт.")
    items = [Item(Article(id=text, text=text)) for text in texts]
    far = distances(by_keywords, items)
    assert far[0, 0] == 0
    assert far[1, 0] == far[2, 0] > 10
    np.testing.assert_array_equal(far[:, 1], distances(tagger, items)[:, 1])


def test_the_rest_lies_nearest_to_thresholds(folder: Annotations, tagger: Tagger) -> None:
    offered = articles(60)
    found = queue(folder, offered, tagger, Wanted(10, random_share=0))
    columns = {theme.id: column for column, theme in enumerate(tagger.themes)}
    rows = {item.article.id: row for row, item in enumerate(offered)}
    far = distances(tagger, offered)
    first = found.items[0]
    column = columns[first.queued_for or ""]
    assert far[rows[first.article.id], column] == far[:, column].min()
    assert found.reasons == {"automotive": 5, "tourism": 5}


def test_a_theme_with_few_labels_gets_more_turns(tmp_path: Path, tagger: Tagger) -> None:
    folder = write_annotations(tmp_path / "few")
    labels = (folder / "labels.jsonl").read_text("utf-8").splitlines()
    few = [line for number, line in enumerate(labels) if "tourism" not in line or number < 1]
    (folder / "labels.jsonl").write_text("\n".join(few) + "\n", "utf-8")
    found = queue(read(folder), articles(60), tagger, Wanted(12, random_share=0))
    # 17 automotive labels to 1: with one added to each, √(17/2) = 2.9 times the turns.
    assert found.reasons == {"automotive": 3, "tourism": 9}


def test_near_duplicates_are_left_out(folder: Annotations, tagger: Tagger) -> None:
    known = folder.articles[0]
    offered = [*articles(4), Item(Article(id="again", text=f"{known.text} Ура"))]
    offered.append(Item(Article(id="twice", text=f"{offered[2].article.text} ура")))
    found = queue(folder, offered, tagger, Wanted(10))
    assert found.duplicates == 2
    assert {item.article.id for item in found.items} == {"n0", "n1", "n2", "n3"}


def test_what_is_not_russian_is_left_out(folder: Annotations, tagger: Tagger) -> None:
    foreign = Item(Article(id="en", text="The hotel welcomed its first tourists this summer."))
    found = queue(folder, [*articles(2), foreign], tagger, Wanted(10))
    assert (found.mute, len(found.items)) == (1, 2)


@pytest.mark.parametrize("count", [1, 3, 7])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_counts_hold(folder: Annotations, tagger: Tagger, count: int, share: float) -> None:
    found: Queue = queue(folder, articles(5), tagger, Wanted(count, share))
    assert len(found.items) == min(count, 5)
    drawn = Counter(item.queued_for == "random" for item in found.items)[True]
    assert drawn == round(min(count, 5) * share)


def test_nothing_to_choose_from_is_an_error(folder: Annotations, tagger: Tagger) -> None:
    with pytest.raises(InputError) as raised:
        queue(folder, [], tagger, Wanted(5))
    assert str(raised.value) == "no unlabelled article to queue; give some with --data"


def test_the_command_writes_any_format(
    run: Run, annotated: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    rows = [item.article.model_dump(exclude_none=True) for item in articles(20)]
    write_jsonl(tmp_path / "new.jsonl", rows)
    result = run(
        *("labels", "queue", annotated, "--data", "new.jsonl", "-n", 10, "-m", tiny_bundle),
        *("--format", "csv", "--suggest", "-o", "queue.csv"),
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "10 articles of 20 written to queue.csv: automotive 4, random 2, tourism 4\n"
    )
    with (tmp_path / "queue.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert Counter(line["queued_for"] for line in lines)["random"] == 2
    assert any(line["suggested"] for line in lines)
    assert {line["themes"] for line in lines} == {""}


def test_the_folder_has_its_own_unlabelled_articles(
    run: Run, annotated: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    with (annotated / "articles.jsonl").open("a") as file:
        for item in articles(3):
            file.write(json.dumps(item.article.model_dump(exclude_none=True)) + "\n")
    with (annotated / "labels.jsonl").open("a") as file:
        file.write(json.dumps(judgement("n0", [])) + "\n")
    result = run(
        *("labels", "queue", annotated, "-m", tiny_bundle, "--format", "label-studio"),
        *("-o", "tasks.json", "--config-out", "page.xml"),
    )
    assert result.exit_code == 0
    tasks = json.loads((tmp_path / "tasks.json").read_text("utf-8"))
    assert {task["data"]["ref_id"] for task in tasks} == {"n1", "n2"}
    assert (tmp_path / "page.xml").exists()
