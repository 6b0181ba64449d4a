"""Page debris goes, the article stays, and nothing moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubrika.debris import RULES, Reach, Rule, blank_debris, blank_known_lines
from rubrika.forms import Forms
from rubrika.vocabulary import Vocabulary
from rubrika.words import hashes_of

# "- " marks the lines that must go.
PAGES = {
    "link box in the middle": """
Завод открыл новую линию.
- Читайте также:
- Туристы выбирают Алтай
- Как получить кредит на бизнес
Мощность линии — пять тысяч тонн в год, сообщил директор.
""",
    "link in one line": """
Порт принял первый контейнеровоз.
- Читайте также: Экспорт зерна вырос вдвое
Судно пришло из Китая.
""",
    "menu, breadcrumb, counters": """
- Главная Новости Экономика Общество Спорт Контакты
- Главная / Новости / Экономика
- 12 мая 2024, 15:30
- Просмотров: 1 245
Сев яровых завершили в срок.
- Поделиться: ВКонтакте, Telegram, Одноклассники
- Версия для печати
""",
    "comment form and footer": """
Суд вынес приговор.
- Комментарии (3)
- Оставить комментарий
- Ваш адрес email не будет опубликован. Обязательные поля помечены *
- Имя * E-mail * Сайт
- © 2024 ИА «Область». Все права защищены.
- При использовании материалов сайта активная ссылка обязательна.
- Мы используем файлы cookie. Продолжая пользоваться сайтом, вы соглашаетесь с этим.
- Подписывайтесь на наш Telegram-канал и узнавайте новости первыми
- Нашли ошибку? Выделите её и нажмите Ctrl+Enter
- Теги: экспорт, промышленность, Китай
- Фото: пресс-служба губернатора
""",
    "news list with blank lines": """
Музей открыл выставку.
- Последние новости
-
- В Сочи задержали рейс
-
- Курс доллара снизился
Директор музея рассказал, что экспонаты привезли из трёх городов.
""",
    "an article that only sounds like debris": """
Последние новости о сделке появились вечером.
Читайте условия договора внимательно, советует юрист.
Главная задача — накормить людей.
Подробнее о программе рассказал министр.
Реклама в интернете подорожала на треть.
Поделиться опытом приехали аграрии из десяти регионов.
Комментарии экспертов разошлись.
Видео стало популярным за день.
При любом раскладе завод получит согласие министерства.
Спорт и туризм получат деньги из бюджета.
""",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_debris_goes_and_the_article_stays(page: str) -> None:
    lines = page.strip("\n").split("\n")
    text = "\n".join(line.removeprefix("- ").removeprefix("-") for line in lines)
    left = blank_debris(text).split("\n")
    assert [line for line in left if line.strip()] == [
        line for line in lines if not line.startswith("-")
    ]


def test_an_article_in_one_line_is_left_alone() -> None:
    text = "Читайте также: как завод вышел на экспорт"
    assert blank_debris(text) == text


def test_a_box_holds_only_so_many_headlines() -> None:
    headlines = [f"Заголовок {number}" for number in range(20)]
    left = blank_debris("\n".join(["Читайте также", *headlines]))
    assert [line for line in left.split("\n") if line.strip()] == headlines[12:]


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@given(st.lists(st.sampled_from(["Читайте также:", "Заголовок", "Главная / Спорт", "Завод.", ""])))
def test_blanking_moves_nothing_and_is_idempotent(lines: list[str]) -> None:
    text = "\n".join(lines)
    left = blank_debris(text)
    assert len(left) == len(text)
    assert all(new in (old, " ") for new, old in zip(left, text, strict=True))
    assert blank_debris(left) == left


# What stands around a line of debris must not matter to whether it is looked at.
DRESS = st.tuples(st.sampled_from(["", "— ", "• ", "«", "\t"]), st.sampled_from(["", ".", " "]))
KNOWN_BY_BEGINNING = [rule for rule in RULES if rule.reach is not Reach.MARKED_LINE]


@pytest.mark.parametrize("rule", KNOWN_BY_BEGINNING, ids=lambda rule: rule.name)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_glance_at_beginnings_misses_no_debris(rule: Rule, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(rule.pattern, fullmatch=True))
    before, after = data.draw(DRESS)
    line = data.draw(st.sampled_from([line, line.upper(), line.capitalize()]))
    text = f"Завод открыл линию.\n{before}{line}{after}\nЗаголовок под ней"
    assert blank_known_lines(text) == blank_debris(text)


@pytest.mark.parametrize("above", ["Все", "Время", "Ваш", "В", "— Нашли\n", "5", "12\n"])
@pytest.mark.parametrize("line", ["Читайте также:", "Просмотров: 120", "Комментарии: 3", "Печать"])
def test_a_line_that_is_half_a_beginning_hides_no_debris_below(above: str, line: str) -> None:
    text = f"Завод открыл линию.\n{above}\n{line}\nЗаголовок под ней"
    assert blank_known_lines(text) == blank_debris(text) != text


MARKED_LINES = (
    "Подписывайтесь на наш канал",
    "Подпишитесь на рассылку новостей",
    "Чтобы подписаться на новости, оставьте адрес",
    "Наш Telegram-канал — новости без задержки",
    "Мы в Телеграме",
    "Читайте нас в Дзене, статья каждый день",
    "Следите за нами в MAX",
    "© Завод. Все права защищены, 2024",
    "Сайт ставит cookie-файлы, канал соглашается",
    "Используем файлы cookies",
    "Куки: продолжая читать, вы их принимаете",
)
COUNTED = ("завод", "заголовок", "новость", "канал", "статья", "файлы", "наш", "мы", "рассылку")


@pytest.mark.parametrize("line", MARKED_LINES)
@pytest.mark.parametrize("case", ["as it is", "lower", "upper"])
def test_counting_leaves_out_marked_lines(line: str, case: str) -> None:
    line = {"as it is": line, "lower": line.lower(), "upper": line.upper()}[case]
    text = f"Завод открыл линию.\n{line}\nНаш завод дал новость."
    assert blank_debris(text) != text
    vocabulary = Vocabulary.of(COUNTED, Forms.build(hashes_of(COUNTED), np.arange(len(COUNTED))))
    counts = vocabulary.count(["Новость", text, "Статья"])
    assert (counts.texts.tolist(), counts.rows.tolist()) == ([0, 1, 1, 1, 2], [2, 0, 2, 6, 4])
    assert counts.words.tolist() == [1, 7, 1]
