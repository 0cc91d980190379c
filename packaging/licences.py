"""The licences that every package carries: ours, and those of what is inside the program."""

from description import EXTRAS, ROOT
from packing import File

# `make release` leaves it.
OTHERS = EXTRAS / "THIRD-PARTY-LICENSES.txt"


def files():
    return {path.name: File(path.read_bytes()) for path in [ROOT / "LICENSE", OTHERS]}
