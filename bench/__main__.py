"""`make bench`: lists, searches, sums and exports, in a folder that is removed afterwards."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import files, lists
from bench.table import print_figures


def main() -> None:
    """Measures everything and prints one table."""
    with TemporaryDirectory() as folder:
        print_figures([*lists.measure(Path(folder)), *files.measure(Path(folder))])


main()
