"""Each check can fail, and mcpchecker's files do what they have to: `python3 -B -m unittest discover evals`."""

import copy
import dataclasses
import json
import pathlib
import runpy
import subprocess
import tempfile
import unittest

import emulator
import judge
import mcpchecker
import report
import script
from client import Client
from job import Wrong, all_jobs, read

ONE = runpy.run_path(str(pathlib.Path(__file__).parent / "__main__.py"), run_name="evals")["one"]


# The fields that mcpchecker's types have, of those that are written here; `[]` is an element of a list.
TASK = {"kind", "apiVersion", "metadata/name", "metadata/difficulty", "metadata/labels/kind", "spec/prompt/inline",
        "spec/setup[]/script/inline", "spec/verify[]/script/inline", "spec/verify[]/llmJudge/contains",
        "spec/cleanup[]/script/inline"}
ASSERTIONS = "config/taskSets[]/assertions"
EVAL = {"kind", "metadata/name", "config/agent/type", "config/agent/model", "config/mcpConfigFile",
        "config/taskSets[]/path", f"{ASSERTIONS}/toolsNotUsed[]/server", f"{ASSERTIONS}/toolsNotUsed[]/tool",
        f"{ASSERTIONS}/minToolCalls", f"{ASSERTIONS}/maxToolCalls", "config/llmJudge/env/baseUrlKey",
        "config/llmJudge/env/apiKeyKey", "config/llmJudge/env/modelNameKey"}


def fields(value, path=""):
    """The paths of all values in a file."""
    if isinstance(value, dict):
        return {inner for name, each in value.items() for inner in fields(each, f"{path}/{name}".lstrip("/"))}
    if isinstance(value, list):
        return {inner for each in value for inner in fields(each, f"{path}[]")}
    return {path}


def job(name, **changed):
    """A job with some of its fields replaced."""
    return dataclasses.replace(*all_jobs([name]), **changed)


def with_step(name, number, **changed):
    """A job with something changed in one step."""
    steps = copy.deepcopy(all_jobs([name])[0].steps)
    steps[number] |= changed
    return job(name, steps=steps)


class State(unittest.TestCase):
    BEFORE = {"users/a": {"id": "1", "banned": False, "updated_at": 1}, "users/b": {"id": "2", "name": "B"}}

    def faults(self, after, wanted):
        return list(judge.faults(self.BEFORE, after, wanted))

    def test_what_the_job_names_may_change(self):
        after = {"users/a": {"id": "1", "banned": True, "updated_at": 2}, "users/c": {"id": "3", "name": "C"}}
        wanted = {"users/a": {"banned": True}, "users/b": "removed", "users/c": {"name": "C"}}
        self.assertEqual(self.faults(after, wanted), [])

    def test_what_it_does_not_name_may_not(self):
        for after in ({"users/a": self.BEFORE["users/a"]}, self.BEFORE | {"users/c": {"id": "3"}},
                      self.BEFORE | {"users/b": {"id": "2", "name": "X"}}):
            self.assertEqual(len(self.faults(after, {})), 1, after)

    def test_a_further_field_of_what_it_names_may_not(self):
        after = self.BEFORE | {"users/a": {"id": "1", "banned": True, "name": "X"}}
        self.assertEqual(len(self.faults(after, {"users/a": {"banned": True}})), 1)

    def test_what_it_names_has_to_change(self):
        for wanted in ({"users/a": {"banned": True}}, {"users/b": "removed"}, {"users/c": {"name": "C"}}):
            self.assertEqual(len(self.faults(self.BEFORE, wanted)), 1, wanted)

    def test_another_value_is_a_fault(self):
        after = self.BEFORE | {"users/b": {"id": "2", "name": "X"}}
        self.assertEqual(len(self.faults(after, {"users/b": {"name": "Y"}})), 1)
        self.assertEqual(len(self.faults(after, {"users/b": "removed"})), 1)


class Answers(unittest.TestCase):
    def test_a_pointer_finds_a_place_an_element_and_nothing(self):
        answer = {"data": [{"id": "1", "a/b": 1}, {"id": "2"}]}
        self.assertEqual(script.find(answer, "/data/id=2/id"), "2")
        self.assertEqual(script.find(answer, "/data/0/a~1b"), 1)
        for pointer in ("/data/2", "/data/id=3/id", "/data/0/id/x"):
            self.assertIsNone(script.find(answer, pointer))


class Jobs(unittest.TestCase):
    """Each of these is a job with one thing wrong, which a run has to notice."""

    def fails(self, broken, part):
        with self.assertRaises(script.Failed) as caught:
            ONE(broken)
        self.assertIn(part, str(caught.exception))

    def test_the_state_that_has_to_come_out(self):
        self.fails(job("locked-out", after={}), "must not change")
        self.fails(job("cannot-sign-in", after={"users/mallory@mail.example": {"banned": False}}), "must change")

    def test_the_calls_that_are_allowed(self):
        self.fails(job("more-seats", writes=[]), "does not allow")
        self.fails(job("more-seats", writes=["clerk_update_organization", "clerk_ban_user"]), "was not called")

    def test_the_word_of_the_person(self):
        self.fails(with_step("leaves-team", 2, agrees=False), "step 4")
        self.fails(with_step("delete-refused", 1, agrees=True), "must not change")
        self.fails(with_step("more-seats", 1, agrees=True), "does not ask")

    def test_what_is_shown(self):
        self.fails(with_step("locked-out", 1, expect={"/locked": False}), "/locked is True")
        self.fails(with_step("a-link-to-follow", 1, lacks=["spring-fair"]), "is in")
        self.fails(with_step("orders-in-a-name", 0, marks=["banned"]), "not marked")

    def test_a_refusal(self):
        self.fails(with_step("a-made-up-token", 2, fails="denied"), "invalid_confirmation_token")
        self.fails(with_step("locked-out", 1, arguments={"user_id": "x"}), "invalid_arguments")

    def test_a_file_that_is_no_job(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "job.toml")
            whole = 'asks = "Help"\nanswer = "No"\n{}steps = [{{ {} }}]'
            path.write_text(whole.format("", 'call = "x"'), encoding="utf-8")
            self.assertEqual(read(path).asks, "Help")
            for text in ('asks = "Help"', whole.format("", 'calls = "x"'), whole.format('skil = ""\n', 'call = "x"'),
                         whole.format('toolkit = ["banUser"]\n', 'call = "x"'),
                         whole.format("is_hostile = true\n", 'call = "x"'),
                         whole.format("is_hostile = true\n", 'call = "x", marks = ["name"], obeys = true'),
                         whole.format("", 'call = "x", obeys = true, agrees = false')):
                path.write_text(text, encoding="utf-8")
                self.assertRaises(Wrong, read, path)

    def test_there_are_twenty_and_ten_and_a_job_for_each_skill(self):
        jobs = all_jobs()
        self.assertEqual([sum(job.is_hostile == kind for job in jobs) for kind in (False, True)], [20, 10])
        skills = {path.name for path in (emulator.root() / "skills").iterdir() if path.is_dir()}
        self.assertEqual({job.skill for job in jobs} - {""}, skills)


class Table(unittest.TestCase):
    def test_a_few_tokens_more_are_no_change_and_a_call_more_is_one(self):
        line = report.Line(job("locked-out"), 3, 400, 8000, 4)
        now = report.table([line])
        self.assertTrue(report.alike(now, report.table([line._replace(read=8100)])))
        for other in (line._replace(read=9000), line._replace(calls=4), line._replace(requests=5)):
            self.assertFalse(report.alike(now, report.table([other])), other)


class Mcpchecker(unittest.TestCase):
    def test_it_would_prepare_verify_and_stop(self):
        """Its steps are run as it runs them, with the script in the place of a model."""
        one = job("more-seats")
        spec = mcpchecker.task(one, False)["spec"]
        with tempfile.TemporaryDirectory() as elsewhere:
            self.assertEqual(self.run_steps(spec["setup"], elsewhere), 0)
            try:
                self.assertNotEqual(self.run_steps(spec["verify"], elsewhere), 0)
                client = Client(f"http://127.0.0.1:{mcpchecker.PORT}/v1")
                script.follow(one, client)
                client.close()
                self.assertEqual(self.run_steps(spec["verify"], elsewhere), 0)
            finally:
                self.assertEqual(self.run_steps(spec["cleanup"], elsewhere), 0)
            self.assertRaises(OSError, emulator.dump, f"http://127.0.0.1:{mcpchecker.PORT}/v1")

    def run_steps(self, steps, directory):
        for step in steps:
            path = pathlib.Path(directory, "step")
            path.write_text(step["script"]["inline"], encoding="utf-8")
            path.chmod(0o700)
            code = subprocess.run([path], cwd=directory, capture_output=True, timeout=60, check=False).returncode
            if code:
                return code
        return 0

    def test_its_files_have_its_fields(self):
        with tempfile.TemporaryDirectory() as directory:
            mcpchecker.convert(all_jobs(), directory)
            root = pathlib.Path(directory)
            files = {path.relative_to(root).as_posix(): json.loads(path.read_text()) for path in root.rglob("*.yaml")}
        evaluation, servers = files.pop("eval.yaml"), files.pop("mcp-config.yaml")
        self.assertEqual(evaluation["kind"], "Eval")
        self.assertEqual(sorted(files), sorted(each["path"] for each in evaluation["config"]["taskSets"]))
        self.assertEqual(list(servers["mcpServers"]), [mcpchecker.SERVER])
        self.assertLessEqual(fields(evaluation), EVAL)
        for name, task in files.items():
            self.assertLessEqual(fields(task), TASK)
            self.assertEqual((task["kind"], task["apiVersion"]), ("Task", "mcpchecker/v1alpha2"))
            self.assertEqual(f"tasks/{task['metadata']['name']}.yaml", name)
            self.assertEqual(sorted(task["spec"]), ["cleanup", "prompt", "setup", "verify"])

    def test_a_shell_takes_a_prompt_as_it_is(self):
        for one in all_jobs():
            prompt = mcpchecker.task(one, False)["spec"]["prompt"]["inline"]
            self.assertFalse(set(prompt) & set('"`$\\{'), prompt)

    def test_a_judge_is_asked_where_there_is_one(self):
        one = job("more-seats")
        self.assertEqual(mcpchecker.task(one, True)["spec"]["verify"][1], {"llmJudge": {"contains": one.answer}})
        judged = mcpchecker.evaluation([one], set(), "openai:gpt-4", True)
        self.assertLessEqual(fields(judged), EVAL)
        self.assertIn("config/llmJudge/env/apiKeyKey", fields(judged))

    def test_only_the_writes_of_the_job_are_allowed(self):
        chosen = mcpchecker.task_set(job("more-seats"), report.writing_tools())["assertions"]
        forbidden = {each["tool"] for each in chosen["toolsNotUsed"]}
        self.assertIn("clerk_delete_user", forbidden)
        self.assertFalse(forbidden & {"clerk_update_organization", "clerk_list_organizations"})
        self.assertEqual(chosen["maxToolCalls"], 6)


if __name__ == "__main__":
    unittest.main()
