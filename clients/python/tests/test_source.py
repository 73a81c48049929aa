"""What is sent for a function, run by another interpreter; and what is refused, by name."""
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile

import harness
import sendable
from harness import DEADLINE, ROOT, Coordinator, WeftTest, client


def run_elsewhere(script, payload):
    """In a fresh interpreter that has neither the tests nor weft.py."""
    code = f"import json, sys\nscope = {{}}\nexec(compile({script!r}, 'f.py', 'exec'), scope)\n" \
           "json.dump(scope['task'](json.load(sys.stdin)), sys.stdout)"
    done = subprocess.run([sys.executable, "-I", "-c", code], input=json.dumps(payload), text=True, timeout=DEADLINE,
                          capture_output=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def call(*args, **kwargs):
    return {"args": list(args), "kwargs": kwargs}


class SentTests(unittest.TestCase):
    def check(self, function, *args, **kwargs):
        expected = function(*args, **kwargs)
        self.assertEqual(expected, run_elsewhere(function.script(), call(*args, **kwargs)))

    def test_constants_and_annotations(self):
        self.check(sendable.square, 7)
        self.check(sendable.square, 7, plus=1)

    def test_functions_that_it_names_and_inner_names(self):
        self.check(sendable.estimate, 12)

    def test_recursion(self):
        self.check(sendable.recursive, 6)

    def test_imports_that_it_names(self):
        self.check(sendable.uses_imports, "abbb")
        self.assertIn("from fractions import Fraction as Ratio\n", sendable.uses_imports.script())

    def test_tasks_that_it_names(self):
        self.check(sendable.other_task, 5)

    def test_chunks(self):
        self.assertEqual([11, 14], run_elsewhere(sendable.square.script(), {"chunk": [[1], [2]]}))

    def test_a_function_within_a_function_that_closes_over_nothing(self):
        self.assertEqual(13, run_elsewhere(client.script_of(sendable.without_closing()), call(3)))

    def test_options_and_attributes(self):
        self.assertEqual({"queue": "q", "priority": 3}, sendable.estimate.options)
        self.assertEqual(("square", "Annotations aren't evaluated."),
                         (sendable.square.__name__, sendable.square.__doc__))


class RefusedTests(unittest.TestCase):
    def refused(self, function, sentence):
        with self.assertRaisesRegex(client.NotSendable, sentence):
            client.script_of(function)

    def test_closures(self):
        self.refused(sendable.closing(1), "inner uses value of the function around it: pass it as an argument instead.")

    def test_globals_that_are_not_sent(self):
        self.refused(sendable.uses_list, "uses_list uses SHARED, a list that isn't sent: pass it as an argument")
        self.refused(sendable.uses_lock, "uses_lock uses LOCK, a lock that isn't sent")
        self.refused(sendable.in_comprehension, "in_comprehension uses SHARED")

    def test_globals_that_are_changed(self):
        self.refused(sendable.changes_global, "changes_global changes the global LIMIT")

    def test_undefined_names(self):
        self.refused(sendable.uses_undefined, "uses_undefined uses nowhere, which isn't defined.")

    def test_modules_of_the_program(self):
        self.refused(sendable.uses_own_module, "uses helper_of_mine, a module of your own that isn't sent")

    def test_what_is_no_plain_function(self):
        self.refused(sendable.shout, "A lambda can't be sent")
        self.refused(sendable.generator, "generator is async or a generator")
        self.refused(sendable.coroutine, "coroutine is async or a generator")
        self.refused(sendable.Callable().method, "method is a method")
        self.refused(print, "print is a builtin_function_or_method")
        self.refused(sendable.named_task(), "A function named task can't be sent")

    def test_source_that_cannot_be_found(self):
        scope = {}
        exec("def f(n):\n    return n", scope)
        self.refused(scope["f"], "The source of f can't be found")


class PythonModuleTests(WeftTest):
    """run_python_module, on modules that a client in memory hands out: no coordinator has to take them."""

    def run_module(self, script, payload):
        class Modules:
            @staticmethod
            def fetch_module(sha256):
                return script.encode()
        task = client.WorkerTask({"id": 1, "leaseToken": "x", "module": str(hash(script)), "payload": payload},
                                 Modules())
        return client.run_python_module(payload, task)

    def test_task_with_payload_and_context(self):
        self.assertEqual(9, self.run_module("def task(payload):\n    return payload ** 2", 3))
        self.assertEqual([3, 1], self.run_module("def task(payload, ctx):\n    return [payload, ctx.attempt]", 3))

    def test_globals_are_fresh_for_each_task(self):
        script = "seen = []\ndef task(payload):\n    seen.append(payload)\n    return seen"
        self.assertEqual([[1], [2]], [self.run_module(script, 1), self.run_module(script, 2)])

    def test_a_script_without_a_task(self):
        with self.assertRaisesRegex(client.AttemptFailed, "defines no function task"):
            self.run_module("x = 1", 1)
        with self.assertRaisesRegex(client.AttemptFailed, "not Python"):
            self.run_module("def task(:", 1)

    def test_a_function_runs_on_workers(self):
        self.work(client.run_python_module, capabilities=["python"])
        function = client.task(sendable.recursive.__wrapped__, client=self.weft, queue=self.queue)
        self.assertEqual(720, function.submit(6).result(DEADLINE))
        self.assertEqual([1, 2, 6], list(function.map([1, 2, 3])))
        with self.executor() as pool:
            self.assertEqual([1, 1, 2, 6, 24], list(pool.map(sendable.recursive, range(5), chunksize=2)))

    def test_a_function_has_a_time_limit_and_what_else_a_run_has(self):
        function = client.task(sendable.recursive.__wrapped__, client=self.weft, queue=self.queue, timeout_seconds=5)
        alone = function.submit(6)
        options = {"timeout_seconds": 7, "memory_mb": 512, "fixed": True, "env": {"A": "b"}, "args": ["c"]}
        with self.executor(**options) as pool:
            # The function's own limit comes first.
            pool.submit(function, 6)
            pool.submit(sendable.recursive, 6)
            others = {"memoryMb": 512, "fixed": True, "env": {"A": "b"}, "args": ["c"]}
            found = [self.claimed().get("run") for _ in range(3)]
            self.assertCountEqual([{"timeoutSeconds": 5}, {"timeoutSeconds": 5, **others},
                                   {"timeoutSeconds": 7, **others}], found)
            pool.shutdown(cancel_futures=True)
        # Nobody completes it, and to close the client is to wait for it.
        self.weft.cancel(alone.task_id)
        module = self.weft.push(b"def task(n):\n    return n\n", "n.py", "text/x-python")
        results = self.weft.map([1], queue=self.queue, module=module, timeout_seconds=8, run="named")
        threading.Thread(target=lambda: list(results), daemon=True).start()
        self.assertEqual({"timeoutSeconds": 8}, self.claimed()["run"])
        self.weft.submit(1, queue=self.queue, module=module, run={"timeoutSeconds": 9}, memory_mb=64)
        self.assertEqual({"timeoutSeconds": 9, "memoryMb": 64}, self.claimed()["run"])

    def claimed(self):
        request = {"workerId": "w", "queues": [self.queue], "capabilities": ["python"], "wait": 20}
        return self.weft.call("POST", "tasks/claim", request)["tasks"][0]

    def test_a_run_that_is_none_is_one_sentence(self):
        with self.assertRaisesRegex(TypeError, "run must be the name of a durable run. A task's time limit is timeout"):
            self.weft.map([1], queue=self.queue, run={"timeoutSeconds": 5})
        with self.assertRaisesRegex(TypeError, "run of a task must be a dict, such as .*, not 'night'"):
            self.weft.submit(1, queue=self.queue, run="night")
        with self.assertRaisesRegex(TypeError, "timeout is not an option of a task; there are .*timeout_seconds"):
            self.weft.submit(1, queue=self.queue, timeout=5)

    def test_a_coordinator_that_takes_no_functions(self):
        coordinator = Coordinator(WEFT_ALLOW_PYTHON_MODULES="false")
        self.addCleanup(coordinator.close)
        weft = client.Weft(coordinator.url)
        self.addCleanup(weft.close)
        function = client.task(sendable.recursive.__wrapped__, client=weft, queue=self.queue)
        with self.assertRaisesRegex(client.WeftError, r"^This coordinator doesn't accept functions: [^\n]+$") as caught:
            function.submit(6)
        self.assertEqual("python_not_allowed", caught.exception.code)

    def test_a_folder_is_a_module_and_packages_are_sent_with_it(self):
        folder = tempfile.mkdtemp(prefix="weft-python-")
        self.addCleanup(shutil.rmtree, folder)
        for name, text in {"task.py": "import tiny, helper\ndef task(n): return [helper.twice(n), tiny.NAME]",
                           "helper.py": "def twice(n): return 2 * n", ".hidden": "x"}.items():
            pathlib.Path(folder, name).write_text(text)
        wheel = self.wheel("tiny", "tiny.py", "NAME = 'tiny'")
        first = self.weft.push(folder)
        self.assertEqual(first, self.weft.push(folder))
        with zipfile.ZipFile(io.BytesIO(self.weft.fetch_module(first))) as archive:
            self.assertEqual(["helper.py", "task.py"], archive.namelist())
        worker = subprocess.Popen([harness.BINARY, "worker", "--python", sys.executable, "--queue", self.queue, "--url",
                                   self.coordinator.url], stderr=subprocess.DEVNULL)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.terminate)
        self.assertEqual([[2, "tiny"], [4, "tiny"]],
                         list(self.weft.map([1, 2], queue=self.queue, module=folder, packages=[wheel])))
        # The coordinator has it now, and finds it by its name.
        function = client.task(sendable.uses_tiny, client=self.weft, queue=self.queue, packages=["tiny>=1"])
        self.assertEqual("tiny7", function.submit(7).result(DEADLINE))
        self.assertEqual(["tiny8"], list(self.weft.map([8], fn=sendable.uses_tiny, queue=self.queue, packages=[wheel])))
        with self.weft.executor(queue=self.queue, packages=["tiny"]) as pool:
            self.assertEqual("tiny9", pool.submit(sendable.uses_tiny, 9).result(DEADLINE))

    def test_packages_that_cannot_be_had(self):
        with self.assertRaisesRegex(TypeError, "packages belong to a function"):
            self.weft.submit(1, packages=["tiny"])
        with self.assertRaisesRegex(TypeError, r"packages must be a list, such as \['numpy'\]"):
            next(self.weft.map([1], fn=sendable.uses_tiny, packages="numpy"))
        with self.assertRaisesRegex(client.TaskFailed, "The coordinator has no package nobody-has-this: add its wheel"):
            next(self.weft.map([1], fn=sendable.uses_tiny, queue=self.queue, packages=["nobody-has-this"]))
        with self.assertRaisesRegex(client.WeftError, "The wheel has code for linux_x86_64"):
            self.weft.push(self.wheel("fast", "fast.py", "", "cp311-cp311-linux_x86_64"))

    def wheel(self, name, file, text, tag="py3-none-any"):
        folder = tempfile.mkdtemp(prefix="weft-python-")
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, f"{name}-1.0-{tag}.whl")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(file, text)
            archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n")
            archive.writestr(f"{name}-1.0.dist-info/WHEEL", f"Tag: {tag}\n")
        return path

    def test_a_syntax_error_is_found_before_anything_is_sent(self):
        for send in (lambda: self.weft.push(b"def task(n):\n    return n +\n", "broken.py"),
                     lambda: self.weft.submit(1, queue=self.queue, module=self.file("def task(n):\n    return n +\n")),
                     lambda: next(self.weft.map([1], queue=self.queue, module=self.file("def task(:")))):
            with self.assertRaises(SyntaxError) as caught:
                send()
            self.assertRegex(str(caught.exception), r"\(broken\.py, line [12]\)$")
        self.assertNotIn(self.queue, [each["name"] for each in self.weft.queues()])

    def file(self, text):
        folder = tempfile.mkdtemp(prefix="weft-python-")
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "broken.py")
        with open(path, "w") as file:
            file.write(text)
        return path


if __name__ == "__main__":
    unittest.main()
