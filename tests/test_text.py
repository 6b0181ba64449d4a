"""Tokens and lemmas, as readable tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrika.text import NO_LEMMA, forms, lemma, lemmas, tokens

TOKENS = """
Экспорт вырос на 5%               | Экспорт вырос на 5
«Мой бизнес» и «РЖД»              | Мой бизнес и РЖД
онлайн-магазин, е-коммерция       | онлайн-магазин е-коммерция
самолёт МС-21 и B2B-площадка      | самолёт МС-21 и B2B-площадка
Wildberries, O'Key и Citroën      | Wildberries O'Key и Citroën
кто-то сказал — и ушёл            | кто-то сказал и ушёл
сайт rzd.ru                       | сайт rzd ru
млн руб./год                      | млн руб год
пере\u00adнос и за\u0301мок       | пере\u00adнос и за\u0301мок
тире-конец- и -начало             | тире-конец и начало
"""

LEMMAS = """
# forms of one word
экспортёры      экспортер
экспортёров     экспортер
ЭКСПОРТЁРЫ      экспортер
автомобилями    автомобиль
выставке        выставка
# compounds keep their hyphen, whatever its kind
онлайн-магазина онлайн-магазин
онлайн‑магазина онлайн-магазин
бизнес-миссии   бизнес-миссия
# names and brands
Владивостоке    владивосток
Wildberries     wildberries
B2B             b2b
МС-21           мс-21
# е for ё
ёлка            елка
учёт            учет
# marks inside a word go
пере\u00adнос   перенос
за\u0301мок     замок
"""

WITHOUT_LEMMA = [
    "и",
    "в",
    "на",
    "что",
    "который",
    "этот",
    "он",
    "не",
    "же",
    "ли",
    "5",
    "2024",
    "1990-2000",
    "я",
    "а",
]


def rows(table: str) -> list[str]:
    lines = table.encode("raw_unicode_escape").decode("raw_unicode_escape").strip().splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("row", rows(TOKENS))
def test_tokens_of_text(row: str) -> None:
    text, _, expected = row.partition("|")
    assert forms(text) == expected.split()


@pytest.mark.parametrize("row", rows(LEMMAS))
def test_lemma_of_form(row: str) -> None:
    form, expected = row.split()
    assert lemma(form) == expected


@pytest.mark.parametrize("form", WITHOUT_LEMMA)
def test_function_words_and_numbers_have_no_lemma(form: str) -> None:
    assert lemma(form) == NO_LEMMA
    assert lemma(form.upper()) == NO_LEMMA


def test_lemmas_leave_out_function_words() -> None:
    assert lemmas("Туристы поехали на море, и в отеле их ждали.") == [
        "турист",
        "поехать",
        "море",
        "отель",
        "ждать",
    ]


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_tokens_stand_where_they_say(text: str) -> None:
    found = list(tokens(text))
    assert [text[token.start : token.stop] for token in found] == [token.form for token in found]
    assert [token.form for token in found] == forms(text)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВ-’'", max_size=20))
def test_lemma_does_not_depend_on_case(form: str) -> None:
    assert lemma(form.upper()) == lemma(form.lower())
