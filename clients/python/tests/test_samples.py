"""The lines of docs/clients.md, run; and the Python blocks of docs/python-client.md, compiled and run."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness import DEADLINE, ROOT, WeftTest, client, shared


def blocks(document, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / document).read_text(), re.S)


class SampleTests(unittest.TestCase):
    def run_sample(self, program, name, language):
        source = (ROOT / "samples/Clients" / name).read_text()
        self.assertEqual([source], blocks("clients.md", language))
        with tempfile.TemporaryDirectory() as folder:
            for each in (f"samples/Clients/{name}", "clients/python/weft.py", "clients/js/weft.js"):
                shutil.copy(ROOT / each, folder)
            with open(os.path.join(folder, "package.json"), "w") as file:
                file.write('{"type":"module"}')
            done = subprocess.run([program, name], cwd=folder, text=True, capture_output=True, timeout=DEADLINE,
                                  env={**os.environ, "WEFT_URL": shared().url})
        self.assertEqual(("19 22\n43 50\n", "", 0), (done.stdout, done.stderr, done.returncode))

    def test_python(self):
        self.run_sample(sys.executable, "matrix.py", "python")

    def test_javascript(self):
        self.run_sample("node", "matrix.js", "js")


class DocumentTests(WeftTest):
    def test_the_blocks_of_the_document_run(self):
        first, task, worker, futures, single, handler = blocks("python-client.md", "python")
        self.queue = "squares"
        self.work(lambda payload: payload["n"] ** 2 if isinstance(payload, dict) else payload ** 2, concurrency=50)
        scope, printed = {"client": self.weft}, []
        scope["print"] = printed.append
        exec(first.replace("http://127.0.0.1:8080", self.coordinator.url), scope)
        self.addCleanup(scope["client"].close)
        self.assertEqual([n * n for n in range(1000)], printed)
        exec(futures.replace("10_000", "500"), scope)
        self.assertEqual({n * n for n in range(500)}, set(printed[1000:]))
        exec(single, scope)
        self.assertEqual(144, self.weft.wait(scope["id"]))
        for block in (task, worker, handler):
            compile(block, "python-client.md", "exec")


if __name__ == "__main__":
    unittest.main()
