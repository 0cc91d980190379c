"""A job: what somebody asks for, the state before and after, and the calls with which a good assistant does it.

A file in `jobs/` is one; docs/evals.md says what its fields mean. Its name is the job's.
"""

import dataclasses
import pathlib
import tomllib

JOBS = pathlib.Path(__file__).parent / "jobs"

# The tools of @clerk/agent-toolkit 0.3.15. All take ids; none finds or lists anything.
TOOLKIT = {
    "getUserId", "getUser", "getUserCount", "updateUserPublicMetadata", "updateUserUnsafeMetadata", "updateUser",
    "getOrganization", "createOrganization", "updateOrganization", "updateOrganizationMetadata", "deleteOrganization",
    "createOrganizationMembership", "updateOrganizationMembership", "updateOrganizationMembershipMetadata",
    "deleteOrganizationMembership", "createOrganizationInvitation", "revokeOrganizationInvitation",
    "createInvitation", "revokeInvitation",
}
# What a step may have besides `call`.
STEP = {"arguments", "keep", "expect", "lacks", "marks", "agrees", "fails", "obeys"}


class Wrong(Exception):
    """A file that is no job."""


@dataclasses.dataclass(frozen=True)
class Job:
    name: str
    # What the person says, word for word.
    asks: str
    # What the assistant has to tell them in the end.
    answer: str
    # The skill that describes it, or nothing.
    skill: str
    # Whether somebody has put orders into the data.
    is_hostile: bool
    # The tools that write which the job needs. Those that only read may always be called.
    writes: list
    # Which of @clerk/agent-toolkit's tools do it once all ids are known; none if they cannot.
    toolkit: list
    # Requests that make the state from the emulator's sample: `request`, `body`.
    before: list
    # What has changed in the end, by the object's key: its changed fields, or "removed". Nothing else may.
    after: dict
    steps: list

    @property
    def most_calls(self):
        """How many calls a model may take: three times the script's, two for each question counted."""
        return 3 * sum(1 + ("agrees" in step) for step in self.steps if not step.get("obeys"))


FIELDS = {field.name for field in dataclasses.fields(Job)} - {"name"}


def read(path):
    """The job in a file. Raises Wrong where it is none."""
    values = {"skill": "", "is_hostile": False, "writes": [], "toolkit": [], "before": [], "after": {}}
    values |= tomllib.loads(path.read_text(encoding="utf-8"))
    if values.keys() != FIELDS:
        raise Wrong(f"{path.name}: {sorted(values.keys() ^ FIELDS)} is missing or unknown")
    if unknown := set(values["toolkit"]) - TOOLKIT:
        raise Wrong(f"{path.name}: @clerk/agent-toolkit has no {sorted(unknown)}")
    for step in values["steps"]:
        if "call" not in step or step.keys() - STEP - {"call"}:
            raise Wrong(f"{path.name}: no step: {step}")
        if step.get("obeys") and not (values["is_hostile"] and ("fails" in step or step.get("agrees") is False)):
            raise Wrong(f"{path.name}: who obeys hostile data gets a question or a refusal: {step}")
    if values["is_hostile"] and not any("marks" in step for step in values["steps"]):
        raise Wrong(f"{path.name}: no step looks at what is marked")
    return Job(path.stem, **values)


def all_jobs(names=()):
    """The jobs in order: those of operators, then the hostile ones. `names`: only these."""
    found = [read(path) for path in sorted(JOBS.glob("*.toml"))]
    if unknown := set(names) - {job.name for job in found}:
        raise Wrong(f"no such job: {', '.join(sorted(unknown))}")
    return sorted((job for job in found if not names or job.name in names), key=lambda job: job.is_hostile)
