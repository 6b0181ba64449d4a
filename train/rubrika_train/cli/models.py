"""rubrika models list, promote and rollback."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli.app import command, models_app, tagger_folder

if TYPE_CHECKING:
    from rubrika_train.registry import Switch, Version

RegistryOption = Annotated[
    Path, typer.Option("--registry", "-r", help="Folder of versions of a tagger.")
]
DEFAULT = Path("models")


class Format(StrEnum):
    """How versions are listed."""

    TABLE = "table"
    JSONL = "jsonl"


@models_app.command("list")
@command
def models_list(
    registry: RegistryOption = DEFAULT,
    format: Annotated[
        Format | None,
        typer.Option(help="How to write them; a table on a terminal, JSON Lines in a pipe."),
    ] = None,
) -> None:
    """List the versions of a tagger, what they came from, and which is in use.

    Example: rubrika models list
    """
    from rubrika_train import registry as versions

    found = versions.versions(registry)
    if (format or (Format.TABLE if sys.stdout.isatty() else Format.JSONL)) is Format.JSONL:
        import orjson

        for one in found:
            typer.echo(orjson.dumps(one.to_json()).decode())
    else:
        _print(found)


@models_app.command("promote")
@command
def models_promote(
    version: Annotated[
        str,
        typer.Argument(metavar="VERSION", help='A version, or a tagger\'s folder, or "shipped".'),
    ],
    registry: RegistryOption = DEFAULT,
) -> None:
    """Put a version into use; a tagger from elsewhere is copied in first.

    Example: rubrika models promote shipped
    """
    from rubrika import bundle
    from rubrika_train import registry as versions

    folder = tagger_folder(Path(version))
    there = Path(version).name == version and (registry / version).is_dir()
    if folder and not there and bundle.is_bundle(bundle.locate(folder)):
        versions.create(registry)
        version = versions.add_copy(registry, folder)
    _say(registry, versions.promote(registry, version))


@models_app.command("rollback")
@command
def models_rollback(registry: RegistryOption = DEFAULT) -> None:
    """Put the version back into use that was there before the current one.

    Example: rubrika models rollback
    """
    from rubrika_train import registry as versions

    _say(registry, versions.rollback(registry))


def _say(registry: Path, switch: Switch) -> None:
    from rubrika_train import console

    if switch.instead_of == switch.version:
        console.note(f"{registry}: {switch.version} is in use already")
    else:
        before = f", in place of {switch.instead_of}" if switch.instead_of else ""
        console.note(f"{registry}: {switch.version} is in use now{before}")


def _print(found: list[Version]) -> None:
    from rubrika_train.tables import print_table

    names = ("in use", "articles", "macro-F1, 95 %", "came from")
    print_table("version", names, ([one.version, *_cells(one)] for one in found))


def _cells(one: Version) -> list[str]:
    used = "current" if one.current else ""
    if one.broken:
        return [used, "", "", "broken: train it again"]
    figure = "–" if one.f1_macro is None else f"{one.f1_macro:.3f}"
    if bounds := one.f1_macro_interval:
        figure += f" {bounds['low']:.3f}–{bounds['high']:.3f}"
    tuned = f", tuned to {one.tuned_to:,} articles" if one.tuned_to else ""
    articles = "–" if one.articles is None else f"{one.articles:,}"
    return [used, articles, figure, f"{one.parent or '–'}{tuned}"]
