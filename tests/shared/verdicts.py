"""Comparisons, and the report of named checks."""

import time


def report(what, named_checks):
    """Runs checks and prints what became of them; gives how many passed and failed."""
    passed, failures, started = 0, [], time.monotonic()
    for name, check in named_checks:
        try:
            check()
            passed += 1
        except Exception as error:  # Whatever goes wrong in a check is its failure, and the next one is another matter.
            failures.append(f"  {name}: {type(error).__name__}: {error}\n")
    all_of_them, seconds = passed + len(failures), time.monotonic() - started
    print(f"{what}: {passed} of {all_of_them} checks passed in {seconds:.0f} s\n{''.join(failures)}", end="", flush=True)
    return passed, len(failures)


def equal(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def contains(found, wanted):
    if wanted not in found:
        raise AssertionError(f"{wanted!r} is not in {found!r}")
