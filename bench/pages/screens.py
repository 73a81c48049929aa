#!/usr/bin/env python3
"""Takes a picture of each view of the console: desktop and phone, light and dark.

    bench/pages/screens.py http://127.0.0.1:8090 /tmp/screens               # all views
    bench/pages/screens.py http://127.0.0.1:8090 /tmp/screens --only tasks  # those whose address has this

Look at them: a test can tell that nothing is wider than the screen, and not whether a person finds what they look for.
bench/large_store.py fills a store of a million tasks for it.
"""

import argparse
import base64
import os
import re
import time

from chromium import Chromium

VIEWS = ["overview", "queues", "queue&name={queue}", "tasks", "tasks&state=dead", "tasks&error=nothing+has+this",
         "task&id={dead}", "task&id={last}", "groups", "group&id=1", "workers", "modules", "operations", "access",
         "system"]
SIZES = {"desktop": (1280, 800, False), "phone": (390, 844, True)}
HEIGHT_MAX = 2_400
SETTLE_SECONDS = 1.0


def take(browser, session, path):
    height = browser.run(session, "document.documentElement.scrollHeight")
    size = browser.run(session, "innerWidth")
    picture = browser.call("Page.captureScreenshot", session, format="png", captureBeyondViewport=True,
                           clip={"x": 0, "y": 0, "width": size, "height": min(height, HEIGHT_MAX), "scale": 1})
    with open(path, "wb") as file:
        file.write(base64.b64decode(picture["data"]))
    width = browser.run(session, "document.documentElement.scrollWidth")
    print(f"{path}{'' if width <= size else f': {width} wide, of {size}'}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("folder")
    parser.add_argument("--only", default="", help="views whose address has this")
    parser.add_argument("--queue", default="queue-03")
    parser.add_argument("--dead", default="7", help="a task that is dead")
    parser.add_argument("--last", default="1", help="a task that waits")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    browser = Chromium()
    try:
        for size, (width, height, mobile) in SIZES.items():
            session, target = browser.open(args.url)
            browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=height,
                         deviceScaleFactor=1, mobile=mobile)
            for view in VIEWS:
                view = view.format(queue=args.queue, dead=args.dead, last=args.last)
                if args.only not in view:
                    continue
                for scheme in ("light", "dark"):
                    browser.call("Emulation.setEmulatedMedia", session,
                                 features=[{"name": "prefers-color-scheme", "value": scheme}])
                    browser.call("Page.navigate", session, url=f"{args.url}/?view={view}")
                    browser.wait(session, "['live', 'lost'].includes(document.getElementById('live')?.dataset.state)")
                    time.sleep(SETTLE_SECONDS)
                    name = re.sub(r"[^a-z0-9]+", "-", view)
                    take(browser, session, os.path.join(args.folder, f"{size}-{scheme}-{name}.png"))
            browser.call("Target.closeTarget", targetId=target)
    finally:
        browser.close()


if __name__ == "__main__":
    main()
