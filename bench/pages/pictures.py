#!/usr/bin/env python3
"""Takes the pictures of the README from the running product.

    WEFT_BINARY=dist/weft bench/pages/pictures.py [FOLDER]      # docs/pictures, unless said otherwise
"""

import base64
import os
import sys
import time

from chromium import ask, Chromium, coordinator, ROOT, square

WIDTH, HEIGHT = 1280, 800
QUALITY = 80
# Enough that the plots have a shape.
WORK_SECONDS = 45


def take(browser, session, path):
    picture = browser.call("Page.captureScreenshot", session, format="webp", quality=QUALITY)
    with open(path, "wb") as file:
        file.write(base64.b64decode(picture["data"]))
    print(f"{path}: {os.path.getsize(path):,} bytes")


def open_page(browser, url):
    session, _ = browser.open(url)
    browser.call("Emulation.setDeviceMetricsOverride", session, width=WIDTH, height=HEIGHT, deviceScaleFactor=1,
                 mobile=False)
    return session


def submit(address, module, queue, count, **more):
    for first in range(0, count, 1000):
        ask(address, "POST", "tasks/batch", {"tasks": [
            {"queue": queue, "module": module, "payload": first + i, **more} for i in range(min(1000, count - first))]})


def console(browser, address, folder):
    module = square(address)
    submit(address, module, "frames", 400, priority=5)
    submit(address, module, "parameters", 250)
    worker = open_page(browser, f"{address}/worker/?queue=squares&cores=1&start=1")
    page = open_page(browser, f"{address}/")
    end = time.monotonic() + WORK_SECONDS
    while time.monotonic() < end:
        submit(address, module, "squares", 60 + int(40 * (time.monotonic() % 7)))
        time.sleep(1)
    take(browser, page, os.path.join(folder, "console.webp"))
    browser.run(worker, "document.getElementById('toggle').click()")


def lab(browser, address, folder):
    page = open_page(browser, f"{address}/lab/")
    browser.run(page, """
        document.getElementById('example').value = 'fractal';
        document.getElementById('example').dispatchEvent(new Event('change'))""")
    browser.wait(page, "document.getElementById('join').href.includes('queue=')")
    open_page(browser, browser.run(page, "document.getElementById('join').href") + "&start=1&cores=2")
    browser.run(page, "document.getElementById('run').click()")
    browser.wait(page, "document.getElementById('state').textContent === 'Done.'", seconds=300)
    browser.run(page, "document.getElementById('results').scrollIntoView({ block: 'end' })")
    take(browser, page, os.path.join(folder, "lab.webp"))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "docs", "pictures")
    os.makedirs(folder, exist_ok=True)
    with coordinator() as address:
        browser = Chromium(f"--window-size={WIDTH},{HEIGHT}")
        try:
            console(browser, address, folder)
            lab(browser, address, folder)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
