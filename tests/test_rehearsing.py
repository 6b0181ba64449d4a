"""A rehearsal: parts that share no article, and answers that are the source's own."""

from __future__ import annotations

from pathlib import Path

from rubrika_train.annotations import check, read
from rubrika_train.exporting import unlabelled_items
from rubrika_train.labelled import read_labelled
from rubrika_train.rehearsing import rehearse


def test_every_article_is_in_one_part(annotated: Path, tmp_path: Path) -> None:
    parts = rehearse(annotated, tmp_path / "scratch", labelled=12, held_out=10)
    source = read(annotated)
    known, faults = check(parts.annotations)
    new = {item.article.id for item in unlabelled_items([parts.new])}
    held = {article.id for article in read_labelled(parts.held_out, source.themes)}
    own = {article.id for article in known.judged}
    assert (faults, len(own)) == ([], 12)
    assert len(held) >= 10
    assert sorted([*own, *new, *held]) == sorted(source.gold)


def test_it_is_the_same_each_time(annotated: Path, tmp_path: Path) -> None:
    one, other = (rehearse(annotated, tmp_path / name, 12, 10) for name in ("one", "other"))
    assert read(one.annotations).sha256 == read(other.annotations).sha256
    assert one.new.read_bytes() == other.new.read_bytes()
    assert one.held_out.read_bytes() == other.held_out.read_bytes()


def test_answers_are_the_gold_of_the_source(annotated: Path, tmp_path: Path) -> None:
    parts = rehearse(annotated, tmp_path / "scratch", labelled=12, held_out=10)
    asked = list(unlabelled_items([parts.new]))[:4]
    gold = read(annotated).gold
    answers = parts.answers(asked)
    assert {item.article.id for item in answers} == {item.article.id for item in asked}
    for item in answers:
        assert frozenset(item.judgements[0].themes) == gold[item.article.id].themes
