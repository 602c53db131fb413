"""`make clock-million N= SEED=`: the clock engine against the second clock of `tests.models.clocks`."""

import sys

from tests.models.clocks.million import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
