#!/usr/bin/env python3
"""Whether the worker page's memory stays flat: a visible and a hidden tab work, and their heaps are printed.

    WEFT_BINARY=dist/weft bench/pages/heap.py --minutes 60

Each line has, for either tab, what its page and its poller have on their heaps after a collection, what the browser
counts for the whole tab (performance.measureUserAgentSpecificMemory, frames and workers included), and the tasks that
it has done; then what the system counts for all renderers. The last lines compare the end with the first line after
the warm-up.
"""

import argparse
import threading
import time

from chromium import ask, Chromium, coordinator, square

WARM_UP_MINUTES = 3
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


def look(browser, session):
    pollers = [each for each, (parent, target) in browser.attached.items()
               if parent == session and target["url"].endswith("/poller.js")]
    return {
        "page": heap(browser, session),
        "poller": sum(heap(browser, each) for each in pollers),
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=100, help="tasks per second and tab")
    options = parser.parse_args()
    stop = threading.Event()
    with coordinator("--retention", "1m") as address:
        module = square(address)
        browser = Chromium()
        try:
            tabs = {"hidden": browser.open(f"{address}/worker/?queue=hidden&cores=1&start=1")[0]}
            tabs["visible"], target = browser.open(f"{address}/worker/?queue=visible&cores=1&start=1")
            browser.call("Target.activateTarget", targetId=target)
            for name, session in tabs.items():
                print(f"{name}: document.hidden is {browser.run(session, 'document.hidden')}")
            threading.Thread(target=feed, args=(address, module, list(tabs), options.rate, stop), daemon=True).start()
            print("minute  " + "  ".join(f"{name:>6} {'poller':>6} {'tab MB':>7} {'tasks':>9}" for name in tabs)
                  + "  renderers")
            watch(browser, tabs, options.minutes)
        finally:
            stop.set()
            browser.close()


def watch(browser, tabs, minutes):
    began, first = time.monotonic(), None
    while True:
        minute = (time.monotonic() - began) / 60
        all_, resident = {name: look(browser, session) for name, session in tabs.items()}, renderers(browser)
        row(minute, all_, resident)
        if first is None and minute >= WARM_UP_MINUTES:
            first = all_, resident
        if minute >= minutes:
            break
        time.sleep(min(60, max(1, (minutes - minute) * 60)))
    if first is not None:
        for name in tabs:
            for part in ("page", "poller", "tab"):
                before, after = first[0][name][part], all_[name][part]
                print(f"{name} {part}: {before:.2f} MB after the warm-up, {after:.2f} MB at the end "
                      f"({after - before:+.2f})")
        print(f"renderers: {first[1]:.1f} MB after the warm-up, {resident:.1f} MB at the end")


if __name__ == "__main__":
    main()
