"""Page debris: what a web page puts around an article, and text extraction leaves in it.

Debris is blanked, not cut: every character that stays keeps its place. Only whole lines go, so an
article that is one long line is never eaten; debris inside such a line stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import groupby
from operator import itemgetter


class Reach(Enum):
    """How a line of debris is known, and how far it reaches."""

    LINE = "the line itself, known by how it begins"
    MARKED_LINE = "the line itself, known by a word inside"
    BLOCK = "the line, known by how it begins, and the headlines under it"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of debris: how its line reads, and how far it reaches."""

    name: str
    pattern: str
    reach: Reach


_SECTION = (
    r"(?:главная|новости|лента|все новости|политика|экономика|общество|спорт|культура|наука|в мире|"
    r"бизнес|технологии|авто|происшествия|здоровье|недвижимость|туризм|финансы|статьи|интервью|"
    r"мнения|колонки|фото|видео|фоторепортажи|спецпроекты|подкасты|афиша|погода|реклама|контакты|"
    r"о компании|о нас|о проекте|редакция|вход|войти|регистрация|поиск|меню|подписка|архив|регионы|"
    r"пресс-центр|документы|деятельность|структура|карта сайта|ещё|еще)"
)
_GAP = r"[\s|/\\•·»›>→—–-]*"

# Patterns match a whole line in lower case; bullets before and a full stop after are allowed for.
RULES = (
    Rule(
        "link box",
        r"(?:читайте|смотрите|читать|слушайте)\s+(?:также|ещё|еще|по теме|в сюжете|далее)\s*:?",
        Reach.BLOCK,
    ),
    Rule(
        "news list",
        r"(?:(?:последние|другие|свежие|главные|все|похожие|популярные|лучшие|актуальные|важные)"
        r"\s+(?:новости|материалы|статьи|публикации|записи|сюжеты)(?:\s+(?:дня|часа|раздела|сайта))?"
        r"|(?:новости|материалы|статьи|ещё|еще|также|сюжет\w*)\s+(?:по|на эту)\s+(?:этой\s+)?тем[еу]"
        r"|по теме|ранее по теме|новости партн[её]ров|новости сми2|популярное|самое читаемое"
        r"|лента новостей|выбор редакции|рекомендуем(?:\s+(?:почитать|прочитать))?"
        r"|сейчас читают|главное за день|не пропустите|вам может быть интересно)\s*:?",
        Reach.BLOCK,
    ),
    Rule(
        "link to another article",
        r"(?:читайте|смотрите|читать)\s+(?:также|ещё|еще|по теме|подробнее)\s*[:—–-].{1,200}"
        r"|(?:ранее по теме|по теме|материал по теме)\s*[:—–-].{1,200}",
        Reach.LINE,
    ),
    Rule("menu", rf"{_SECTION}(?:{_GAP}{_SECTION}){{2,}}{_GAP}", Reach.LINE),
    Rule(
        "breadcrumb",
        rf"главная\s*[|/\\•·»›>→].{{0,200}}|{_SECTION}\s*[/»›>→]\s*.{{0,120}}",
        Reach.LINE,
    ),
    Rule(
        "share buttons",
        r"(?:поделиться|поделитесь|рассказать друзьям|отправить ссылку|скопировать ссылку)"
        r"(?:[\s:|,•·]+(?:в\s+|на\s+)?(?:новостью|ссылкой|ссылку|статьей|материалом|с друзьями|"
        r"друзьями|в соцсетях|в социальных сетях|вконтакте|вк|vk|одноклассники|одноклассниках|ок|ok|"
        r"telegram|телеграм\w*|whatsapp|viber|facebook|twitter|копировать ссылку|"
        r"скопировать ссылку|печать|и))*\s*[:…!]?",
        Reach.LINE,
    ),
    Rule(
        "invitation to subscribe",
        r".{0,60}\bподпи(?:сывайтесь|шитесь|саться)\s+на\s+.{0,160}"
        r"|.{0,40}\b(?:наш|мы в|читайте нас в|следите за нами в)\s+"
        r"(?:telegram|телеграм|дзен|яндекс|вконтакте|max)\S*.{0,100}",
        Reach.MARKED_LINE,
    ),
    Rule(
        "subscription form",
        r"читайте нас .{1,100}|присоединяйтесь к нам .{0,100}|ваш e-?mail\s*:?"
        r"|нажимая (?:на )?кнопку.{0,200}|я (?:даю )?согла(?:сен|шаюсь|сие) .{0,80}персональных .{0,80}",
        Reach.LINE,
    ),
    Rule(
        "comment form",
        r"(?:оставить|добавить|написать|отправить|ваш)\s+(?:комментарий|отзыв|ответ)\w*.{0,80}"
        r"|комментари[ийев]+\s*[:(]?\s*\d*\s*\)?|нет комментариев|комментарии (?:отключены|закрыты).{0,60}"
        r"|(?:ваш )?(?:адрес )?e-?mail не будет опубликован.{0,100}|обязательные поля.{0,60}"
        r"|чтобы оставить комментарий.{0,120}|имя\s*\*?(?:\s*e-?mail\s*\*?)?(?:\s*сайт)?"
        r"|сохранить мо[её] имя.{0,150}|(?:войдите|авторизуйтесь|зарегистрируйтесь),? чтобы.{0,100}",
        Reach.LINE,
    ),
    Rule(
        "copyright",
        r"(?:©|\(c\)|copyright\b).{0,200}"
        r"|(?:при (?:(?:полном|частичном|любом) )?(?:или частичном )?(?:использовании|цитировании|"
        r"перепечатке|копировании)|перепечатка|использование|копирование) .{0,40}(?:материал|ссылк)"
        r".{0,240}"
        r"|сетевое издание.{0,60}(?:зарегистрировано|свидетельство).{0,200}"
        r"|(?:свидетельство о регистрации|регистрационный номер).{0,160}|учредитель\s*[:—–-].{0,160}",
        Reach.LINE,
    ),
    Rule("reserved rights", r".{0,120}\bвсе права защищены.{0,160}", Reach.MARKED_LINE),
    Rule(
        "cookie notice",
        r".{0,160}\b(?:cookies?|куки)\b.{0,60}(?:файл|соглаша|используе|продолжая|политик).{0,200}"
        r"|.{0,160}(?:файл\w*|используе\w*|соглаша\w*)\b.{0,60}\b(?:cookies?|куки)\b.{0,200}",
        Reach.MARKED_LINE,
    ),
    Rule(
        "policies",
        r"политика (?:конфиденциальности|обработки персональных данных).{0,80}"
        r"|пользовательское соглашение",
        Reach.LINE,
    ),
    Rule(
        "page service",
        r"(?:версия для печати|распечатать|печать|на главную|наверх|назад|вернуться .{0,40}|"
        r"показать ещ[её]|загрузить ещ[её]|подробнее|далее|свернуть|развернуть|скачать приложение|"
        r"наш[её]л ошибку.{0,120}|нашли (?:ошибку|опечатку).{0,120}|ctrl\s*\+\s*enter|"
        r"версия для слабовидящих|вход\s*/\s*регистрация|реклама(?:\s*[|•·:.].{0,120})?|erid.{0,80}|"
        r"на правах рекламы|промо|18\+|16\+|12\+|6\+|0\+)",
        Reach.LINE,
    ),
    Rule(
        "counter",
        r"(?:просмотр(?:ов|ы)|прочитал[ио]|прочтений|лайк\w*|рейтинг|голосов|оценка|"
        r"время (?:чтения|на чтение)|читать)\s*[:—–-]?\s*[~≈]?\d[\d\s.,kк]*(?:мин\w*\.?|раз\w*)?"
        r"|\d[\d\s]*\s*(?:просмотр\w*|комментари\w*|прочтени\w*|мин\.? чтения)"
        r"|\d{1,2}[.:]\d{2}(?:\s*[,|•·]?\s*\d{1,2}[.\s]\S{1,10}[.\s]\d{4}.{0,60})?"
        r"|\d{1,2}[.\s](?:\d{2}|\w{3,8})[.\s]\d{4}(?:\s*(?:г\.?|года))?(?:\s*[,|•·в]?\s*\d{1,2}:\d{2}.{0,60})?",
        Reach.LINE,
    ),
    Rule(
        "tags",
        r"(?:теги|тэги|метки|ключевые слова|рубрик[аи]|категори[яи])\s*[:—–-].{0,300}",
        Reach.LINE,
    ),
    Rule(
        "picture credit",
        r"(?:фото|фотография|иллюстрация|изображение|видео|коллаж)\s*[:©/].{0,140}",
        Reach.LINE,
    ),
)

# A headline in a link box: one line, shorter than a paragraph, without the full stop of a sentence.
HEADLINE_CHARACTERS = 140
HEADLINES_IN_A_BOX = 12


@cache
def _compile(*reaches: Reach) -> re.Pattern[str]:
    alternatives = "|".join(rule.pattern for rule in RULES if rule.reach in reaches)
    return re.compile(rf"\W*(?:{alternatives})\s*\.?\s*")


# No marked line lacks all of these; looking for them first spares most articles the slow patterns.
_MARKS = ("подпи", "cookie", "куки", "права защищены", "telegram", "телеграм", "дзен", " в max")
# Longer lines are paragraphs: no pattern spans one, and the patterns need not be tried on them.
_DEBRIS_CHARACTERS = 400

# Words of which no line lacks one that a MARKED_LINE rule knows: alone, or before «в».
MARKS = (
    "подписывайтесь",
    "подпишитесь",
    "подписаться",
    "наш",
    "защищены",
    "cookie",
    "cookies",
    "куки",
)
MARKS_BEFORE_IN = ("мы", "нас", "нами")

# How lines begin that LINE and BLOCK rules know, from the first letter on, a space as _; or a figure.
_HEADS = """
авто адрес_e актуальные архив афиша бизнес важные вам_может ваш_ вернуться версия_для видео в_мире
войдите войти время_ все_ вход выбор_редакции главная главное_за главные голосов далее деятельность
добавить_ документы другие еще ещё загрузить_ зарегистрируйтесь здоровье изображение иллюстрация имя
интервью использование карта_сайта категори ключевые_слова колонки коллаж комментари контакты
копирование культура лайк лента лучшие материал меню метки мнения на_главную на_правах наверх
недвижимость нажимая назад написать_ наука нашел_ нашёл_ нашли_ не_пропустите нет_комментариев
новости обязательные_поля общество о_компании о_нас о_проекте оставить_ отправить_ оценка
перепечатка печать погода поделитесь поделиться подкасты подписка подробнее поиск показать_ политика
пользовательское популярн последние по_теме похожие пресс-центр при_или при_использовании
при_копировании при_любом при_перепечатке при_полном при_цитировании при_частичном присоединяйтесь
происшествия промо просмотр прочитал прочтений развернуть ранее_по распечатать рассказать_ регионы
регистраци редакция рейтинг реклама рекомендуем рубрик самое_читаемое свежие свернуть свидетельство
сейчас_читают сетевое скачать_ скопировать_ слушайте смотрите сохранить_мо спецпроекты спорт стать
структура сюжет также_на также_по теги технологии туризм тэги учредитель финансы фото читайте читать
чтобы_оставить экономика я_даю я_согла c) copyright ctrl email e-mail erid
"""
# Not `\s`, which goes on to the next line; that one has a beginning of its own.
_SPACE = r"[^\S\n]"
_FIGURES = (
    rf"\d(?:\d?[.:+]|\d?{_SPACE}\w{{2,8}}(?:\.|{_SPACE})\d{{4}}"
    rf"|(?:\d|{_SPACE})*(?i:просмотр|комментари|прочтени|мин))"
)


def blank_debris(text: str) -> str:
    """Return the text with page debris turned to spaces, each other character in its place."""
    if "\n" not in text:
        return text
    lowered = text.lower()
    marked = _is_marked(lowered)
    lines = text.split("\n")
    box = 0
    for number, line in enumerate(lowered.split("\n")):
        if not line or line.isspace():
            continue
        if len(line) > _DEBRIS_CHARACTERS:
            box = 0
        elif _compile(Reach.BLOCK, Reach.LINE).fullmatch(line) or (
            marked and _compile(Reach.MARKED_LINE).fullmatch(line)
        ):
            if _compile(Reach.BLOCK).fullmatch(line):
                box = HEADLINES_IN_A_BOX
            lines[number] = " " * len(lines[number])
        elif box and _is_headline(line):
            box -= 1
            lines[number] = " " * len(lines[number])
        else:
            box = 0
    return "\n".join(lines)


def blank_known_lines(text: str) -> str:
    """Return `blank_debris(text)` if a LINE or BLOCK rule knows a line of the text, else the text.

    Most lines of news need no more than a glance at their first letters, so this is much quicker.
    Texts with marked lines are for `MARKS` to find.
    """
    if "\n" not in text:
        return text
    suspects = _suspects().findall(f"\n{text}")
    return blank_debris(text) if any(map(_is_known, suspects)) else text


def blank_marked_lines(text: str) -> str:
    """Return `blank_debris(text)` if it may hold a marked line, else the text.

    Of texts in which `MARKS` were found most hold none: every company says «наш».
    """
    return blank_debris(text) if _is_marked(text.lower()) else text


def _is_marked(lowered: str) -> bool:
    return any(mark in lowered for mark in _MARKS)


@cache
def _suspects() -> re.Pattern[str]:
    """Return what finds the lines, each after the end of another, that begin like debris."""
    by_letter = groupby(sorted(_HEADS.split()), key=itemgetter(0))
    # Only the first letter is in brackets: `re` is quick to see that another cannot begin there.
    heads = [
        f"[{first}{first.upper()}](?i:{'|'.join(re.escape(head[1:]) for head in own)})"
        for first, own in by_letter
    ]
    spaced = "|".join(heads).replace("_", f"{_SPACE}+")
    return re.compile(rf"\n([^\w\n©]*+(?:{spaced}|{_FIGURES}|©).*)")


def _is_known(line: str) -> bool:
    """Return whether a LINE or BLOCK rule knows a line."""
    if len(line) > _DEBRIS_CHARACTERS:
        return False
    return bool(_compile(Reach.BLOCK, Reach.LINE).fullmatch(line.lower()))


def _is_headline(line: str) -> bool:
    stripped = line.rstrip()
    return len(stripped) <= HEADLINE_CHARACTERS and not stripped.endswith((".", ":", ";", ","))
