"""Holds the state after a job against what the job says has to change."""

import fnmatch

# Bookkeeping that follows from any change.
FOLLOWS = {"updated_at"}
# Values of a job that are no values: nothing there, and anything.
NONE, SOME = "(none)", "(some)"


def alike(found, wanted):
    """Whether a value is the one that a job wants."""
    return {NONE: found is None, SOME: found is not None}[wanted] if isinstance(wanted, str) and wanted in (NONE, SOME) else found == wanted


def differences(before, after):
    """What has changed: by key "removed", the whole of a new object, or the changed fields with their new values."""
    changed = {key: "removed" for key in before.keys() - after.keys()}
    changed |= {key: after[key] for key in after.keys() - before.keys()}
    for key in before.keys() & after.keys():
        names = (before[key].keys() | after[key].keys()) - FOLLOWS
        fields = {name: after[key].get(name) for name in names if before[key].get(name) != after[key].get(name)}
        if fields:
            changed[key] = fields
    return changed


def faults(before, after, wanted):
    """Each way in which the state is not what the job says. A key in `wanted` may hold `*`."""
    changed = differences(before, after)
    for key, change in sorted(changed.items()):
        expected = [value for pattern, value in wanted.items() if fnmatch.fnmatchcase(key, pattern)]
        if len(expected) != 1:
            yield f"{key} must not change: {change}"
        elif expected[0] == "removed" or change == "removed":
            if expected[0] != change:
                yield f"{key}: {change} instead of {expected[0]}"
        else:
            yield from wrong_fields(key, change, expected[0], key not in before)
    for pattern in wanted:
        if not any(fnmatch.fnmatchcase(key, pattern) for key in changed):
            yield f"{pattern} must change"


def wrong_fields(key, change, expected, is_new):
    """`is_new`: the fields that are not named are free then."""
    for name, value in expected.items():
        if not alike(change.get(name), value):
            yield f"{key}: {name} is {change.get(name)!r} instead of {value!r}"
    for name in () if is_new else sorted(change.keys() - expected.keys()):
        yield f"{key}: {name} must not change: {change[name]!r}"
