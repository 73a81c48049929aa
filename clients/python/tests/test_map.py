"""Weft.map: order, bounds, what is left when somebody stops, durable runs, and a coordinator that is killed."""
import concurrent.futures
import io
import itertools
import json
import signal
import subprocess
import sys
import textwrap
import threading
import types
import unittest
import urllib.request
from unittest import mock

from harness import DEADLINE, ROOT, Coordinator, NarrowFront, WeftTest, client, eventually


class MapTests(WeftTest):
    def counts(self):
        return next((each["counts"] for each in self.weft.queues() if each["name"] == self.queue), {})

    def test_ordered(self):
        self.work(lambda payload: payload * payload)
        self.assertEqual([n * n for n in range(500)], list(self.weft.map(range(500), queue=self.queue)))

    def test_as_they_finish(self):
        gate = self.gate()
        self.work(lambda payload, task: gate(payload, task) if payload == 0 else payload)
        results = self.weft.map(range(20), queue=self.queue, ordered=False, pairs=True)
        first = [next(results) for _ in range(19)]
        self.assertEqual({(n, n) for n in range(1, 20)}, set(first))
        gate.opened.set()
        self.assertEqual([(0, 0)], list(results))

    def test_a_result_as_deep_as_a_coordinator_takes_it_is_a_result(self):
        deep = b"[" * 998 + b"]" * 998
        results = self.weft.map(range(2), queue=self.queue)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            got = pool.submit(list, results)
            for _ in range(2):
                claim = json.dumps({"workerId": "w", "queues": [self.queue], "wait": 20}).encode()
                json_type = {"Content-Type": "application/json"}
                [task] = self.weft._http.ask("POST", "tasks/claim", claim, json_type)["tasks"]
                urllib.request.urlopen(f"{self.coordinator.url}/task/{task['id']}/result",
                                       b'{"result":' + deep + b"}").close()
            first, second = got.result(DEADLINE)
        depth = 0
        while first:
            depth, [first] = depth + 1, first
        self.assertEqual(997, depth)

    def test_no_more_than_ahead_are_taken(self):
        self.work(lambda payload: payload)
        taken = itertools.count()
        last = [0]

        def inputs():
            for last[0] in itertools.islice(taken, 300):
                yield last[0]
        for given, _ in enumerate(self.weft.map(inputs(), queue=self.queue, ahead=10)):
            self.assertLessEqual(last[0], given + 10)

    def test_a_failure_raises_with_its_input(self):
        def handler(payload):
            if payload == 3:
                raise ValueError("three")
            return payload
        self.work(handler)
        results = self.weft.map(range(5), queue=self.queue, max_attempts=1)
        self.assertEqual([0, 1, 2], [next(results) for _ in range(3)])
        with self.assertRaisesRegex(client.TaskFailed, r"^Task \d+ is dead: ValueError: three$") as caught:
            next(results)
        self.assertEqual(3, caught.exception.input)

    def test_failures_can_be_returned(self):
        def handler(payload):
            raise ValueError("no")
        self.work(handler)
        results = list(self.weft.map([1, 2], queue=self.queue, max_attempts=1, failures="return"))
        self.assertEqual(["dead", "dead"], [each.state for each in results])

    def test_a_task_that_is_refused_is_one_failure(self):
        self.work(lambda payload: 1)
        results = list(self.weft.map([1, "x" * (2 << 20), 2], queue=self.queue, failures="return"))
        self.assertEqual((1, "refused", 1), (results[0], results[1].state, results[2]))

    def test_a_request_that_is_too_large_is_split_and_one_task_that_is_is_one_failure(self):
        self.work(lambda payload: len(payload))
        front = NarrowFront(self, self.coordinator, 64 << 10)
        weft = client.Weft(front.url)
        self.addCleanup(weft.close)
        results = list(weft.map(["a" * 10_000] * 12 + ["b" * 80_000], queue=self.queue, failures="return"))
        self.assertEqual([10_000] * 12, results[:12])
        self.assertEqual("refused", results[12].state)
        self.assertRegex(
            str(results[12]), r"^The task is refused: A proxy in front of the coordinator at \S+ answered 413")
        # All together, the halves that had the large one, and that one alone.
        self.assertGreater(max(front.refused), 200_000)
        self.assertLess(min(front.refused), 90_000)

    def test_whoever_stops_reading_cancels_what_is_unfinished(self):
        gate = self.gate()
        self.work(lambda payload, task: gate(payload, task) if payload else payload, concurrency=2)
        results = self.weft.map(range(50), queue=self.queue)
        self.assertEqual(0, next(results))
        results.close()
        eventually(lambda: self.counts().get("cancelled") == 49, "49 cancelled tasks")

    def test_a_payload_that_is_not_json_is_named(self):
        with self.assertRaisesRegex(TypeError, "the payload is a set, which is not JSON"):
            list(self.weft.map([{1}], queue=self.queue))
        with self.assertRaisesRegex(TypeError, r"the payload\['n'\] is an object, which is not JSON"):
            list(self.weft.map([{"n": object()}], queue=self.queue))

    def test_an_empty_map(self):
        self.assertEqual([], list(self.weft.map([], queue=self.queue)))

    def test_progress_on_a_terminal(self):
        self.work(lambda payload: payload)
        with mock.patch.object(sys, "stderr", io.StringIO()) as stderr:
            list(self.weft.map(range(3), queue=self.queue, progress=True))
        self.assertRegex(stderr.getvalue(), r"\rweft: map: 3 of 3 tasks finished, \d+/s *\n$")

    def test_no_progress_without_a_terminal(self):
        self.work(lambda payload: payload)
        with mock.patch.object(sys, "stderr", io.StringIO()) as stderr:
            list(self.weft.map(range(3), queue=self.queue))
        self.assertEqual("", stderr.getvalue())

    def test_progress_in_a_notebook(self):
        self.work(lambda payload: payload)
        shown = []
        handle = types.SimpleNamespace(update=lambda each: shown.append(each._repr_html_()))
        notebook = types.SimpleNamespace(
            get_ipython=lambda: types.SimpleNamespace(kernel=1),
            display=types.SimpleNamespace(display=lambda each, display_id: handle))
        with mock.patch.dict(sys.modules, {"IPython": notebook}):
            list(self.weft.map(range(3), queue=self.queue))
        self.assertRegex(shown[-1], r'^<progress max="3" value="3"></progress> map: 3 of 3 tasks finished')


    def test_a_program_that_ends_in_the_middle_cancels_what_is_unfinished(self):
        script = f"""
            import sys
            sys.path.insert(0, {str(ROOT / 'clients/python')!r})
            from weft import Weft
            results = Weft({self.coordinator.url!r}).map(range(10), queue={self.queue!r})
            print(next(results))
            sys.exit(3)
            """
        gate = self.gate()
        self.work(lambda payload, task: gate(payload, task) if payload else payload)
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True,
                              timeout=DEADLINE)
        self.assertEqual(("0\n", "", 3), (done.stdout, done.stderr, done.returncode))
        eventually(lambda: self.counts().get("cancelled") == 9, "nine cancelled tasks")


class DurableTests(WeftTest):
    SCRIPT = """
        import sys
        sys.path.insert(0, {path!r})
        from weft import Weft
        weft = Weft({url!r}, retry_seconds=60)
        for result in weft.map(range(300), queue={queue!r}, run={queue!r}, ahead=120):
            print(result, flush=True)
        """

    def start(self):
        script = textwrap.dedent(self.SCRIPT).format(path=str(ROOT / "clients/python"), url=self.coordinator.url,
                                                     queue=self.queue)
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        self.addCleanup(process.kill)
        return process

    def test_ctrl_c_leaves_the_run_and_the_next_start_goes_on(self):
        gate, seen = self.gate(), []

        def handler(payload, task):
            seen.append(payload)
            return payload if payload < 40 else gate(payload, task)
        self.work(handler)
        process = self.start()
        for n in range(40):
            self.assertEqual(f"{n}\n", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=DEADLINE)
        self.assertRegex(errors, r"(?m)^weft: run '\S+' continues without this program: \d+ of \d+ submitted tasks are "
                                 r"finished\. Run the same line again to get its results, or cancel it with: "
                                 r"weft groups cancel \d+$")
        self.assertIn("KeyboardInterrupt", errors)
        gate.opened.set()
        output, errors = self.start().communicate(timeout=DEADLINE)
        self.assertEqual(([str(n) for n in range(300)], ""), (output.split(), errors))
        # No task was done twice.
        self.assertEqual(list(range(300)), sorted(seen))
        output, _ = self.start().communicate(timeout=DEADLINE)
        self.assertEqual(300, len(output.split()))
        self.assertEqual(300, len(seen))

    def test_equal_inputs_are_tasks_of_their_own(self):
        seen = []
        self.work(lambda payload: seen.append(payload))
        self.assertEqual([None] * 130, list(self.weft.map([7] * 130, queue=self.queue, run=self.queue)))
        self.assertEqual(130, len(seen))

    def test_more_inputs_than_before_are_the_rest_only(self):
        seen = []
        self.work(lambda payload: seen.append(payload))
        for count in (100, 250):
            list(self.weft.map(range(count), queue=self.queue, run=self.queue))
        self.assertEqual(list(range(250)), sorted(seen))

    def test_without_a_name_ctrl_c_cancels(self):
        results = self.weft.map(range(10), queue=self.queue)
        timer = threading.Timer(0.3, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT])
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            next(results)
        eventually(lambda: next(each["counts"] for each in self.weft.queues() if each["name"] == self.queue)
                   ["cancelled"] == 10, "ten cancelled tasks")


class KilledTests(unittest.TestCase):
    def test_a_coordinator_that_is_killed_and_started_again(self):
        coordinator = Coordinator("--lease-seconds", "2")
        self.addCleanup(coordinator.close)
        weft, other = client.Weft(coordinator.url, retry_seconds=60), client.Weft(coordinator.url)
        worker = other.start_worker("q", lambda payload: payload + 1, concurrency=4)
        pool = weft.executor(queue="q")
        futures = [pool.submit(None, n) for n in range(500)]
        results, seen = weft.map(range(500), queue="q"), []
        seen += [next(results) for _ in range(100)]
        coordinator.kill()
        late = [pool.submit(None, n) for n in range(500, 600)]
        coordinator.start()
        seen += results
        self.assertEqual(list(range(1, 501)), seen)
        self.assertEqual(list(range(1, 601)), [each.result(DEADLINE) for each in futures + late])
        pool.shutdown()
        worker.close()
        weft.close()
        other.close()


if __name__ == "__main__":
    unittest.main()
