"""`rubrika`, and `python -m rubrika_train`, start here."""

import gc


def main() -> None:
    """Run the command line."""
    # Start-up makes many objects and hardly any garbage: looking for it less often saves a tenth.
    gc.set_threshold(100_000, 20, 20)
    from rubrika_train.cli import main as run

    run()


if __name__ == "__main__":
    main()
