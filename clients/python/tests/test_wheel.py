"""The wheel: reproducible, and what it installs."""
import importlib.metadata
import pathlib
import sys
import tempfile
import unittest
import zipfile

from harness import ROOT

sys.path.insert(0, str(ROOT / "clients" / "python"))
import build_wheel  # noqa: E402


class WheelTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_it_is_the_same_each_time(self):
        first = build_wheel.build(self.folder).read_bytes()
        self.assertEqual(first, build_wheel.build(self.folder).read_bytes())

    def test_it_is_a_wheel(self):
        path = build_wheel.build(self.folder)
        self.assertRegex(path.name, r"^weft_client-[0-9.]+-py3-none-any\.whl$")
        site = self.folder / "site"
        zipfile.ZipFile(path).extractall(site)
        [found] = importlib.metadata.distributions(path=[str(site)])
        self.assertEqual("weft-client", found.metadata["Name"])
        for file in found.files:
            if file.hash is not None:
                self.assertEqual(file.hash.value, build_wheel._digest(file.locate().read_bytes()))
        self.assertEqual((ROOT / "clients/python/weft.py").read_bytes(), (site / "weft.py").read_bytes())

    def test_versions_agree(self):
        import json
        import re
        properties = (ROOT / "Directory.Build.props").read_text()
        version = re.search(r"<Version>(.+)</Version>", properties)[1]
        import weft
        self.assertEqual(version, weft.__version__)
        self.assertEqual(version, json.loads((ROOT / "clients/js/package.json").read_text())["version"])


if __name__ == "__main__":
    unittest.main()
