#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Pages of --html in a browser: check_html.py FOLDER PAGE...

Each must load nothing, run into no error, have the words that it is read for, and fit
a phone, a tablet and a desk, light and dark.  Pictures of it, and the page as it is
printed, are left in FOLDER.
"""
import os
import sys

from browser import Browser

# width, height, whether it is a phone, light or dark
SIZES = {
    "phone": (360, 740, True, "dark"),
    "tablet": (820, 1180, True, "light"),
    "desk": (1440, 900, False, "light"),
    "desk-dark": (1440, 900, False, "dark"),
}

WORDS = ("Verdicts", "Ledger", "reported ")
# of a page that has a measured way
MEASURED = ("Paths", "Distributions", "Worst flights", "Stages", "unaccounted")

# What sticks out of the page; what can be scrolled by itself may.
OUTSIDE = """
[...document.querySelectorAll('body *')].filter(e => {
  if (e.closest('.scroll') && !e.classList.contains('scroll')) return false;
  if (e.closest('svg') && e.tagName !== 'svg') return false;
  const box = e.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1;
}).slice(0, 3).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40))
"""

# Words on an axis that run into each other.
TOUCHING = """
[...document.querySelectorAll('.ticks')].flatMap(axis => {
  const boxes = [...axis.children].map(e => e.getBoundingClientRect());
  return boxes.slice(1).filter((b, i) => b.width && boxes[i].right > b.left + 0.5)
    .map((b, i) => axis.textContent.slice(0, 60));
}).slice(0, 3)
"""

# Each shape is drawn, and none reaches out of its place.
DRAWN = """
[...document.querySelectorAll('svg')].filter(s => {
  const room = s.getBoundingClientRect();
  return room.width && ![...s.querySelectorAll('rect, .shape')].every(e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.left >= room.left - 1 && box.right <= room.right + 1;
  });
}).length
"""


def check(browser, path, folder):
    """What is wrong with one page."""
    wrong = []
    name = os.path.basename(path)
    browser.open("file://" + os.path.abspath(path))
    for event in browser.events:
        method, params = event.get("method"), event.get("params", {})
        if method in ("Runtime.exceptionThrown", "Log.entryAdded",
                      "Runtime.consoleAPICalled"):
            wrong.append("the browser complains: %s" % params)
        if method == "Network.requestWillBeSent" and \
                params["request"]["url"] != params.get("documentURL"):
            wrong.append("it asks for %s" % params["request"]["url"])
    text = browser.evaluate("document.body.innerText")
    measured = browser.evaluate("!!document.querySelector('.flight')")
    for word in WORDS + (MEASURED if measured else ()):
        if word not in text:
            wrong.append("'%s' is not to be read" % word)
    if name.startswith("recording"):
        if "Maxima over time" not in text:
            wrong.append("it has no maxima over time")
        for kind in (".shape", ".risen"):
            if not browser.evaluate("[...document.querySelectorAll('.course %s')]"
                                    ".some(e => e.getAttribute('d'))" % kind):
                wrong.append("no moment is a " + kind)
    if browser.evaluate("document.querySelectorAll('script, link, img, iframe').length"):
        wrong.append("it is not by itself")
    for size, (width, height, phone, scheme) in SIZES.items():
        browser.size(width, height, phone)
        browser.media("screen", scheme)
        for what, expression in (("sticks out", OUTSIDE), ("runs into another", TOUCHING)):
            for element in browser.evaluate(expression):
                wrong.append("%s: %s %s" % (size, element, what))
        undrawn = browser.evaluate(DRAWN)
        if undrawn:
            wrong.append("%s: %d drawings are not in their place" % (size, undrawn))
        browser.picture(os.path.join(folder, "%s-%s.png" % (name, size)))
    browser.size(794, 1123, False)
    browser.media("print", "dark")
    dark = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    if dark != "rgb(255, 255, 255)":
        wrong.append("it is printed on %s" % dark)
    browser.media("", "light")
    browser.paper(os.path.join(folder, name + ".pdf"))
    return ["%s: %s" % (name, line) for line in wrong]


def main():
    """All pages in one browser."""
    browser = Browser()
    try:
        wrong = [line for path in sys.argv[2:]
                 for line in check(browser, path, sys.argv[1])]
    finally:
        browser.close()
    print("\n".join(wrong))
    return bool(wrong)


sys.exit(main())
