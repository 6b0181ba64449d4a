"""What all commands share: the application, common options, exit codes."""

from __future__ import annotations

import errno
import functools
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer
from typer.core import TyperGroup
from typer.main import get_group

from rubrika.errors import RubrikaError

if TYPE_CHECKING:
    from typer._click import Command, Context

EXIT_FAILED = 1
EXIT_GATE = 3
EXIT_REJECTED = 4
EXIT_INTERRUPTED = 130

# The modules here of the commands and groups of commands, in the order of the help.
MODULES = (
    "compare",
    "drift",
    "evaluate",
    "explain",
    "predict",
    "themes",
    "train",
    "tune",
    "labels",
    "models",
)


class Commands(TyperGroup):
    """The commands: each is imported when it is asked for, and all of them to list them.

    Typer makes options of the types of every command that it knows, which would double the start.
    """

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a command; None for an unknown one, when all are known to suggest another."""
        self._import([cmd_name] if cmd_name in MODULES else MODULES)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of all commands."""
        self._import(MODULES)
        return list(MODULES)

    def _import(self, modules: Iterable[str]) -> None:
        for module in modules:
            importlib.import_module(f"rubrika_train.cli.{module}")
        self.commands = get_group(app).commands


app = typer.Typer(
    name="rubrika",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
labels_app = typer.Typer(no_args_is_help=True, help="Look after labelled articles.")
app.add_typer(labels_app, name="labels")
models_app = typer.Typer(no_args_is_help=True, help="Look after versions of a tagger.")
app.add_typer(models_app, name="models")

# What stands for the tagger that ships with Rubrika, where a folder is asked for.
SHIPPED = "shipped"


def _known_encoding(name: str) -> str:
    """Return an encoding's name; refuse one that Python does not know."""
    import codecs

    if name != "auto":
        try:
            codecs.lookup(name)
        except LookupError:
            from rubrika_train.encodings import unknown

            raise typer.BadParameter(unknown(name), param_hint="--encoding") from None
    return name


_ADVICE = {errno.ENOSPC: "make room and run it again"}

P = ParamSpec("P")
R = TypeVar("R")

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", "-m", help="Folder of a tagger; the shipped one if not given."),
]
AnnotationsArgument = Annotated[Path, typer.Argument(help="Folder of annotations.")]
JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        min=0,
        help="Processes; 0 is one a core.",
        callback=lambda jobs: jobs or os.cpu_count() or 1,
    ),
]
TextColumnOption = Annotated[str, typer.Option(help="Field that holds the text.")]
EncodingOption = Annotated[
    str, typer.Option(help="Encoding of the files.", callback=_known_encoding)
]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Replace what is there.")]


def tagger_folder(given: Path | None) -> Path | None:
    """Return a tagger's folder as it was given; "shipped" is the one that ships with Rubrika."""
    if given is None or str(given) != SHIPPED or given.exists():
        return given
    from rubrika.bundle import RELEASED

    return RELEASED


def refuse_to_overwrite(output: Path, *, force: bool) -> None:
    """Refuse a folder that holds something else, or a tagger unless `force` is there."""
    from rubrika.bundle import is_bundle

    if output.exists() and not is_bundle(output) and (not output.is_dir() or any(output.iterdir())):
        raise RubrikaError(
            f"{output}: there is something else than a tagger; choose another folder"
        )
    if is_bundle(output) and not force:
        raise RubrikaError(f"{output}: there is a tagger already; replace it with --force")


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Turn Rubrika's errors, Ctrl-C and a closed pipe into their exit codes, in one place."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except KeyboardInterrupt as error:
            raise typer.Exit(EXIT_INTERRUPTED) from error
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error
        except (RubrikaError, OSError) as error:
            typer.echo(f"Error: {message(error)}", err=True)
            raise typer.Exit(EXIT_FAILED) from error

    return wrapper


def message(error: RubrikaError | OSError) -> str:
    """Return what an error says to a user, in one line."""
    if isinstance(error, RubrikaError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0, "check the path and who may use it")
    return f"{place}{reason}; {advice}"


def articles(count: int) -> str:
    """Return a number of articles in words."""
    return f"{count:,} article" if count == 1 else f"{count:,} articles"


def _version(asked: bool) -> None:
    if asked:
        import rubrika

        typer.echo(f"rubrika {rubrika.__version__}")
        raise typer.Exit


@app.callback()
def rubrika_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Tag Russian news articles with themes.

    Example: rubrika predict article.txt
    """
