"""Labels from other tools into a folder of annotations: a plan first, then one write.

Nobody's earlier word is lost: labels.jsonl is only appended to, and all of it happens or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rubrika.errors import AnnotationError, InputError, ThemeError
from rubrika_train.annotations import (
    ARTICLES,
    LABELS,
    THEMES,
    line_of,
    sound,
)
from rubrika_train.exchange.formats import FORMATS, recognise
from rubrika_train.exchange.records import Reading
from rubrika_train.exchange.source import open_source
from rubrika_train.files import replace_all
from rubrika_train.planning import Asked, Plan, plan
from rubrika_train.theme_tables import parse_themes, table_of

LOCK = ".rubrika.lock"
_PATIENCE_SECONDS = 10.0


def import_labels(
    folder: Path,
    file: Path,
    reading: Reading,
    asked: Asked,
    format: str | None = None,
    *,
    dry_run: bool = False,
) -> Plan:
    """Add the labels of a file to a folder of annotations; return what was, or would be, added.

    Nothing is written where the plan has unknown themes or conflicts. Raises RubrikaError for a
    folder that is faulty or in use, and for a file that cannot be read.
    """
    source = open_source(file, reading.encoding)
    known = FORMATS[format or recognise(source)]
    records = list(known.read(source, reading))
    with locked(folder):
        wanted = plan(sound(folder), records, asked, known.annotator, file.name)
        if not (dry_run or wanted.unknown or wanted.conflicts):
            _tidy(folder)
            write(folder, wanted)
    return wanted


def write(folder: Path, wanted: Plan) -> None:
    """Add what is planned to a folder.

    Themes change first, articles second, labels last: a folder that a kill leaves in between is
    sound, for a theme or an article without a label harms nobody.
    """
    additions = {
        THEMES: "".join(map(table_of, wanted.themes)).encode(),
        ARTICLES: b"".join(map(line_of, wanted.articles)),
        LABELS: b"".join(map(line_of, wanted.judgements)),
    }
    contents = {
        folder / name: _appended((folder / name).read_bytes(), more)
        for name, more in additions.items()
        if more
    }
    if wanted.themes:
        parse_themes(folder / THEMES, contents[folder / THEMES])
    replace_all(contents)


def refuse_problems(wanted: Plan, file: Path) -> None:
    """Raise for a plan that cannot be carried out, with what to do next."""
    if wanted.unknown:
        raise ThemeError(
            f"{file}: {_counted(len(wanted.unknown), 'unknown theme')}, nothing was written; "
            "mend the names, or add them as themes with --new-themes"
        )
    if wanted.conflicts:
        raise InputError(
            f"{file}: {_counted(len(wanted.conflicts), 'conflict')}, nothing was written; "
            "mend the lines named above"
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other imports away from a folder; the lock of a killed one is free again."""
    if not folder.is_dir():
        raise AnnotationError(
            f"{folder}: no such folder; a folder of annotations holds "
            f"{THEMES}, {ARTICLES} and {LABELS}"
        )
    try:
        with FileLock(folder / LOCK, timeout=_PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise AnnotationError(f"{folder}: another import is at work; try again later") from error


def _tidy(folder: Path) -> None:
    """Remove the temporary files of an import that was killed; nobody else writes here now."""
    for name in (THEMES, ARTICLES, LABELS):
        for left in folder.glob(f".{name}-*"):
            left.unlink()


def _appended(content: bytes, more: bytes) -> bytes:
    """Return content with more lines, its own last line ended."""
    return content + (b"\n" if content and not content.endswith(b"\n") else b"") + more


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
