"""Follows a job's script as a good assistant would, and looks at each answer."""

import json

from judge import alike


class Failed(Exception):
    """A step that went otherwise than the job says."""


def find(answer, pointer):
    """What stands at a JSON Pointer; a part `name=value` chooses the element of a list that has it. None: nothing."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        name, is_choice, value = part.partition("=")
        if isinstance(answer, list) and is_choice:
            chosen = (each for each in answer if isinstance(each, dict) and str(each.get(name)) == value)
            answer = next(chosen, None)
        elif isinstance(answer, list):
            answer = answer[int(part)] if part.isdecimal() and int(part) < len(answer) else None
        else:
            answer = answer.get(part) if isinstance(answer, dict) else None
    return answer


def filled(value, kept):
    """A step's arguments with what was kept of earlier answers in the place of `$name`."""
    if isinstance(value, dict):
        return {name: filled(each, kept) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, kept) for each in value]
    if isinstance(value, str) and value.startswith("$"):
        if value[1:] not in kept:
            raise Failed(f"nothing was kept as {value}")
        return kept[value[1:]]
    return value


def follow(job, client):
    """Carries out the steps. Raises Failed."""
    kept = {}
    for number, step in enumerate(job.steps, 1):
        try:
            one_step(step, client, kept)
        except Failed as failure:
            raise Failed(f"step {number}, {step['call']}: {failure}") from None


def one_step(step, client, kept):
    tool, arguments = step["call"], filled(step.get("arguments", {}), kept)
    is_error, answer = client.call(tool, arguments)
    asks = "confirmation_token" in answer
    if asks != ("agrees" in step):
        raise Failed("it asks, and the job has no word of the person" if asks else f"it does not ask: {answer}")
    if asks:
        look(step, answer)
    if step.get("agrees"):
        is_error, answer = client.call(tool, arguments | {"confirmation_token": answer["confirmation_token"]})
    if is_error != ("fails" in step) or is_error and answer.get("code") != step["fails"]:
        raise Failed(f"{answer} instead of {step.get('fails', 'an answer')}")
    if not asks:
        look(step, answer)
    for name, pointer in step.get("keep", {}).items():
        kept[name] = find(answer, pointer)
        if kept[name] is None:
            raise Failed(f"there is no {pointer} in {answer}")


def look(step, answer):
    """What a person is shown: the preview where it asks, or else the answer."""
    for pointer, value in step.get("expect", {}).items():
        found = find(answer, pointer)
        if not alike(found, value):
            raise Failed(f"{pointer} is {found!r} instead of {value!r}")
    text = json.dumps(answer, ensure_ascii=False)
    for part in step.get("lacks", []):
        if part in text:
            raise Failed(f"{part!r} is in {text}")
    marked = {name.strip() for name in untrusted(answer).split(",")}
    for name in step.get("marks", []):
        if name not in marked:
            raise Failed(f"{name} is not marked as untrusted, only {sorted(marked)}")


def untrusted(answer):
    """The names of the fields that people outside have written, as the answer or its preview says."""
    return answer.get("untrusted_text") or answer.get("preview", {}).get("untrusted_text", "")
