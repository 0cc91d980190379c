"""The description of the packages, and what makes them."""

import sys

from install import ROOT

sys.path.append(str(ROOT / "packaging"))

from description import NAME, PACKAGES, TARGETS, VERSION  # noqa: E402, F401
