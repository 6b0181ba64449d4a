"""A tiny folder of annotations, and a tagger trained on it once for all tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rubrika.tagger import Tagger
from rubrika_train import training
from rubrika_train.annotations import read as read_annotations
from rubrika_train.settings import Settings, read
from rubrika_train.training import Trained

ROOT = Path(__file__).resolve().parents[1]

THEMES = """
[[themes]]
id = "tourism"
ru = "Туризм"
en = "Tourism"
definition = "Travel and hotels."

[[themes]]
id = "automotive"
ru = "Автопром"
en = "Automotive"
definition = "Makers of cars."
"""

TOURISM = (
    "Туристы едут на море, гостиницы курорта заполнены на {} процентов.",
    "Туроператоры открыли новый маршрут для туристов, отели ждут гостей с {} числа.",
    "Туристический поток вырос в {} раза, путешественники бронируют гостиницы заранее.",
    "Курорт примет {} тысяч отдыхающих, отели и турфирмы готовы к сезону.",
)
AUTOMOTIVE = (
    "Автозавод выпустил {} автомобилей новой модели, дилеры ждут машины.",
    "Продажи автомобилей выросли в {} раза, дилер открыл салон электромобилей.",
    "На конвейере автозавода собирают электромобили, кузов сваривают {} роботов.",
    "Автопроизводитель показал седан и {} кроссовера, мотор локализован на заводе.",
)
NONE = (
    "Суд приговорил чиновника к {} годам колонии за взятку.",
    "В области пройдут дожди, температура опустится до {} градусов.",
    "Хоккеисты выиграли матч со счётом {}:1 и вышли в финал.",
    "Врачи больницы провели {} операций на сердце за месяц.",
)


def write_annotations(folder: Path, copies: int = 4) -> Path:
    """Write the tiny annotations to a folder: three kinds of article, `copies` of each sentence."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "themes.toml").write_text(THEMES, encoding="utf-8")
    articles: list[object] = []
    labels: list[object] = []
    for themes, sentences in ((["tourism"], TOURISM), (["automotive"], AUTOMOTIVE), ([], NONE)):
        for copy in range(copies):
            for sentence in sentences:
                number = len(articles)
                text = f"{sentence.format(number + 2)} {sentences[copy % len(sentences)]}"
                articles.append({"id": f"a{number}", "text": text.replace("{}", str(copy))})
                labels.append(judgement(f"a{number}", themes))
    write_jsonl(folder / "articles.jsonl", articles)
    write_jsonl(folder / "labels.jsonl", labels)
    return folder


def judgement(article: str, themes: Sequence[str], annotator: str = "first") -> dict[str, object]:
    return {
        "id": article,
        "themes": list(themes),
        "annotator": annotator,
        "labelled_at": "2026-11-01",
    }


def write_jsonl(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def read_jsonl(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    """Write a fresh folder of the tiny annotations, to change at will."""
    return write_annotations(tmp_path / "annotations")


@pytest.fixture(scope="session")
def tiny_settings() -> Settings:
    return read(overrides=["folds=3", "features.min_articles=1"])


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_settings: Settings) -> Trained:
    folder = write_annotations(tmp_path_factory.mktemp("tiny"))
    return training.train(read_annotations(folder), tiny_settings)


@pytest.fixture(scope="session")
def tagger(trained: Trained) -> Tagger:
    return trained.tagger


@pytest.fixture(scope="session")
def tiny_bundle(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the tiny tagger as a folder, not to be changed."""
    folder = tmp_path_factory.mktemp("bundle") / "tiny"
    trained.save(folder)
    return folder


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line in an empty folder; stdout and stderr are kept apart."""
    from rubrika_train.cli import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return call
