"""The behaviours of CPython's test_concurrent_futures that apply, by their names there.

Not here: what is about processes and threads of the pool itself (max_workers, initializer, mp_context, idle threads,
thread names, deadlocks of pickling, fork), and test_multiple_set_*: only a run sets results. test_running: a task stays
pending until it is finished. test_killed_child is about workers: a lease that runs out; KilledTests in test_map.py
kill the coordinator.
"""
import concurrent.futures as futures
import gc
import itertools
import subprocess
import sys
import textwrap
import threading
import time
import unittest
import weakref

from harness import DEADLINE, ROOT, Coordinator, WeftTest, client, eventually


def compute(payload):
    if isinstance(payload, dict) and "raise" in payload:
        raise ZeroDivisionError(payload["raise"])
    return payload if isinstance(payload, str) else payload * payload


class WaitTests(WeftTest):
    def setUp(self):
        super().setUp()
        self.slow = self.gate()
        self.pool = self.executor()

    def serve(self, payload, task):
        return self.slow(payload, task) if payload == "slow" else compute(payload)

    def start(self, *payloads):
        self.work(self.serve)
        return [self.pool.submit(None, each) for each in payloads]

    def test_20369(self):
        [future] = self.start(3)
        done, not_done = futures.wait([future, future], return_when=futures.ALL_COMPLETED)
        self.assertEqual(({future}, set()), (done, not_done))

    def test_first_completed(self):
        quick, slow = self.start(21, "slow")
        done, not_done = futures.wait([quick, slow], return_when=futures.FIRST_COMPLETED)
        self.assertEqual(({quick}, {slow}), (done, not_done))

    def test_first_completed_some_already_completed(self):
        quick, slow = self.start(21, "slow")
        quick.result(DEADLINE)
        done, not_done = futures.wait([quick, slow], return_when=futures.FIRST_COMPLETED)
        self.assertEqual(({quick}, {slow}), (done, not_done))

    def test_first_exception(self):
        quick, bad, slow = self.start(2, {"raise": "x"}, "slow")
        done, not_done = futures.wait([quick, bad, slow], return_when=futures.FIRST_EXCEPTION)
        self.assertIn(bad, done)
        self.assertEqual({slow}, not_done)

    def test_first_exception_some_already_complete(self):
        bad, slow = self.start({"raise": "x"}, "slow")
        bad.exception(DEADLINE)
        done, not_done = futures.wait([bad, slow], return_when=futures.FIRST_EXCEPTION)
        self.assertEqual(({bad}, {slow}), (done, not_done))

    def test_first_exception_one_already_failed(self):
        bad, slow = self.start({"raise": "x"}, "slow")
        self.assertIsNotNone(bad.exception(DEADLINE))
        done, not_done = futures.wait([bad, slow], return_when=futures.FIRST_EXCEPTION)
        self.assertEqual(({bad}, {slow}), (done, not_done))

    def test_pending_calls_race(self):
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            pending = set(self.start(*range(100)))
            done, not_done = futures.wait(pending, return_when=futures.ALL_COMPLETED, timeout=DEADLINE)
        finally:
            sys.setswitchinterval(interval)
        self.assertEqual((pending, set()), (done, not_done))

    def test_all_completed(self):
        pending = self.start(2, 3, {"raise": "x"})
        done, not_done = futures.wait(pending, timeout=DEADLINE, return_when=futures.ALL_COMPLETED)
        self.assertEqual((set(pending), set()), (done, not_done))

    def test_timeout(self):
        quick, slow = self.start(6, "slow")
        quick.result(DEADLINE)
        done, not_done = futures.wait([quick, slow], timeout=0.05, return_when=futures.ALL_COMPLETED)
        self.assertEqual(({quick}, {slow}), (done, not_done))

    def executor(self, **options):
        return super().executor(max_attempts=1, **options)


class AsCompletedTests(WeftTest):
    def test_no_timeout(self):
        self.work(compute)
        pool = self.executor(max_attempts=1)
        pending = {pool.submit(None, 3), pool.submit(None, {"raise": "x"})}
        self.assertEqual(pending, set(futures.as_completed(pending, timeout=DEADLINE)))

    def test_zero_timeout(self):
        pool = self.executor()
        with self.assertRaises(futures.TimeoutError):
            list(futures.as_completed([pool.submit(None, 1)], timeout=0))

    def test_correct_timeout_exception_msg(self):
        pool = self.executor()
        pending = [pool.submit(None, n) for n in range(4)]
        for each in pending[:2]:
            self.assertTrue(each.cancel())
        with self.assertRaises(futures.TimeoutError) as caught:
            list(futures.as_completed(pending, timeout=0))
        self.assertEqual("2 (of 4) futures unfinished", str(caught.exception))

    def test_duplicate_futures(self):
        self.work(compute)
        future = self.executor().submit(None, 2)
        self.assertEqual(1, len(list(futures.as_completed([future, future], timeout=DEADLINE))))

    def test_free_reference_yielded_future(self):
        self.work(compute)
        pool = self.executor()
        pending = [pool.submit(None, n) for n in range(4)]
        for future in futures.as_completed(pending, timeout=DEADLINE):
            pending.remove(future)
            seen = weakref.ref(future)
            del future
            eventually(lambda: gc.collect() or seen() is None, "the future being freed")


class ExecutorTests(WeftTest):
    def test_submit(self):
        self.work(compute)
        self.assertEqual(256, self.executor().submit(None, 16).result(DEADLINE))

    def test_submit_keyword(self):
        with self.assertRaises(TypeError):
            self.executor().submit(None, payload=1)

    def test_exception(self):
        self.work(compute)
        error = self.executor(max_attempts=1).submit(None, {"raise": "why"}).exception(DEADLINE)
        self.assertIsInstance(error, client.TaskFailed)
        self.assertEqual("dead", error.state)
        self.assertIn("ZeroDivisionError: why", str(error))
        self.assertIn("in compute", str(error.__cause__))
        self.assertEqual(["failed"], [each["outcome"] for each in error.attempts])

    def test_map(self):
        self.work(compute)
        self.assertEqual([n * n for n in range(200)], list(self.executor().map(None, range(200))))

    def test_map_exception(self):
        self.work(compute)
        results = self.executor(max_attempts=1).map(None, [5, {"raise": "x"}, 6])
        self.assertEqual(25, next(results))
        with self.assertRaises(client.TaskFailed):
            next(results)

    def test_map_timeout(self):
        gate = self.gate()
        self.work(lambda payload, task: gate(payload, task) if payload == "slow" else payload)
        seen = []
        with self.assertRaises(futures.TimeoutError):
            for each in self.executor().map(None, ["quick", "slow"], timeout=3):
                seen.append(each)
        self.assertEqual(["quick"], seen)

    def test_map_submits_without_iteration(self):
        seen = []
        self.work(seen.append)
        self.executor().map(None, range(10))
        eventually(lambda: sorted(seen) == list(range(10)), "all ten being computed")

    def test_executor_map_current_future_cancel(self):
        gate = self.gate()
        self.work(gate, concurrency=1)
        pool = self.executor()
        results = pool.map(None, range(3))
        eventually(lambda: gate.begun)
        reader = threading.Thread(target=lambda: self.assertRaises(futures.CancelledError, next, results))
        reader.start()
        pool.shutdown(cancel_futures=True)
        reader.join(DEADLINE)
        self.assertFalse(reader.is_alive())
        eventually(lambda: self.counts()["cancelled"] == 3, "all three being cancelled")

    def test_max_workers_negative(self):
        for number in (0, -1):
            with self.assertRaisesRegex(ValueError, "in_flight must be 1 or more"):
                self.weft.executor(in_flight=number)

    def test_map_chunksize(self):
        with self.assertRaisesRegex(ValueError, "chunksize must be >= 1"):
            self.executor().map(None, [1], chunksize=0)

    def test_shutdown_race_issue12456(self):
        self.executor().map(None, [1] * 100)

    def test_no_stale_references(self):
        self.work(lambda payload: 1)
        pool, gone = self.executor(), threading.Event()

        class Payload(dict):
            pass
        payload = Payload(n=1)
        weakref.finalize(payload, gone.set)
        future = pool.submit(None, payload)
        del payload
        futures.wait([future], timeout=DEADLINE)
        del future
        eventually(lambda: gc.collect() or gone.is_set(), "the payload being freed")

    def test_free_reference(self):
        self.work(compute)
        for payload in self.executor().map(None, range(20)):
            pass
        eventually(lambda: gc.collect() or not [each for each in gc.get_objects()
                                                if isinstance(each, client.WeftFuture) and each.input == 19 and
                                                each._run is not None], "the futures being freed")

    def test_max_in_flight(self):
        gate = self.gate()
        pool = self.executor(in_flight=7)
        pending = [pool.submit(None, n) for n in range(30)]
        counts = eventually(lambda: self.counts() and self.counts()["ready"] == 7 and self.counts(), "seven tasks")
        self.assertEqual(7, sum(counts.values()))
        self.work(compute)
        self.assertEqual([n * n for n in range(30)], [each.result(DEADLINE) for each in pending])

    def test_a_result_that_comes_before_the_answer_to_its_submit(self):
        gate = self.gate()
        self.work(lambda payload, task: gate(payload, task) if payload == "slow" else payload)
        pool = self.executor()
        slow = pool.submit(None, "slow")
        eventually(lambda: slow.task_id, "the results being followed")
        submit = self.weft._submit_batch

        def slowly(*arguments):
            [outcome] = outcomes = submit(*arguments)
            eventually(lambda: outcome["id"] in pool._run._early, "the result coming first")
            return outcomes
        self.weft._submit_batch = slowly
        # The other one is unfinished: no end of the results brings this one once more.
        self.assertEqual("quick", pool.submit(None, "quick").result(DEADLINE))

    def test_a_result_that_retention_deleted_before_it_was_read(self):
        coordinator = Coordinator("--retention", "1s")
        self.addCleanup(coordinator.close)
        weft, gate, reads = client.Weft(coordinator.url), self.gate(), threading.Event()
        self.addCleanup(weft.close)
        self.work(lambda payload, task: gate(payload, task) if payload == "slow" else payload, weft=weft)
        follow = weft._results_once
        weft._results_once = lambda *arguments: follow(*arguments) if reads.wait(DEADLINE) else ()
        pool = weft.executor(queue=self.queue)
        lost, slow = pool.submit(None, "lost"), pool.submit(None, "slow")

        def is_deleted():
            try:
                return lost.task_id and weft.get(lost.task_id) is None
            except client.WeftError as error:
                return error.code == "task_not_found"
        eventually(is_deleted, "the task being deleted")
        reads.set()
        gate.opened.set()
        self.assertEqual("slow", slow.result(DEADLINE))
        error = lost.exception(DEADLINE)
        self.assertIsInstance(error, client.TaskFailed)
        self.assertEqual(("gone", "lost"), (error.state, error.input))
        self.assertIn("is gone: Retention deleted the result before it was read.", str(error))

    def test_payload_that_is_not_json_is_named(self):
        with self.assertRaisesRegex(TypeError, r"the payload\['a'\]\[1\] is a set, which is not JSON"):
            self.executor().submit(None, {"a": [1, {2}]})

    def test_10000_futures_over_one_connection(self):
        opened = self.weft._http.opened
        with self.executor() as pool:
            pending = [pool.submit(None, n) for n in range(10_000)]
            self.work(compute, concurrency=200, weft=self.other())
            self.assertEqual([n * n for n in range(10_000)], [each.result(DEADLINE) for each in pending])
        # One follows the results, one submits.
        self.assertLessEqual(self.weft._http.opened - opened, 2)

    def other(self):
        other = client.Weft(self.coordinator.url)
        self.addCleanup(other.close)
        return other

    def counts(self):
        return next((each["counts"] for each in self.weft.queues() if each["name"] == self.queue), None)


class FutureTests(WeftTest):
    def test_cancel(self):
        future = self.executor().submit(None, 1)
        eventually(lambda: future.task_id)
        self.assertTrue(future.cancel())
        self.assertTrue(future.cancelled() and future.done())
        self.assertTrue(future.cancel())
        with self.assertRaises(futures.CancelledError):
            future.result()
        eventually(lambda: self.weft.get(future.task_id)["state"] == "cancelled", "the task being cancelled")

    def test_cancel_while_a_worker_runs_it(self):
        gate = self.gate()
        lost = []
        self.work(gate, observed=lambda task, outcome, detail: lost.append(outcome), lease_seconds=1)
        future = self.executor().submit(None, 1)
        eventually(lambda: gate.begun)
        self.assertTrue(future.cancel())
        eventually(lambda: lost == ["dropped"], "the worker hearing of it")

    def test_cancel_after_the_end(self):
        self.work(compute)
        future = self.executor().submit(None, 2)
        self.assertEqual(4, future.result(DEADLINE))
        self.assertFalse(future.cancel())
        self.assertFalse(future.cancelled())

    def test_done_callback_with_result(self):
        seen = []
        future = self.executor().submit(None, 3)
        future.add_done_callback(lambda each: seen.append(each.result()))
        self.work(compute)
        eventually(lambda: seen == [9], "the callback")

    def test_done_callback_with_exception(self):
        seen = []
        future = self.executor(max_attempts=1).submit(None, {"raise": "x"})
        future.add_done_callback(lambda each: seen.append(each.exception().state))
        self.work(compute)
        eventually(lambda: seen == ["dead"], "the callback")

    def test_done_callback_raises(self):
        seen = []
        future = self.executor().submit(None, 3)
        future.add_done_callback(lambda _: 1 / 0)
        future.add_done_callback(seen.append)
        with self.assertLogs("concurrent.futures", "ERROR") as logged:
            self.work(compute)
            eventually(lambda: seen == [future], "the callback after the one that raises")
        self.assertIn("ZeroDivisionError", logged.output[0])
        # Nothing else is the worse for it.
        self.assertEqual(9, future.result())

    def test_done_callback_already_done(self):
        """test_done_callback_already_successful, _already_failed, _already_cancelled, _raises_already_succeeded."""
        self.work(compute)
        pool = self.executor(max_attempts=1)
        for future, states in ((pool.submit(None, 3), ["result"]), (pool.submit(None, {"raise": "x"}), ["error"]),
                               (pool.submit(None, 3), ["cancelled", "result"])):
            if "cancelled" in states:
                future.cancel()
            futures.wait([future], timeout=DEADLINE)
            seen = []
            future.add_done_callback(lambda each: seen.append(
                "cancelled" if each.cancelled() else "error" if each.exception() else "result"))
            self.assertEqual(1, len(seen))
            self.assertIn(seen[0], states)
        with self.assertLogs("concurrent.futures", "ERROR"):
            future.add_done_callback(lambda _: 1 / 0)

    def test_state(self):
        """test_repr, test_cancelled, test_done, test_running."""
        gate = self.gate()
        self.work(lambda payload, task: gate(payload, task) if payload == "slow" else compute(payload))
        pool = self.executor(max_attempts=1)
        slow, quick, bad, gone = [pool.submit(None, each) for each in ("slow", 2, {"raise": "x"}, "slow")]
        gone.cancel()
        futures.wait([quick, bad], timeout=DEADLINE)
        eventually(lambda: gate.begun)
        self.assertEqual(
            [(False, False, False), (True, False, False), (True, False, False), (True, True, False)],
            [(each.done(), each.cancelled(), each.running()) for each in (slow, quick, bad, gone)])
        for future, state in ((slow, "pending"), (quick, "finished returned int"), (bad, "finished raised TaskFailed"),
                              (gone, "cancelled")):
            self.assertRegex(repr(future), f"^<WeftFuture at 0x[0-9a-f]+ state={state}>$")

    def test_result_with_success(self):
        """And test_exception_with_success, test_result_with_timeout, test_exception_with_timeout."""
        future = self.executor().submit(None, 4)
        for read in (future.result, future.exception):
            with self.assertRaises(futures.TimeoutError):
                read(timeout=0)
        threading.Timer(0.05, lambda: self.work(compute)).start()
        self.assertEqual(16, future.result(DEADLINE))
        self.assertIsNone(future.exception(timeout=0))

    def test_result_with_cancel(self):
        future = self.executor().submit(None, 1)
        threading.Timer(0.05, future.cancel).start()
        with self.assertRaises(futures.CancelledError):
            future.result(DEADLINE)
        with self.assertRaises(futures.CancelledError):
            future.exception(DEADLINE)

    def test_done_callback_with_cancel(self):
        seen = []
        future = self.executor().submit(None, 1)
        future.add_done_callback(seen.append)
        future.cancel()
        self.assertEqual([future], seen)

    def test_a_callback_may_cancel_another(self):
        pool = self.executor()
        first, second = pool.submit(None, 1), pool.submit(None, 2)
        first.add_done_callback(lambda _: second.cancel())
        self.assertTrue(first.cancel())
        self.assertTrue(second.cancelled())

    def test_cancelling_while_results_come(self):
        self.work(compute, concurrency=20)
        pool = self.executor()
        pending = [pool.submit(None, n) for n in range(300)]
        cancelled = [each.cancel() for each in pending]
        futures.wait(pending, timeout=DEADLINE)
        self.assertEqual(cancelled, [each.cancelled() for each in pending])
        self.assertTrue(all(each.done() for each in pending))

    def test_wait_for_a_cancelled_one(self):
        future = self.executor().submit(None, 1)
        threading.Timer(0.05, future.cancel).start()
        self.assertEqual({future}, futures.wait([future], timeout=DEADLINE).done)


class ShutdownTests(WeftTest):
    def test_run_after_shutdown(self):
        pool = self.executor()
        pool.shutdown()
        with self.assertRaisesRegex(RuntimeError, "cannot schedule new futures after shutdown"):
            pool.submit(None, 1)

    def test_context_manager_shutdown(self):
        self.work(compute)
        with self.executor() as pool:
            future = pool.submit(None, 5)
        self.assertTrue(future.done())
        self.assertEqual(25, future.result())

    def test_hang_issue12364(self):
        self.work(compute)
        pool = self.executor()
        pending = [pool.submit(None, n) for n in range(50)]
        pool.shutdown()
        self.assertEqual([n * n for n in range(50)], [each.result() for each in pending])

    def test_cancel_futures(self):
        gate = self.gate()
        self.work(gate, concurrency=1)
        pool = self.executor()
        pending = [pool.submit(None, n) for n in range(50)]
        eventually(lambda: gate.begun)
        pool.shutdown(cancel_futures=True)
        self.assertTrue(all(each.cancelled() for each in pending))
        self.assertFalse(any(thread.is_alive() for thread in pool._run._threads))

    def test_cancel_futures_wait_false(self):
        pool = self.executor()
        future = pool.submit(None, 1)
        pool.shutdown(wait=False, cancel_futures=True)
        self.assertTrue(future.cancelled())

    def test_shutdown_no_wait(self):
        gate = self.gate()
        self.work(gate)
        pool = self.executor()
        future = pool.submit(None, 8)
        pool.shutdown(wait=False)
        self.assertFalse(future.done())
        gate.opened.set()
        self.assertEqual(8, future.result(DEADLINE))

    def test_del_shutdown(self):
        self.work(compute)
        pool = self.weft.executor(queue=self.queue)
        threads, result = pool._run._threads, pool.submit(None, 3)
        del pool
        self.assertEqual(9, result.result(DEADLINE))
        eventually(lambda: gc.collect() is not None and not any(each.is_alive() for each in threads),
                   "the threads ending")

    def test_threads_terminate(self):
        pool = self.executor()
        pool.submit(None, 1)
        threads = eventually(lambda: list(pool._run._threads))
        self.work(compute)
        pool.shutdown()
        self.assertFalse(any(each.is_alive() for each in threads))

    def test_interpreter_shutdown(self):
        self.work(compute)
        self.assertEqual("16\n", self.run_script(
            "pool.submit(None, 4).add_done_callback(lambda future: print(future.result()))"))

    def test_hang_gh83386(self):
        self.work(compute)
        self.assertEqual("16\n", self.run_script(
            "pool.submit(None, 4).add_done_callback(lambda future: print(future.result()))\n"
            "pool.shutdown(wait=False)"))

    def test_submit_after_interpreter_shutdown(self):
        # What was registered first is called last.
        self.assertEqual("cannot schedule new futures after interpreter shutdown\n", self.run_script("", """
            import atexit
            @atexit.register
            def run_last():
                try:
                    pool.submit(None, 1)
                except RuntimeError as error:
                    print(error)
            """))

    def run_script(self, text, before=""):
        head = f"""
            import sys
            sys.path.insert(0, {str(ROOT / 'clients/python')!r})
            import weft
            pool = weft.Weft({self.coordinator.url!r}).executor(queue={self.queue!r})
            """
        script = textwrap.dedent(before) + textwrap.dedent(head) + textwrap.dedent(text)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(("", 0), (done.stderr, done.returncode))
        return done.stdout


if __name__ == "__main__":
    unittest.main()
