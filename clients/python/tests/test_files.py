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

    def complete(self, outputs, **options):
        """Submits a task, and completes it with files, as a worker does; returns its id."""
        task = self.weft.submit(1, queue=self.queue, out_mb=1, **options)
        claimed = self.weft.call("POST", "tasks/claim", {
            "workerId": "w", "queues": [self.queue], "capabilities": ["files"]})["tasks"][0]
        named = []
        for path, data in outputs.items():
            sha256 = hashlib.sha256(data).hexdigest()
            self.weft._http.ask("PUT", f"tasks/{task}/outputs/{sha256}", data,
                                {"X-Weft-Lease": claimed["leaseToken"], "Content-Type": "application/octet-stream"})
            named.append({"path": path, "blob": sha256, "size": len(data)})
        self.weft.call("POST", f"tasks/{task}/complete",
                       {"leaseToken": claimed["leaseToken"], "result": 1, "outputs": named})
        return task

    def test_outputs_are_saved_and_fetched_once(self):
        task = self.complete({"a/b.txt": b"ab", "empty": b""})
        folder = os.path.join(self.folder.name, "saved")
        self.assertEqual([os.path.join(folder, "a/b.txt"), os.path.join(folder, "empty")],
                         self.weft.save_outputs(task, folder))
        self.assertEqual(b"ab", pathlib.Path(folder, "a/b.txt").read_bytes())
        before = os.stat(os.path.join(folder, "a/b.txt")).st_ino
        self.weft.save_outputs(task, folder)
        self.assertEqual(before, os.stat(os.path.join(folder, "a/b.txt")).st_ino)

    def test_outputs_stay_below_their_folder(self):
        blob = {"blob": hashlib.sha256(b"").hexdigest(), "size": 0}
        folder, outside = os.path.join(self.folder.name, "saved"), os.path.join(self.folder.name, "outside")
        os.makedirs(folder)
        os.makedirs(outside)
        os.symlink(outside, os.path.join(folder, "link"))
        for path in ("../x", "/etc/x", "a/../../x", "a//b", "", "a\\b", "C:x", "a\nb", "link/x"):
            with self.assertRaises(OSError, msg=path):
                self.weft.save_outputs([{"path": path, **blob}], folder)
        self.assertEqual([], os.listdir(outside))
        # A link in a file's place is replaced.
        target = self.write("outside/kept", b"kept")
        os.symlink(target, os.path.join(folder, "file"))
        task = self.complete({"file": b"new"})
        self.weft.save_outputs(task, folder)
        self.assertEqual((b"kept", b"new", False), (
            pathlib.Path(target).read_bytes(), pathlib.Path(folder, "file").read_bytes(),
            os.path.islink(os.path.join(folder, "file"))))

    def test_a_blob_that_is_not_there_is_refused(self):
        with self.assertRaises(client.WeftError) as refused:
            self.weft.submit(1, queue=self.queue, files={"a": "0" * 64})
        self.assertEqual(("blob_not_found", "not this"), (refused.exception.code, refused.exception.rule))


if __name__ == "__main__":
    unittest.main()
