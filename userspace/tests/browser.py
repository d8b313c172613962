# SPDX-License-Identifier: GPL-2.0
"""A headless Chromium that is driven over two pipes, by its DevTools protocol."""
import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAME = "chromium"


def find():
    """Where the browser is, or None."""
    return shutil.which(NAME)


class Browser:
    """One browser with one page; events that came are kept in .events."""

    def __init__(self, patience=120):
        self.home = tempfile.mkdtemp(prefix="latwatch-browser-")
        self.patience = patience
        self.number = 0
        self.rest = b""
        self.events = []
        to_read, self.to = os.pipe()
        self.source, from_write = os.pipe()

        def give_pipes():
            # the browser reads from 3 and writes to 4
            low, high = os.dup(to_read), os.dup(from_write)
            os.dup2(os.dup(low), 3)
            os.dup2(os.dup(high), 4)

        self.process = subprocess.Popen(
            [find(), "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
             "--user-data-dir=" + self.home, "--remote-debugging-pipe",
             "about:blank"],
            preexec_fn=give_pipes, close_fds=False, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def close(self):
        """End it, and what it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.to)
        os.close(self.source)
        shutil.rmtree(self.home, ignore_errors=True)

    def receive(self, until):
        """The next message."""
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.source], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.source, 1 << 20)
            if not more:
                raise EOFError("the browser has gone")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        """A method of the protocol; its result."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to, json.dumps(request).encode() + b"\0")
        until = time.monotonic() + self.patience
        while True:
            answer = self.receive(until)
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
            else:
                return answer["result"]

    def evaluate(self, expression):
        """The value of an expression of JavaScript in the page."""
        result = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:600])
        return result["result"].get("value")

    def open(self, url):
        """Load a page and wait until all of it is there."""
        self.events.clear()
        self.call("Page.navigate", url=url)
        until = time.monotonic() + self.patience
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.receive(until))

    def size(self, width, height, phone):
        """The window, in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=2 if phone else 1,
                  mobile=phone)

    def media(self, kind, scheme):
        """screen or print; light or dark."""
        self.call("Emulation.setEmulatedMedia", media=kind, features=[
            {"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path):
        """The whole page, as a PNG."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def paper(self, path):
        """The page as it is printed, as a PDF."""
        data = self.call("Page.printToPDF", preferCSSPageSize=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))
