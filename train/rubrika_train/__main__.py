"""`rubrika`, and `python -m rubrika_train`, start here."""

import gc
import os


def main() -> None:
    """Run the command line."""
    # Start-up makes many objects and hardly any garbage: looking for it less often saves a tenth.
    gc.set_threshold(100_000, 20, 20)
    # Nothing here multiplies large dense matrices: numpy need not start threads for it, at the
    # price of a seventh of the start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from rubrika_train.cli import main as run

    # What is loaded by now stays to the end: the collector need not go through it, not even then.
    gc.freeze()
    run()


if __name__ == "__main__":
    main()
