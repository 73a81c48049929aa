#!/usr/bin/env python3
"""Whether the worker page's memory stays flat: a visible and a hidden tab work, and their heaps are printed.

    WEFT_BINARY=dist/weft bench/pages/heap.py --minutes 60
    WEFT_BINARY=dist/weft bench/pages/heap.py --day

With --day it is a visible tab whose clock runs --speed times faster (faster.js): 24 hours of a task a second, of claims
that are held in vain, of an hour's pause by the page's own hours, and of a minute of every hour without a network. It
goes on until it has done a day's tasks.

Each line has, for either tab, what its page and its poller have on their heaps after a collection, what the browser
counts for the whole tab (performance.measureUserAgentSpecificMemory, frames and workers included), and the tasks that
it has done; then what the system counts for all renderers. The last lines compare the end with the first line after
the warm-up.
"""

import argparse
import contextlib
import os
import tempfile
import threading
import time

from chromium import ask, Chromium, coordinator, ROOT, square

HERE = os.path.dirname(os.path.abspath(__file__))
WARM_UP_MINUTES = 3
DAY_SECONDS = 24 * 60 * 60
# A day that takes so much longer than its clocks say is given up.
DAYS_MAX = 4
READY_MAX = 400
MB = 1e6
MEASURE = "performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)"


def feed(address, module, queues, per_second, stop):
    n = 0
    while not stop.wait(0.5):
        counts = {queue["name"]: queue["counts"] for queue in ask(address, "GET", "queues")["queues"]}
        for queue in queues:
            if counts.get(queue, {}).get("ready", 0) > READY_MAX:
                continue
            n += 1
            ask(address, "POST", "tasks/batch", {"tasks": [
                {"queue": queue, "module": module, "payload": n + i} for i in range(max(1, per_second // 2))]})


def heap(browser, session):
    browser.call("HeapProfiler.enable", session)
    browser.call("HeapProfiler.collectGarbage", session)
    return browser.call("Runtime.getHeapUsage", session)["usedSize"] / MB


def pollers(browser, session):
    return [each for each, (parent, target) in list(browser.attached.items())
            if parent == session and target["url"].endswith("/poller.js")]


def look(browser, session):
    return {
        "page": heap(browser, session),
        "poller": sum(heap(browser, each) for each in pollers(browser, session)),
        "tab": browser.run(session, MEASURE) / MB,
        "tasks": int(browser.run(session, "document.getElementById('completed').textContent").replace(",", "")),
    }


def renderers(browser):
    total = 0
    for process in browser.call("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            # What it shares with others, such as the browser's code, is divided among them.
            with open(f"/proc/{process['id']}/smaps_rollup", encoding="ascii") as file:
                total += next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    return total / MB


def row(minute, all_, resident):
    tabs = "  ".join(f"{all_[name]['page']:6.2f} {all_[name]['poller']:6.2f} {all_[name]['tab']:7.2f} "
                     f"{all_[name]['tasks']:9,}" for name in all_)
    print(f"{minute:6.1f}  {tabs}  {resident:8.1f}", flush=True)


@contextlib.contextmanager
def pages(options):
    """What the coordinator serves in place of its own scripts, as its options."""
    with tempfile.TemporaryDirectory(prefix="weft-day-") as folder:
        os.mkdir(os.path.join(folder, "worker"))
        with open(os.path.join(HERE, "faster.js"), encoding="utf-8") as file:
            faster = file.read().replace("SPEED", str(options.speed))
        for name in ("page.js", "poller.js"):
            with open(os.path.join(ROOT, "src/Weft/wwwroot/worker", name), encoding="utf-8") as file:
                own = file.read()
            with open(os.path.join(folder, "worker", name), "w", encoding="utf-8") as file:
                file.write(faster + own)
        yield ("--web", folder) if options.day else ()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=100, help="tasks per second and tab")
    parser.add_argument("--day", action="store_true", help="24 simulated hours, of a task a second")
    parser.add_argument("--speed", type=int, default=240, help="how much faster a simulated hour goes by")
    options = parser.parse_args()
    hours, tasks = "", 0
    if options.day:
        options.minutes, options.rate, tasks = DAY_SECONDS / 60 / options.speed, options.speed, DAY_SECONDS
        # All but one hour, which comes once in the day.
        hour = (time.localtime().tm_hour + 12) % 24
        hours = f"&hours={(hour + 1) % 24}-{hour}"
    stop = threading.Event()
    with pages(options) as web, coordinator("--retention", "1m", *web) as address:
        module = square(address)
        browser = Chromium()
        try:
            link = f"{address}/worker/?cores=1&start=1{hours}&queue="
            tabs = {} if options.day else {"hidden": browser.open(f"{link}hidden")[0]}
            tabs["visible"], target = browser.open(f"{link}visible")
            browser.call("Target.activateTarget", targetId=target)
            for name, session in tabs.items():
                print(f"{name}: document.hidden is {browser.run(session, 'document.hidden')}")
            threading.Thread(target=feed, args=(address, module, list(tabs), options.rate, stop), daemon=True).start()
            print("minute  " + "  ".join(f"{name:>6} {'poller':>6} {'tab MB':>7} {'tasks':>9}" for name in tabs)
                  + "  renderers")
            watch(browser, tabs, options.minutes, tasks)
            if options.day:
                for name, session in tabs.items():
                    print(f"{name}: {browser.run(pollers(browser, session)[0], 'counted')}")
        finally:
            stop.set()
            browser.close()


def watch(browser, tabs, minutes, tasks):
    began, first = time.monotonic(), None
    warm_up = min(WARM_UP_MINUTES, minutes / 8)
    while True:
        minute = (time.monotonic() - began) / 60
        all_, resident = {name: look(browser, session) for name, session in tabs.items()}, renderers(browser)
        row(minute, all_, resident)
        if first is None and minute >= warm_up:
            first = all_, resident
        is_done = all(tab["tasks"] >= tasks for tab in all_.values())
        if minute >= minutes and (is_done or minute >= DAYS_MAX * minutes):
            break
        time.sleep(min(60, minutes * 60 / 20, max(1, (minutes - minute) * 60)))
    if first is not None:
        for name in tabs:
            for part in ("page", "poller", "tab"):
                before, after = first[0][name][part], all_[name][part]
                print(f"{name} {part}: {before:.2f} MB after the warm-up, {after:.2f} MB at the end "
                      f"({after - before:+.2f})")
        print(f"renderers: {first[1]:.1f} MB after the warm-up, {resident:.1f} MB at the end")


if __name__ == "__main__":
    main()
