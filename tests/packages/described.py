"""The description of the packages, and what makes them, which lie in a directory of their own."""

import sys

from install import ROOT

sys.path.append(str(ROOT / "packaging"))

import archives  # noqa: E402, F401
import bundle  # noqa: E402, F401
import generated  # noqa: E402, F401
import links  # noqa: E402, F401
from description import DESCRIPTION, NAME, PACKAGES, RELEASE, TARGETS, VERSION, built, own  # noqa: E402, F401
