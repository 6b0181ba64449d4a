"""Export, then import: nothing is lost that a format can carry."""

from __future__ import annotations

import io
import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.annotations import Annotations, Article, Judgement, read_themes
from rubrika_train.exchange.formats import FORMATS, WRITABLE, recognise
from rubrika_train.exchange.names import Names, Titles, key, new_theme
from rubrika_train.exchange.records import Item, Reading, Suggestion
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import cell_of, names_in_cell
from rubrika_train.planning import Asked, plan
from tests.conftest import ROOT

# A busy machine is slow, not wrong.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LETTERS = "абвгеёжзийклмнопрстуфхцчшщъыьэюяАБВЁЖZz019"
ODD = LETTERS + ".,;:#|_-«»\"'\\[]{}()=+@—%$&<>\u2028\x7f😀"
# Titles clash now and then in case, ё, hyphens or with another's id, as people make them.
names = st.text(ODD, min_size=1, max_size=8).filter(str.strip)
ids = st.text(string.ascii_lowercase + "_", min_size=1, max_size=6).filter(key)
lines = st.text(ODD + " ", min_size=1, max_size=40).map(str.strip).filter(bool)
texts = st.lists(lines, min_size=1, max_size=3).map("\n\n".join)


@st.composite
def theme_lists(draw: st.DrawFn) -> tuple[Theme, ...]:
    found = draw(st.lists(ids, min_size=2, max_size=5, unique_by=key))
    return tuple(Theme(one, draw(names), draw(names), draw(lines)) for one in found)


@st.composite
def judgements(draw: st.DrawFn, article: str, themes: Sequence[Theme]) -> list[Judgement]:
    people = draw(st.lists(lines, max_size=2, unique_by=lambda name: name.strip()))
    found = []
    for annotator in people:
        says = [draw(st.sampled_from([True, False, None])) for _ in themes]
        yes = tuple(theme.id for theme, said in zip(themes, says, strict=True) if said)
        no = tuple(theme.id for theme, said in zip(themes, says, strict=True) if said is False)
        found.append(
            Judgement(
                id=article,
                themes=tuple(sorted(yes)),
                not_themes=tuple(sorted(no)) if draw(st.booleans()) else None,
                annotator=annotator,
                labelled_at=draw(st.sampled_from(["2026-11-01", "2026-11-01T10:00:00+00:00"])),
                final=draw(st.booleans()),
                disputed=tuple(sorted(draw(st.sets(st.sampled_from([t.id for t in themes]))))),
            )
        )
    return found


@st.composite
def folders(draw: st.DrawFn) -> tuple[tuple[Theme, ...], list[Item]]:
    themes = draw(theme_lists())
    items = []
    for number, text in enumerate(draw(st.lists(texts, min_size=1, max_size=3, unique_by=key))):
        title = draw(st.none() | lines)
        article = Article(
            id=f"a{number}",
            title=title,
            # Some texts have their title at their head already.
            text=f"{title}\n\n{text}" if title and draw(st.booleans()) else text,
            source_url=draw(st.none() | lines),
            published=draw(st.none() | st.just("2026-11")),
        )
        items.append(Item(article, tuple(draw(judgements(article.id, themes)))))
    return themes, items


def exported(format: str, items: Sequence[Item], themes: Sequence[Theme]) -> Source:
    write = FORMATS[format].write
    assert write is not None
    file = io.BytesIO()
    write(items, themes, file)
    return Source(Path(f"labels.{'csv' if format == 'csv' else 'json'}"), file.getvalue())


def imported(
    format: str, source: Source, themes: Sequence[Theme], articles: Sequence[Article] = ()
) -> tuple[dict[str, Article], dict[tuple[str, str], Judgement]]:
    empty = Annotations(tuple(themes), tuple(articles), (), "")
    records = list(FORMATS[format].read(source, Reading()))
    found = plan(empty, records, Asked(), "somebody", "labels")
    assert (found.unknown, found.conflicts, found.themes) == ((), (), ())
    return (
        {one.id: one for one in found.articles},
        {(one.id, one.annotator): one for one in found.judgements},
    )


def says_something(judgement: Judgement) -> bool:
    return bool(judgement.not_themes is None or judgement.themes or judgement.not_themes)


@pytest.mark.parametrize(
    "format", ["label-studio", "doccano", "prodigy", "argilla", "jsonl", "csv"]
)
@given(folder=folders())
@settings(PATIENT, max_examples=150)
def test_judgements_and_articles_come_back(
    format: str, folder: tuple[tuple[Theme, ...], list[Item]]
) -> None:
    themes, items = folder
    source = exported(format, items, themes)
    articles, found = imported(format, source, themes)
    kept = {
        (one.id, one.annotator): one
        for item in items
        for one in item.judgements
        if format != "prodigy" or says_something(one)
    }
    assert found == kept
    assert articles == {
        item.article.id: item.article
        for item in items
        if any((item.article.id, one.annotator) in kept for one in item.judgements)
    }


@given(folder=folders())
@settings(PATIENT, max_examples=150)
def test_fasttext_keeps_themes_and_words(folder: tuple[tuple[Theme, ...], list[Item]]) -> None:
    themes, items = folder
    gold = [Item(item.article, item.judgements[:1]) for item in items]
    source = exported("fasttext", gold, themes)
    articles = [item.article for item in items]
    _, found = imported("fasttext", source, themes, articles)
    assert {(one.id, one.themes) for one in found.values()} == {
        (one.id, one.themes) for item in gold for one in item.judgements if one.not_themes is None
    }


@pytest.mark.parametrize("format", WRITABLE)
@given(folder=folders())
@settings(PATIENT, max_examples=40)
def test_what_is_written_is_recognised(
    format: str, folder: tuple[tuple[Theme, ...], list[Item]]
) -> None:
    themes, items = folder
    full = Judgement(id="a0", themes=(themes[0].id,), annotator="x", labelled_at="2026-11-01")
    labelled = [Item(items[0].article, (full,))]
    assert recognise(exported(format, labelled, themes)) == format


@pytest.mark.parametrize("format", WRITABLE)
def test_suggestions_are_never_read_as_labels(format: str) -> None:
    themes = (Theme("tourism", "Туризм", "Tourism", ""),)
    article = Article(id="a", text="Отель принял туристов")
    item = Item(article, (), (Suggestion("tourism", 0.9),), "m")
    source = exported(format, [item], themes)
    if format == "doccano":  # It has no other place for them than that of labels.
        with pytest.raises(InputError, match="Rubrika's own tags, not labels"):
            list(FORMATS[format].read(source, Reading()))
    else:
        (record,) = FORMATS[format].read(source, Reading())
        assert record.said == ()


@given(st.lists(st.text(ODD, min_size=1).map(str.strip).filter(bool), max_size=4))
def test_names_survive_a_cell(found: list[str]) -> None:
    assert names_in_cell(cell_of(found)) == tuple(found)


@given(theme_lists())
def test_every_title_written_means_its_theme(themes: tuple[Theme, ...]) -> None:
    titles, known = Titles(themes), Names(themes)
    assert [known.ids(titles.of(theme.id)) for theme in themes] == [[one.id] for one in themes]


SPELLINGS = {
    "the id": "digital_technology",
    "the Russian title": "Цифровые технологии",
    "the English title": "Digital technology",
    "another case": "ЦИФРОВЫЕ  технологии",
    "hyphens": "digital-technology",
}


@pytest.mark.parametrize("name", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_themes_have_many_spellings(name: str) -> None:
    theme = Theme("digital_technology", "Цифровые технологии", "Digital technology", "")
    assert Names([theme]).ids(name) == ["digital_technology"]


@pytest.mark.parametrize("theme", read_themes(ROOT / "annotations"), ids=lambda theme: theme.id)
def test_the_names_of_the_project_themes_do_not_clash(theme: Theme) -> None:
    known = Names(read_themes(ROOT / "annotations"))
    for name in (theme.id, theme.ru, theme.en, theme.ru.upper(), theme.id.replace("_", " ")):
        assert known.ids(name) == [theme.id]


def test_yo_is_ye() -> None:
    assert Names([Theme("flights", "Самолёты", "Flights", "")]).ids("самолеты") == ["flights"]


@pytest.mark.parametrize(
    ("title", "theme_id"),
    [
        ("Спорт", "sport"),
        ("Жильё и щебень", "zhile_i_shcheben"),
        ("Цифровые технологии 2.0", "tsifrovye_tekhnologii_2_0"),
        ("Sports & Games", "sports_games"),
        ("Taken", "taken_2"),
        ("体育", "theme"),
    ],
)
def test_ids_of_new_themes(title: str, theme_id: str) -> None:
    theme = new_theme(title, ["taken"], "export.json")
    assert (theme.id, theme.ru) == (theme_id, title)
    assert theme.definition == "Came with the labels of export.json; not defined yet."
