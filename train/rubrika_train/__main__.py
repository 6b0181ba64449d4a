"""`python -m rubrika_train` is `rubrika`."""

from rubrika_train.cli import main

main()
