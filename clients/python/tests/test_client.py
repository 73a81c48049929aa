"""Tasks one by one, what goes wrong on the way, and what hostile workers say."""
import io
import json
import pickle
import sys
import types
import unittest
import unittest.mock

from harness import DEADLINE, ROOT, Coordinator, Front, WeftTest, client, eventually, free_port


class TaskTests(WeftTest):
    def test_submit_and_wait(self):
        self.work(lambda payload: payload["n"] ** 2)
        self.assertEqual(144, self.weft.wait(self.weft.submit({"n": 12}, queue=self.queue), timeout=DEADLINE))

    def test_submit_with_a_key_is_one_task(self):
        ids = {self.weft.submit(1, queue=self.queue, key=f"k-{self.queue}") for _ in range(3)}
        self.assertEqual(1, len(ids))

    def test_submit_many(self):
        ids = self.weft.submit_many(range(250), queue=self.queue, priority=5)
        self.assertEqual(sorted(ids), ids)
        self.assertEqual((250, 5, 249), (len(ids), self.weft.get(ids[0])["priority"],
                                         self.weft.get(ids[-1])["payload"]))

    def test_an_unknown_option_is_refused_here(self):
        with self.assertRaisesRegex(TypeError, "prio is not an option of a task; there are"):
            self.weft.submit(1, prio=5)

    def test_what_the_coordinator_refuses_is_one_sentence(self):
        with self.assertRaises(client.WeftError) as caught:
            self.weft.submit(1, queue="no queue")
        self.assertEqual(("invalid_request", "not this", 400),
                         (caught.exception.code, caught.exception.rule, caught.exception.status))

    def test_a_client_of_another_version_says_so(self):
        def refusal():
            with self.assertRaises(client.WeftError) as caught:
                self.weft.submit(1, queue="no queue")
            return str(caught.exception)
        plain, version = refusal(), client.__version__
        self.assertNotIn("version", plain)
        with unittest.mock.patch.object(client, "__version__", "0.0.9"):
            self.assertEqual(f"{plain} (This client is version 0.0.9 and the coordinator is version {version}; its "
                             f"client is at {self.weft.url}client/weft.py.)", refusal())

    def test_a_coordinator_that_does_not_answer_is_said_at_once_and_once_and_raised_without_its_causes(self):
        class Terminal(io.StringIO):
            def isatty(self):
                return True
        weft = client.Weft(f"http://127.0.0.1:{free_port()}", retry_seconds=1)
        with unittest.mock.patch("sys.stderr", Terminal()) as said:
            for _ in range(2):
                with self.assertRaisesRegex(client.WeftError, r"^No coordinator answers at \S+: ") as caught:
                    weft.stats()
        self.assertEqual(f"weft: no coordinator answers at {weft.url} yet; trying for 1 s\n", said.getvalue())
        self.assertTrue(caught.exception.__suppress_context__)
        with unittest.mock.patch("sys.stderr", io.StringIO()) as said, self.assertRaises(client.WeftError):
            client.Weft(weft.url, retry_seconds=1).stats()
        self.assertEqual("", said.getvalue())

    def test_an_executor_without_a_client_says_how_it_is_made(self):
        with self.assertRaisesRegex(TypeError, r"An executor belongs to a client: weft\.Weft\(\)\.executor"):
            client.WeftExecutor(queue="q")

    def test_wait_timeout(self):
        with self.assertRaisesRegex(Exception, "is ready after 0.05 s"):
            self.weft.wait(self.weft.submit(1, queue=self.queue), timeout=0.05)

    def test_cancel_and_retry(self):
        id = self.weft.submit(1, queue=self.queue)
        self.assertEqual("cancelled", self.weft.cancel(id)["state"])
        with self.assertRaises(client.WeftError) as caught:
            self.weft.retry(id)
        self.assertEqual("task_not_dead", caught.exception.code)
        with self.assertRaises(client.TaskFailed) as failed:
            self.weft.wait(id)
        self.assertEqual("cancelled", failed.exception.state)

    def test_results_of_a_group_come_as_they_finish(self):
        group = self.weft.create_group("g")
        ids = self.weft.submit_many(range(5), queue=self.queue, group=group)
        self.work(lambda payload: payload + 1)
        lines = list(self.weft.results(group))
        self.assertEqual(dict(zip(ids, range(1, 6))), {line["id"]: line["result"] for line in lines})

    def test_queues_and_stats(self):
        self.weft.submit(1, queue=self.queue)
        self.assertIn(self.queue, [each["name"] for each in self.weft.queues()])
        self.assertGreaterEqual(self.weft.stats()["ready"], 1)

    def test_a_submit_carries_the_trace_that_goes_on_and_the_handler_is_in_it(self):
        trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        seen, attached = [], []
        telemetry = types.SimpleNamespace(
            inject=lambda carrier: carrier.update(traceparent=trace, baggage="b"), extract=dict)
        context = types.SimpleNamespace(attach=attached.append, detach=lambda _: attached.append(None))
        with unittest.mock.patch.dict(sys.modules, {
                "opentelemetry.propagate": telemetry, "opentelemetry.context": context}):
            self.work(lambda payload, task: seen.append((task.trace["parent"], attached[-1])))
            self.weft.wait(self.weft.submit(1, queue=self.queue), timeout=DEADLINE)
        self.assertEqual([(trace, {"traceparent": trace, "tracestate": ""})], seen)
        self.assertIsNone(attached[-1])

    def test_a_submit_carries_the_trace_that_the_program_was_started_in(self):
        trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
        for given, found in ((trace, trace), ("no\ntrace", None)):
            with unittest.mock.patch.dict("os.environ", {"TRACEPARENT": given}):
                self.weft.submit(1, queue=self.queue)
            claimed = self.weft.call("POST", "tasks/claim", {"workerId": "w", "queues": [self.queue]})["tasks"][0]
            self.assertEqual(found, claimed.get("trace", {}).get("parent"))

    def test_odd_text_comes_back_as_it_was(self):
        self.work(lambda payload: payload)
        for payload in ["ü€𝄞", "\ud800", "\u2028", {"": [None, True, 1.5e300, -0.0]}]:
            self.assertEqual(payload, self.weft.wait(self.weft.submit(payload, queue=self.queue), timeout=DEADLINE))

    def test_neither_repr_nor_pickle_has_the_token(self):
        weft = client.Weft(self.coordinator.url, "weft_secret")
        error = client.TaskFailed(1, "dead", "x", client=weft)
        for text in (repr(weft), repr(weft.executor()), repr(error), repr(pickle.dumps(error))):
            self.assertNotIn("weft_secret", text)

    def test_every_problem_code_has_its_rule(self):
        source = (ROOT / "src/Weft.Client/RetryRules.cs").read_text()
        codes = (ROOT / "src/Weft.Contracts/ProblemCodes.cs").read_text()
        names = dict(part.split(" = ") for part in
                     (line.strip().removeprefix("public const string ").rstrip(";") for line in codes.splitlines()
                      if "public const string" in line) if " = " in part)
        rules = {"Again": "again", "NotThis": "not this", "Never": "never"}
        checked = 0
        for line in source.splitlines():
            if "[ProblemCodes." in line:
                name, rule = line.split("[ProblemCodes.")[1].split("] = RetryRule.")
                code = names[name].strip('"')
                self.assertEqual(rules[rule.strip().rstrip(",")], client.retry_rule(code, False), code)
                checked += 1
        self.assertGreater(checked, 30)


class TroubleTests(unittest.TestCase):
    """Each is one exception with one sentence."""

    def fails(self, url, sentence, token=None, retry_seconds=0.0):
        weft = client.Weft(url, token, retry_seconds=retry_seconds)
        self.addCleanup(weft.close)
        for call in (lambda: weft.submit(1), lambda: list(weft.map([1])),
                     lambda: weft.executor().submit(None, 1).result(DEADLINE), lambda: list(weft.results(1))):
            with self.assertRaises(client.WeftError) as caught:
                call()
            self.assertRegex(str(caught.exception), f"^{sentence}$")
        return caught.exception

    def test_no_coordinator(self):
        error = self.fails(f"http://127.0.0.1:{free_port()}", r"No coordinator answers at http://\S+: .+\.")
        self.assertTrue(error.is_transient)

    def test_a_page_with_200(self):
        front = Front(self, Front.page(200))
        self.fails(front.url, rf"The server at {front.url}/ is not a Weft coordinator\.")

    def test_other_json(self):
        front = Front(self, Front.page(200, b'{"status":"ok"}', "application/json"))
        self.fails(front.url, rf"The server at {front.url}/ is not a Weft coordinator\.")

    def test_a_proxy_502(self):
        front = Front(self, Front.page(502))
        self.fails(front.url, rf"A proxy in front of the coordinator at {front.url}/ answered 502 Front\.")

    def test_a_cut_body(self):
        front = Front(self, Front.page(200, b'{"id":', "application/json", missing=100))
        self.fails(front.url, rf"The server at {front.url}/ is not a Weft coordinator\.")

    def test_a_redirect_is_not_followed(self):
        front = Front(self, Front.page(302, more="Location: http://evil.test/x\r\n"))
        self.fails(front.url, r"The server at \S+ is not a Weft coordinator: it redirects to http://evil.test, "
                              r"which is not followed\.")

    def test_no_http(self):
        self.fails(Front(self, b"SSH-2.0-OpenSSH_9.2\r\n").url, r"The server at \S+ does not speak HTTP\.")

    def test_a_broken_connection(self):
        self.fails(Front(self, b"").url, r"The coordinator at \S+ closed the connection early\.")

    def test_a_502_is_tried_again(self):
        front = Front(self, Front.page(502))
        self.fails(front.url, ".*", retry_seconds=0.4)
        self.assertGreaterEqual(front.requests, 8)

    def test_a_problem_without_the_urn_is_no_problem(self):
        body = json.dumps({"type": "about:blank", "code": "unauthorized", "detail": "x"}).encode()
        self.fails(Front(self, Front.page(401, body, "application/problem+json")).url,
                   r"The server at \S+ is not a Weft coordinator\.")

    def test_a_problem_cannot_write_to_the_terminal(self):
        body = json.dumps({"type": "urn:weft:problem:forbidden", "code": "forbidden",
                           "detail": "a\x1b[2Jb\nc\u202e"}).encode()
        self.fails(Front(self, Front.page(403, body, "application/problem+json")).url, r"a\\x1b\[2Jb c\\u202e")

    def test_an_address_that_is_none(self):
        for url in ("ftp://x", "http://", "http://user:secret@host/"):
            with self.assertRaises(ValueError) as caught:
                client.Weft(url)
            self.assertNotIn("secret", str(caught.exception))

    def test_a_token_that_would_end_the_header(self):
        with self.assertRaises(ValueError) as caught:
            client.Weft("http://127.0.0.1", "weft_secret\r\nX: y")
        self.assertNotIn("weft_secret", str(caught.exception))


class TokenTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.coordinator = Coordinator("--access", "tokens")
        cls.coordinator.kill()
        cls.token = cls.coordinator.first_token().split()[-1]
        cls.coordinator.start()

    @classmethod
    def tearDownClass(cls):
        cls.coordinator.close()

    def test_a_wrong_token(self):
        TroubleTests.fails(self, self.coordinator.url, r"[^\n]+token[^\n]+", "weft_wrong")

    def test_a_revoked_token_ends_futures_and_workers(self):
        admin = client.Weft(self.coordinator.url, self.token)
        made = admin.call("POST", "tokens", {"scopes": ["submit", "work"]})
        weft = client.Weft(self.coordinator.url, made["token"])
        pool = weft.executor(queue="nobody")
        future = pool.submit(None, 1)
        eventually(lambda: future.task_id)
        admin.call("DELETE", f"tokens/{made['id']}")
        # The next request is refused, and all futures with it.
        pool.submit(None, 2)
        worker = weft.start_worker("other", lambda payload: payload)
        self.assertEqual("unauthorized", future.exception(DEADLINE).code)
        self.assertRegex(str(future.exception()), r"^[^\n]*token[^\n]*\.$")
        with self.assertRaises(client.WeftError):
            worker.run()
        self.assertNotIn(made["token"], repr(worker) + repr(worker.failure))
        weft.close()
        admin.close()


class HostileWorkerTests(WeftTest):
    def fail_with(self, error):
        def handler(payload):
            raise client.AttemptFailed(error, retry=False)
        self.work(handler)
        future = self.executor().submit(None, 1)
        return future.exception(DEADLINE)

    def test_an_error_text_cannot_write_to_the_terminal(self):
        error = self.fail_with("\x1b]0;owned\x07\x1b[31mred\r\x9b5n\u202eevil\u2066")
        for text in (str(error), error.error, str(error.__cause__)):
            self.assertFalse([char for char in text if char in "\x1b\x07\r\x9b\u202e\u2066"], repr(text))

    def test_a_result_is_data_only(self):
        hostile = {"py/object": "os.system", "__reduce__": ["os.system", ["touch /tmp/owned"]],
                   "__class__": "x", "x": "cos\nsystem\n(S'id'\ntR."}
        self.work(lambda payload: hostile)
        self.assertEqual(hostile, self.executor().submit(None, 1).result(DEADLINE))

    def test_a_number_of_a_million_digits_stops_nobody(self):
        id = self.weft.submit(1, queue=self.queue)
        claimed = self.weft.call("POST", "tasks/claim", {"workerId": "evil", "queues": [self.queue]})["tasks"][0]
        self.weft.call("POST", f"tasks/{id}/complete",
                       data=b'{"leaseToken":"%s","result":[1%s]}' % (claimed["leaseToken"].encode(), b"0" * 10 ** 6))
        self.assertEqual([float("inf")], self.weft.wait(id))

    def test_html_is_escaped(self):
        run = client._Run(self.weft, {}, 1, None)
        shown = client._Progress(run, "<script>alert(1)</script>\x1b[2J", [1], False)
        self.assertNotIn("<script>", shown._repr_html_())
        self.assertNotIn("\x1b", shown._repr_html_() + repr(shown))


if __name__ == "__main__":
    unittest.main()
