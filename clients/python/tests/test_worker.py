"""Workers in Python: heartbeats, failures, what can't be delivered, and how they end."""
import math
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest
import urllib.request

from harness import DEADLINE, ROOT, Coordinator, Front, NarrowFront, OldFront, WeftTest, client, eventually


class WorkerTests(WeftTest):
    def end(self, id):
        return eventually(lambda: (found := self.weft.get(id))["state"] in ("completed", "dead") and found)

    def test_handler_with_the_task(self):
        self.work(lambda payload, task: [task.id, task.attempt, task.queue, task.payload])
        id = self.weft.submit("x", queue=self.queue)
        self.assertEqual([id, 1, self.queue, "x"], self.end(id)["result"])

    def test_an_exception_fails_the_attempt_with_its_line(self):
        def broken(payload):
            return payload / 0
        self.work(broken)
        error = self.end(self.weft.submit(1, queue=self.queue, max_attempts=1))["error"]
        self.assertTrue(error.startswith("ZeroDivisionError: division by zero\n"), error)
        self.assertIn("return payload / 0", error)
        self.assertNotIn("weft.py", error)

    def test_a_result_that_is_not_json_says_which_value(self):
        self.work(lambda payload: {"a": {1, 2}})
        self.assertIn("the result['a'] is a set, which is not JSON",
                      self.end(self.weft.submit(1, queue=self.queue, max_attempts=1))["error"])

    def test_what_is_no_number_fails_its_own_task_only(self):
        def handler(payload, task):
            if payload == "progress":
                task.progress(math.nan)
            if payload == "delay":
                raise client.AttemptReleased(delay=math.nan)
            return payload
        self.work(handler, concurrency=1)
        errors = [self.end(self.weft.submit(each, queue=self.queue, max_attempts=1))["error"]
                  for each in ("progress", "delay")]
        self.assertIn("ValueError: The progress must be a number.", errors[0])
        self.assertIn("ValueError: The delay must be a finite, non-negative number of seconds.", errors[1])
        self.assertEqual("fine", self.end(self.weft.submit("fine", queue=self.queue))["result"])

    def test_attempts_that_may_not_be_repeated_and_releases(self):
        def handler(payload, task):
            if payload == "no":
                raise client.AttemptFailed("never", retry=False)
            if len(seen) < 2:
                seen.append(task.attempt)
                raise client.AttemptReleased()
            return "done"
        seen = []
        self.work(handler, concurrency=1)
        self.assertEqual("never", self.end(self.weft.submit("no", queue=self.queue))["error"])
        found = self.end(self.weft.submit("later", queue=self.queue))
        self.assertEqual(("done", 0), (found["result"], found["failures"]))

    def test_heartbeats_keep_the_lease_and_carry_progress(self):
        gate = self.gate()

        def handler(payload, task):
            task.progress(0.5, {"row": 7})
            return gate(payload, task)
        self.work(handler, lease_seconds=1)
        id = self.weft.submit(1, queue=self.queue)
        found = eventually(lambda: (now := self.weft.get(id)).get("progress") and now)
        self.assertEqual((0.5, {"row": 7}), (found["progress"], found["checkpoint"]))
        first = found["claimedAt"]
        # Longer than its lease.
        end = time.monotonic() + 1.5
        eventually(lambda: time.monotonic() > end)
        gate.opened.set()
        found = self.end(id)
        self.assertEqual((1, first), (found["attempt"], found["claimedAt"]))

    def test_it_says_how_long_a_handler_took(self):
        def told():
            with urllib.request.urlopen(f"{self.coordinator.url}/metrics") as answer:
                lines = answer.read().decode().splitlines()
            return sum(float(line.split()[1]) for line in lines if line.startswith("weft_task_compute_seconds_count"))

        def handler(payload):
            if payload == "fails":
                raise ValueError(payload)
            return payload
        before = told()
        self.work(handler)
        for payload in ("fails", "fine"):
            self.end(self.weft.submit(payload, queue=self.queue, max_attempts=1))
        eventually(lambda: told() == before + 2)

    def test_a_coordinator_that_knows_no_such_time_is_told_none(self):
        old = OldFront(self, self.coordinator, "runMs")
        weft = client.Weft(old.url)
        self.addCleanup(weft.close)
        self.work(lambda payload: payload, concurrency=1, weft=weft)
        for payload in range(3):
            found = self.end(self.weft.submit(payload, queue=self.queue))
            self.assertEqual((payload, 1), (found["result"], found["attempt"]))
        self.assertEqual(1, old.refused)

    def test_a_result_that_is_too_large_fails_its_own_task_only(self):
        self.work(lambda payload: "x" * payload, concurrency=2)
        large = self.weft.submit(11 << 20, queue=self.queue, max_attempts=1)
        small = self.weft.submit(3, queue=self.queue)
        self.assertEqual("xxx", self.end(small)["result"])
        self.assertIn("The result was rejected", self.end(large)["error"])

    def test_a_task_as_deep_as_a_coordinator_takes_it_costs_no_other_task(self):
        coordinator = Coordinator()
        self.addCleanup(coordinator.close)
        with client.Weft(coordinator.url) as weft:
            ids = [weft.submit(n) for n in range(4)]
            urllib.request.urlopen(f"{coordinator.url}/task", b"[" * 999 + b"]" * 999).close()
            ids.append(max(ids) + 1)
            worker = weft.start_worker("default", lambda payload: type(payload).__name__, concurrency=10)
            self.addCleanup(worker.close, 5)
            ended = [eventually(lambda: (found := weft.get(id))["state"] in ("completed", "dead") and found)
                     for id in ids]
        self.assertEqual([("int", 1)] * 4 + [("list", 1)], [(each["result"], each["attempt"]) for each in ended])

    def test_results_that_are_too_large_together_are_settled_apart(self):
        front, settling = NarrowFront(self, self.coordinator, 64 << 10), threading.Event()
        weft = client.Weft(front.url)
        self.addCleanup(weft.close)

        def observed(task, outcome, detail):
            # On the thread that settles: the others' results are told together, in more bytes than a request may have.
            if task.payload == "first":
                settling.set()
                eventually(lambda: len(worker._said) == 17, "the other results")
        worker = self.work(lambda payload: payload if payload == "first" else payload[0] * int(payload[1:]), weft=weft,
                           concurrency=18, observed=observed)
        self.weft.submit("first", queue=self.queue)
        eventually(settling.is_set)
        payloads = [f"{letter}10000" for letter in "abcdefghijklmnop"] + ["z80000"]
        ids = self.weft.submit_many(payloads, queue=self.queue, max_attempts=1)
        self.assertEqual([letter * 10_000 for letter in "abcdefghijklmnop"],
                         [self.weft.wait(id, timeout=DEADLINE) for id in ids[:-1]])
        with self.assertRaisesRegex(client.TaskFailed, "is dead: The result was rejected: .* answered 413"):
            self.weft.wait(ids[-1], timeout=DEADLINE)
        self.assertGreater(max(front.refused), 200_000)

    def test_close_finishes_what_is_held(self):
        gate = self.gate()
        worker = self.work(gate, concurrency=1)
        held, waiting = self.weft.submit("held", queue=self.queue), self.weft.submit("waiting", queue=self.queue)
        eventually(lambda: gate.begun)
        threading.Timer(0.2, gate.opened.set).start()
        worker.close()
        self.assertEqual("completed", self.weft.get(held)["state"])
        self.assertEqual("ready", self.weft.get(waiting)["state"])

    def test_close_with_a_timeout_gives_back(self):
        gate = self.gate()
        worker = self.work(gate, concurrency=1)
        id = self.weft.submit(1, queue=self.queue)
        eventually(lambda: gate.begun)
        worker.close(timeout=0.1)
        found = self.weft.get(id)
        self.assertEqual(("ready", 0), (found["state"], found["failures"]))

    def test_max_in_flight(self):
        now, most, lock = [0], [0], threading.Lock()

        def handler(payload):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.001)
            with lock:
                now[0] -= 1
        self.work(handler, concurrency=3)
        list(self.weft.map(range(200), queue=self.queue))
        self.assertLessEqual(most[0], 3)

    def test_a_stranger_in_the_coordinators_place_is_waited_for(self):
        weft = client.Weft(Front(self, Front.page(502)).url)
        worker = weft.start_worker(self.queue, lambda payload: payload)
        eventually(lambda: weft._http.opened >= 3)
        self.assertIsNone(worker.failure)
        worker.close()

    def signalled(self, kind):
        script = f"""
            import sys, time
            sys.path.insert(0, {str(ROOT / 'clients/python')!r})
            from weft import Weft
            def slow(payload):
                print("begun", flush=True)
                time.sleep(0.3)
                return payload
            Weft({self.coordinator.url!r}).worker({self.queue!r}, slow)
            print("ended")
            """
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        id = self.weft.submit(5, queue=self.queue)
        self.assertEqual("begun\n", process.stdout.readline())
        process.send_signal(kind)
        output, errors = process.communicate(timeout=DEADLINE)
        self.assertEqual(("ended\n", "", 0), (output, errors, process.returncode))
        self.assertEqual("completed", self.weft.get(id)["state"])

    def test_sigterm_finishes_what_is_held(self):
        self.signalled(signal.SIGTERM)

    def test_ctrl_c_finishes_what_is_held(self):
        self.signalled(signal.SIGINT)


if __name__ == "__main__":
    unittest.main()
