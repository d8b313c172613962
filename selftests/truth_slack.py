# SPDX-License-Identifier: GPL-2.0
"""What may lie between the two probes of an event.

Takes the events of a trace, gives each its slack: by how much latwatch's time of
it may differ. And the events whose order cannot be told from the trace.
"""

import collections
import copy

# From the last event in a hard irq to the first one after it, and from where it
# comes to its first event.
IRQ_EXIT_NS = 10000
IRQ_ENTRY_NS = 2000
# A turn, when there is something to do.
TURN_NS = 50000


def take_turns(events, slack):
    """More slack where an emulator may have let another CPU run.

    Where CPUs take turns, one can lose its turn between the two probes of an
    event. Then the events of the others come right before this one, and the
    first probe was not before the last event of this CPU. If that was long
    ago, this one did not begin before the others' but with them.
    """
    last = {}
    for i, e in enumerate(events):
        j = i - 1
        while j >= 0 and events[j].cpu != e.cpu and \
                events[j + 1].ns - events[j].ns <= 2 * IRQ_EXIT_NS:
            j -= 1
        before = last.get(e.cpu, 0)
        if j < i - 1 and e.ns - before <= TURN_NS and \
           e.name != "irq_handler_entry":
            begin = max(events[j + 1].ns - 2 * slack, before)
            e.slack += max(e.ns - begin, 0)
        last[e.cpu] = e.ns


def is_net_rx(e, name):
    return e.name == name and "vec=3 " in e.text + " "


def exit_of_irq(e):
    """Can it be the wake of a softirq's thread, on the way out of an irq?"""
    return e.name == "sched_waking" and not e.irqs_on


def between_probes(irq, e):
    """Between the probes preemption is off: it shows one level deeper.

    Where the kernel does not count that, it may as well have come right before
    the event.
    """
    if e.depth is None:
        return not irq.hard or irq.upon_soft == e.soft
    return irq.depth > e.depth


def goes_on(r, e):
    """Is r of what e is of, the same task, and does that go on after it?"""
    return not r.hard and r.pid == e.pid and not exit_of_irq(r) and not (
        r.name == "sched_switch" and r.words()["prev_state"].endswith("+"))


def preemption(row, i):
    """The same where the probes can be preempted: hard irqs, and tasks."""
    e = row[i]
    j = i - 1
    while j >= 0 and not goes_on(row[j], e):
        j -= 1
    if j == i - 1 or e.ns - row[i - 1].ns > IRQ_EXIT_NS:
        return None
    return j + 1


def interruption(row, i, preemptible):
    """What came between the two probes of row[i], ending right before it.

    A hard irq, and the softirqs on its way out. Returns the index of its first
    event, or None.
    """
    if preemptible:
        return preemption(row, i)
    e = row[i]
    first = None
    j = i - 1
    while j >= 0 and between_probes(row[j], e) and (
            row[j].hard or exit_of_irq(row[j]) or
            (row[j].soft and not e.soft)):
        if row[j].hard:
            first = j
        j -= 1
    if first is None or e.ns - row[i - 1].ns > IRQ_EXIT_NS:
        return None
    return first


def rows_by_cpu(events):
    rows = collections.defaultdict(list)
    for e in events:
        rows[e.cpu].append(e)
    return rows.values()


def interruptible(e):
    return e.irqs_on and not e.hard


def spread_slack(events, slack, preemptible):
    """Give each event its slack.

    What comes between the two probes of an event adds its length. It shows as
    a neighbour in the trace of that CPU, and can only come to events with
    interrupts on.
    """
    for e in events:
        e.slack = slack
    for row in rows_by_cpu(events):
        for i, e in enumerate(row):
            if not interruptible(e):
                continue
            j = i + 1
            while j < len(row) and row[j].hard:
                j += 1
            if not preemptible and j > i + 1 and \
               row[i + 1].ns - e.ns <= IRQ_EXIT_NS:
                e.slack += (row[j] if j < len(row) else row[j - 1]).ns - e.ns
            first = interruption(row, i, preemptible)
            if first is not None:
                begin = row[first].ns - IRQ_ENTRY_NS
                e.slack += e.ns - max(begin, row[first - 1].ns if first else 0)


def overtaken(events, preemptible):
    """Entries of NET_RX between whose probes it was raised.

    latwatch saw the entry first and the trace the raise, or both did: which
    raise the entry answers cannot be told from the trace. Returns pairs of the
    entry and the event before which the other probe may have come.
    """
    found = []
    for row in rows_by_cpu(events):
        for i, e in enumerate(row):
            if not (is_net_rx(e, "softirq_entry") and interruptible(e)):
                continue
            first = interruption(row, i, preemptible)
            if first is not None and any(is_net_rx(r, "softirq_raise")
                                         for r in row[first:i]):
                found.append((e, row[first]))
    return found


def reorder(events, pairs):
    """The events as they were if each first of a pair came before its second."""
    moved = {id(e) for e, _ in pairs}
    early = {id(before): e for e, before in pairs}
    order = []
    for e in events:
        if id(e) in early:
            entry = copy.copy(early[id(e)])
            entry.ns = e.ns - 1
            order.append(entry)
        if id(e) not in moved:
            order.append(e)
    return order
