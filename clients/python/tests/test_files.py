"""Files of tasks: pushed in pieces, resumed, named by tasks."""
import hashlib
import os
import pathlib
import tempfile
import unittest

from harness import WeftTest, client


class FileTests(WeftTest):
    def setUp(self):
        super().setUp()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, data):
        path = pathlib.Path(self.folder.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    def test_a_file_is_pushed_in_pieces_once(self):
        data = os.urandom(2 * client.BLOB_PIECE_BYTES + 5)
        path, seen = self.write("large.bin", data), []
        pushed = self.weft.push_file(path, lambda done, all: seen.append(done))
        self.assertEqual(hashlib.sha256(data).hexdigest(), pushed)
        self.assertEqual([0, client.BLOB_PIECE_BYTES, 2 * client.BLOB_PIECE_BYTES], seen)
        seen.clear()
        self.weft.push_file(path, lambda done, all: seen.append(done))
        self.assertEqual([], seen)

    def test_a_push_goes_on_where_it_stopped(self):
        path = self.write("large.bin", os.urandom(2 * client.BLOB_PIECE_BYTES))

        def stop(done, _):
            if done > 0:
                raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.weft.push_file(path, stop)
        seen = []
        self.weft.push_file(path, lambda done, all: seen.append(done))
        self.assertEqual([client.BLOB_PIECE_BYTES], seen)

    def test_an_empty_file_is_one(self):
        self.assertEqual(hashlib.sha256(b"").hexdigest(), self.weft.push_file(self.write("empty", b"")))

    def test_a_task_names_files_folders_and_hashes(self):
        one = self.write("one.txt", b"1")
        self.write("more/a.txt", b"a")
        self.write("more/b/c.txt", b"c")
        known = self.weft.push_file(one)
        task = self.weft.submit(1, queue=self.queue, run={}, files={
            "one.txt": one, "in/": one, "data/": os.path.join(self.folder.name, "more"), "known": known})
        shown = self.weft.call("GET", f"tasks/{task}")
        self.assertEqual(["data/a.txt", "data/b/c.txt", "in/one.txt", "known", "one.txt"],
                         [each["path"] for each in shown["run"]["files"]])
        self.assertEqual(known, shown["run"]["files"][3]["blob"])
        self.assertEqual(["files"], shown["requires"])

    def test_a_blob_that_is_not_there_is_refused(self):
        with self.assertRaises(client.WeftError) as refused:
            self.weft.submit(1, queue=self.queue, files={"a": "0" * 64})
        self.assertEqual(("blob_not_found", "not this"), (refused.exception.code, refused.exception.rule))


if __name__ == "__main__":
    unittest.main()
