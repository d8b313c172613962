#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare what latwatch says of a run with an ftrace trace of the same run.

The trace is read as a whole and only then understood: first who ran where and
when (Timeline), then what each wake led to, then the way of each packet
(History). What sets each mark is said in Documentation/stages.rst; which marks bound
a stage the report says itself. One VM, without posted interrupts.

Two probes sit on each event, first latwatch's, then ftrace's, or always the
other way round; so the two times of an event differ by what lies between,
never by less than 0. --slack bounds that difference, and so it bounds the
difference of two times, too. Counts must agree exactly, and each sample must
lie in the bucket that the module put it in, give or take its slack.

The trace has a stamp, "latwatch read", after the report and before another that
says the same: so its figures are those of that moment.

Exit status: 0 they agree, 1 they do not, 2 the input is not fit to compare.
"""

import argparse
import bisect
import collections
import io
import itertools
import json
import re
import sys

from truth_slack import (is_net_rx, overtaken, reorder, spread_slack,
                         take_turns)

HEAD = re.compile(
    r"^\s*(.+?)-(\d+)\s+(?:\(.{5,7}\)\s+)?\[(\d+)\]\s+(\S{4,7})\s+"
    r"(\d+)\.(\d+): (\w+): ?(.*)$")
WORD = re.compile(r"(\w+)=(.*?)(?= \w+=| ==> |$)")

NET_RX = "3"
# handlers of a CPU's own, where they are traced like those of devices
PER_CPU = ("IPI", "arch_timer", "kvm guest vtimer", "kvm guest ptimer", "vgic")
SLEEPS = ("S", "I")     # a task in another state goes on with what it did
THREAD_STAGES = ("irq thread wake", "irq thread")


ANY_VCPU = "any"
# as LW_SEVERAL: signals until a backend is trusted to have one vector
SEVERAL = 64


class Unfit(Exception):
    """The input cannot be compared."""


class Event:
    """A line of the trace."""
    __slots__ = ("line", "ns", "cpu", "pid", "hard", "soft", "upon_soft",
                 "irqs_on", "depth", "name", "text", "slack")

    def __init__(self, line, ns, cpu, pid, irqs, level, depth, name, text):
        self.line = line
        self.ns = ns
        self.cpu = cpu
        self.pid = pid
        self.irqs_on = irqs in ".b"
        self.hard = level in "hHzZ"
        self.soft = level == "s"
        self.upon_soft = level in "HZ"
        self.depth = 0 if depth == "." else int(depth, 16)
        self.name = name
        self.text = text
        self.slack = 0

    def words(self):
        return dict(WORD.findall(self.text))

    @property
    def in_task(self):
        return not self.hard and not self.soft

    def __str__(self):
        return "%.9f (line %d)" % (self.ns / 1e9, self.line)


def read_trace(text, nanoseconds=None):
    """All events in the order of the trace.

    The text has microseconds. nanoseconds, if given, are the lines of the
    same trace with option raw: the same events, in full resolution.
    """
    events = []
    raw = None
    if nanoseconds is not None:
        raw = [l.split() for l in nanoseconds if l.strip() and l[0] != "#"]
    index = 0
    columns = []    # of the flags; the trace's head names them, top down
    for line, row in enumerate(text, 1):
        if row.startswith("#") or not row.strip():
            if "=>" in row:
                columns.append(row.split("=>")[1].strip())
            continue
        if "LOST" in row and "EVENTS" in row:
            raise Unfit("trace line %d: events were lost" % line)
        m = HEAD.match(row)
        if not m:
            raise Unfit("trace line %d is not understood: %s" %
                        (line, row.rstrip()))
        _, pid, cpu, flags, s, frac, name, rest = m.groups()
        ns = int(s) * 10**9 + int(frac.ljust(9, "0"))
        if raw is not None:
            if index >= len(raw):
                raise Unfit("the raw trace is shorter than the text")
            fine = int(raw[index][2])
            if fine // 1000 not in (ns // 1000, ns // 1000 - 1):
                raise Unfit("trace line %d: the raw trace is of other events" %
                            line)
            ns = fine
        index += 1
        if not {"hardirq/softirq", "preempt-depth"} <= set(columns) or \
           len(flags) < len(columns):
            raise Unfit("trace line %d: flags %s without a head that explains "
                        "them" % (line, flags))
        events.append(Event(line, ns, int(cpu), int(pid), flags[0],
                            flags[columns.index("hardirq/softirq")],
                            flags[columns.index("preempt-depth")], name,
                            rest.rstrip("\n")))
    if raw is not None and index != len(raw):
        raise Unfit("the raw trace is longer than the text")
    # the run queue's lock is held there
    if not any(e.depth for e in events if e.name == "sched_switch"):
        for e in events:
            e.depth = None
    return events


class Run:
    """A task's time on a CPU, from one switch to the next."""

    def __init__(self, begin):
        self.begin = begin      # Event, or None before the trace
        self.end = None
        self.state = None       # what it was left in


class Wake:
    """A wake that handed something over."""

    def __init__(self, event, target, answer, cause=None):
        self.event = event
        self.target = target
        self.answer = answer    # Event of the switch, None: found awake
        self.cause = cause
        self.until = float("inf")       # what it asked for is done then
        self.spent = False


class Timeline:
    """Who ran when, who was woken when, who waited for a lock."""

    def __init__(self, events):
        self.runs = collections.defaultdict(list)
        self.wakes = collections.defaultdict(list)
        self.waits = collections.defaultdict(list)
        waiting = {}
        for e in events:
            if e.name == "sched_switch":
                w = e.words()
                prev, nxt = int(w["prev_pid"]), int(w["next_pid"])
                if prev:
                    runs = self.runs[prev]
                    if not runs or runs[-1].end:
                        runs.append(Run(None))
                    runs[-1].end = e
                    runs[-1].state = w["prev_state"]
                if nxt:
                    self.runs[nxt].append(Run(e))
            elif e.name == "sched_waking":
                self.wakes[int(e.words()["pid"])].append(e)
            elif e.name == "contention_begin" and "RT" in e.text:
                waiting[e.pid] = e
            elif e.name == "contention_end" and e.pid in waiting:
                self.waits[e.pid].append((waiting.pop(e.pid).ns, e.ns))
        for pid, e in waiting.items():
            self.waits[pid].append((e.ns, float("inf")))
        self.begins = {}
        self.wake_times = {}
        for pid, runs in self.runs.items():
            self.begins[pid] = [r.begin.ns if r.begin else -1 for r in runs]
        for pid, wakes in self.wakes.items():
            self.wake_times[pid] = [w.ns for w in wakes]

    def lock_wait(self, pid, ns):
        """Does it wait for a sleeping lock of RT then?"""
        waits = self.waits.get(pid, ())
        i = bisect.bisect_right(waits, (ns, float("inf"))) - 1
        return i >= 0 and waits[i][0] <= ns <= waits[i][1]

    def answer(self, wake, pid):
        """The switch that answers a wake; None if it found its target awake.

        A target on a CPU may be past the point of return, on its way to
        sleep: then the switch that brings it back is the answer, unless
        another wake did that.
        """
        runs = self.runs.get(pid, [])
        i = bisect.bisect_right(self.begins.get(pid, []), wake.ns) - 1
        following = runs[i + 1] if i + 1 < len(runs) else None
        on_cpu = i >= 0 and (not runs[i].end or runs[i].end.ns > wake.ns)
        if not on_cpu:
            return following.begin if following else "never"
        left = runs[i]
        if not following or left.state not in SLEEPS:
            return None
        times = self.wake_times[pid]
        j = bisect.bisect_right(times, wake.ns)
        if j < len(times) and times[j] < following.begin.ns:
            return None
        return following.begin

    def slept(self, pid, since, until):
        """Did it go to sleep in that time?"""
        runs = self.runs.get(pid, [])
        i = max(bisect.bisect_right(self.begins.get(pid, []), since) - 1, 0)
        for run in runs[i:]:
            if run.begin and run.begin.ns > until:
                break
            if run.end and since < run.end.ns <= until and \
               run.state in SLEEPS:
                return True
        return False


class Stage:
    """Where a stage begins and ends, by the names of marks."""

    def __init__(self, row, names):
        def name(mark):
            return None if mark is None else names[mark]

        self.name = row["stage"]
        self.begin = name(row["from"])          # None: the first of all
        self.ends = [name(m) for m in (row["to"], row["or_to"])
                     if m is not None]
        self.have = {names[m] for m in row["with"]}
        self.lack = {names[m] for m in row["without"]}
        # of each packet, and known when it is taken
        self.of_packet = row["per"] == "packet" and not row["total"]

    def span(self, marks, order):
        """Its first and last event, or None if it is not passed."""
        if not self.have <= set(marks) or self.lack & set(marks):
            return None
        begin = self.begin or next((m for m in order if m in marks), None)
        end = next((m for m in self.ends if m in marks), None)
        return (marks[begin], marks[end]) if begin in marks and end else None


class Stages:
    """The stages on the way into a guest, and the marks, in their order."""

    def __init__(self, report):
        names = {m["id"]: m["mark"] for m in report["info"].get("marks") or ()}
        self.marks = list(names.values())
        rows = [r for part in [report["host"]] + report["vms"]
                for r in part["stages"] if r["path"] == "rx"]
        if not names or not all("from" in r for r in rows):
            raise Unfit("the report does not say where stages begin and end")
        self.stages = {r["stage"]: Stage(r, names) for r in rows}

    def span(self, stage, marks):
        if stage not in self.stages:
            raise Unfit("the report has no stage %s" % stage)
        return self.stages[stage].span(marks, self.marks)

    def of_packet(self):
        return [s.name for s in self.stages.values() if s.of_packet]


class Flight:
    """What is known of a way so far: events by mark."""

    def __init__(self, origin, marks=None):
        self.origin = origin
        self.marks = dict(marks or {})
        self.awake = False      # its irq thread was, when it was asked for

    def copy(self):
        other = Flight(self.origin, self.marks)
        other.awake = self.awake
        return other

    def in_time(self):
        return sorted(self.marks.items(), key=lambda mark: mark[1].ns)


class Packet:
    """A packet on its way to a tap."""

    def __init__(self, number, skb, tap, flight, nic):
        self.number = number
        self.skb = skb
        self.tap = tap
        self.flight = flight
        self.nic = nic
        self.segments = 1
        self.wakes = {}         # pid: one for it, and its answer
        self.fate = None

    def __str__(self):
        marks = ", ".join("%s %.9f" % (m, e.ns / 1e9)
                          for m, e in self.flight.in_time())
        return "packet %d, skb %s, %s: %s" % (
            self.number, self.skb, self.fate or "in flight", marks)


class Signal:
    """An interrupt for a batch of packets."""

    def __init__(self, event, vcpu, vector, packets):
        self.event = event
        self.vcpu = vcpu
        self.vector = vector
        self.packets = packets
        self.wake = None
        self.rides = False      # on another one that is pending


class Sample:
    """One duration of a stage; when: the event that recorded it."""

    def __init__(self, begin, end, when, who, flight):
        self.value = end.ns - begin.ns
        self.slack = max(begin.slack, end.slack)
        self.end = end
        self.when = when
        self.who = who
        self.flight = flight

    def __str__(self):
        return "%d ns recorded at %s, %s" % (self.value, self.when, self.who)


class History:
    """All stages and lines of the books, from the whole trace."""

    def __init__(self, events, taps, rt, stages):
        self.events = events
        self.stages = stages
        self.time = Timeline(events)
        self.taps = taps
        self.rt = rt
        self.samples = collections.defaultdict(list)
        self.lines = collections.defaultdict(list)    # name: (ns, n)
        self.packets = []
        # who is who, from the whole trace
        self.vcpus = {}
        for e in events:
            if e.name == "kvm_entry":
                # on arm64 it says where the guest is, not who
                self.vcpus[e.pid] = ANY_VCPU if e.text.startswith("PC") else \
                    e.text.split(",")[0].split()[1]
            elif e.name == "kvm_apicv_accept_irq":
                raise Unfit("trace line %d: posted interrupts" % e.line)
        if ANY_VCPU in self.vcpus.values() and len(self.vcpus) > 1:
            raise Unfit("several vCPUs, and signals do not name them")
        self.interrupts()
        self.softirqs()
        self.ways()

    def sample(self, stage, when, who, flight, **more):
        """The flight passes a stage; more: marks that it does not keep."""
        span = self.stages.span(stage, dict(flight.marks, **more))
        if span:
            self.samples[stage].append(
                Sample(*span, when, who, flight.copy()))

    def count(self, line, event, n=1):
        self.lines[line].append((event.ns, n))

    # -- hard irqs and the threads that they wake

    def interrupts(self):
        """Pairs each handler with its exit and the wake of its thread."""
        self.handler = {}       # id of an event in a handler: its entry
        self.irq_wakes = collections.defaultdict(list)
        threads = {}
        for e in self.events:
            if e.name == "sched_waking" and e.hard and "comm=irq/" in e.text:
                w = e.words()
                threads[w["comm"].split("-")[0][4:]] = int(w["pid"])
        entry, asked = {}, {}
        own = {e.words()["irq"] for e in self.events
               if e.name == "irq_handler_entry" and
               e.words()["name"] in PER_CPU}
        for e in self.events:
            if e.name.startswith("irq_handler_") and e.words()["irq"] in own:
                continue
            if not e.hard or e.name == "irq_handler_entry":
                irq, left = asked.pop(e.cpu, (None, None))
                pid = irq and threads.get(irq.words()["irq"])
                if pid:
                    self.irq_round(pid, irq, left)
            if not e.hard:
                continue
            if e.name == "irq_handler_entry":
                entry[e.cpu] = e
            elif e.name == "irq_handler_exit":
                asked[e.cpu] = entry.pop(e.cpu, None), e
            elif e.cpu in entry:
                self.handler[id(e)] = entry[e.cpu]
            elif e.name == "sched_waking" and asked.get(e.cpu, (None,))[0]:
                irq = asked[e.cpu][0]
                w = e.words()
                name = "irq/%s-" % irq.words()["irq"]
                if not w["comm"].startswith(name):
                    continue
                asked.pop(e.cpu)
                pid = int(w["pid"])
                if self.time.lock_wait(pid, e.ns):
                    continue
                answer = self.time.answer(e, pid)
                if answer == "never":
                    continue
                # it was woken, so it had gone round for the ones before
                for w in self.irq_wakes[pid]:
                    if not w.answer:
                        w.until = min(w.until, e.ns)
                self.irq_wakes[pid].append(Wake(e, pid, answer, irq))

    def irq_round(self, pid, irq, left):
        """A handler whose thread is at work already wakes nobody.

        The thread goes round once more; from the handler's exit on it is
        asked to, also if it is preempted then, or waits for a lock.
        """
        before = self.irq_wakes[pid][-1] if self.irq_wakes[pid] else None
        if before and before.answer and before.answer.ns > left.ns:
            return      # it has yet to answer the wake before
        self.irq_wakes[pid].append(Wake(left, pid, None, irq))

    def raiser(self, e):
        """The flight that raises NET_RX with e."""
        if e.hard:
            irq = self.handler.get(id(e))
            return Flight("irq", {"irq": irq}) if irq else Flight("poll")
        if e.soft:
            return Flight("poll")
        # of the wakes that this thread still works for, the one that it was
        # switched in for comes before those that found it at work
        asleep = awake = None
        for wake in self.irq_wakes.get(e.pid, ()):
            begin = wake.answer or wake.event
            if wake.spent or begin.ns > e.ns or wake.until < e.ns or \
               self.time.slept(e.pid, begin.ns, e.ns):
                continue
            if wake.answer:
                asleep = asleep or wake
            else:
                awake = awake or wake
        wake = asleep or awake
        if not wake:
            return Flight("poll")
        wake.spent = True
        if not wake.answer:
            # those that asked meanwhile are served by the same round
            for w in self.irq_wakes[e.pid]:
                w.spent = w.spent or (not w.answer and w.event.ns < e.ns)
        flight = Flight("irq", {"irq": wake.cause, "thread wake": wake.event,
                                "thread run": wake.answer or wake.event})
        flight.awake = not wake.answer
        return flight

    # -- NET_RX

    def softirqs(self):
        """The runs of NET_RX: by event, the flight of the run around it."""
        self.run_of = {}
        raised, running = {}, {}
        names = {}
        for e in self.events:
            if e.name == "sched_switch":
                w = e.words()
                names[int(w["next_pid"])] = w["next_comm"]
            if is_net_rx(e, "softirq_raise"):
                run = running.get(e.cpu)
                if e.soft and run and run[0] == e.pid:
                    flight = self.goes_on(run[1])
                else:
                    flight = self.raiser(e)
                flight.marks["raise"] = e
                self.raise_samples(flight, e)
                if e.cpu in raised:
                    self.count("NET_RX raised while pending", e)
                    if flight.in_time()[0][1].ns >= \
                            raised[e.cpu].in_time()[0][1].ns:
                        continue
                raised[e.cpu] = flight
            elif is_net_rx(e, "softirq_entry"):
                flight = raised.pop(e.cpu, None) or Flight("poll")
                flight.marks["softirq"] = e
                running[e.cpu] = (e.pid, flight)
                self.entry_samples(flight, e, names.get(e.pid, ""))
            elif is_net_rx(e, "softirq_exit"):
                running.pop(e.cpu, None)
            elif e.name == "napi_poll":
                self.polled(e)
            elif e.cpu in running and e.soft and \
                    running[e.cpu][0] == e.pid:
                self.run_of[id(e)] = running[e.cpu][1]

    def goes_on(self, run):
        """A run raises itself: what the next one finds may be as old as this one.

        No flood here is as long as a ring has slots.
        """
        return Flight({"irq": "after irq"}.get(run.origin, run.origin),
                      {"bound": run.in_time()[0][1]})

    def raise_samples(self, flight, e):
        m = flight.marks
        if "irq" not in m:
            return
        who = "irq %s" % m["irq"].words()["irq"]
        self.sample("hard irq", e, who, flight)
        if not flight.awake:
            self.sample("irq thread wake", e, who, flight)
        self.sample("irq thread", e, who, flight)

    def polled(self, e):
        # napi poll on napi struct PTR for device NAME work N budget N
        words = e.text.split()
        name, work = words[words.index("device") + 1], int(words[-3])
        # a backlog has no device, and here all others are hardware
        if work > 1 and name != "(no_device)" and name not in self.taps:
            self.count("packets of a NAPI poll after its first", e, work - 1)

    def entry_samples(self, flight, e, name):
        who = "NET_RX on cpu %d in %s" % (e.cpu, name or "?")
        if flight.origin in ("poll", "after irq"):
            self.count("NET_RX runs without interrupt", e)
        part = {"irq/": "by irq thread", "ksof": "by ksoftirqd",
                "ktim": "by ktimers"}.get(name[:4], "by other task")
        for stage in ("softirq wait", part):
            self.sample(stage, e, who, flight)

    # -- packets, backends, vCPUs

    def ways(self):
        self.open = {}          # skb address: packet
        self.received = {}      # context: (event, skb, length, passed up)
        self.in_xmit = {}       # pid: packet handed to a tap
        self.batch = collections.defaultdict(list)   # backend: packets
        self.backends = {}      # pid: since when
        self.signalled = {}     # backend: Signal
        self.queued = {}        # context: (skb, event) of a device before the tap
        self.waits_at = {}      # backend: (vcpu, vector) of its last for packets
        self.several = collections.Counter()    # backend: it has had another
        self.pending = collections.defaultdict(list)  # (vcpu, vector)
        self.injected = collections.defaultdict(list)  # vCPU's pid
        for e in self.events:
            step = getattr(self, "on_" + e.name, None)
            if step:
                step(e)

    def context(self, e):
        """What distinguishes one thread of execution from another."""
        return (e.cpu, e.pid, "soft") if e.soft else (e.pid, "task")

    def on_netif_receive_skb(self, e):
        w = e.words()
        where = self.context(e)
        before = self.received.get(where)
        again = before is not None and before[1] == w["skbaddr"]
        self.received[where] = (e, w["skbaddr"], int(w["len"]), again)
        if e.in_task:
            self.suppress(e.pid, e)

    def begin_packet(self, e, skb, tap, length):
        old = self.open.pop(skb, None)
        if old:
            old.fate = "freed without a trace"
            self.count(old.fate, e)
        run = self.run_of.get(id(e))
        rx = self.received.get(self.context(e))
        # A clone has another address than what was received, but its length.
        # An answer of this host has that, too, but comes after the packet
        # was received a second time, from the bridge.
        same = rx is not None and (
            rx[1] == skb or (rx[2] + 14 == length and not rx[3]))
        if run and same and self.run_of.get(id(rx[0])) is not run:
            same = False
        nic = bool(run and same)
        flight = run.copy() if nic else Flight("local")
        if same:
            flight.marks["stack"] = rx[0]
        p = Packet(len(self.packets) + 1, skb, tap, flight, nic)
        p.opened = e
        self.packets.append(p)
        self.open[skb] = p
        return p

    def on_net_dev_queue(self, e):
        w = e.words()
        where, skb = self.context(e), w["skbaddr"]
        first = self.queued.pop(where, None)
        if not first or first[0] != skb:
            first = skb, e
        if w["dev"] in self.taps:
            p = self.begin_packet(e, skb, w["dev"], int(w["len"]))
            # what this host sends by a bridge's address begins at the bridge
            local = p.flight.origin == "local" and "stack" not in p.flight.marks
            p.flight.marks["queue"] = first[1] if local else e
        else:
            self.queued[where] = first

    def on_net_dev_start_xmit(self, e):
        w = e.words()
        if w["dev"] not in self.taps:
            return
        p = self.open.get(w["skbaddr"])
        if not p or p.tap != w["dev"] or "tap" in p.flight.marks:
            p = self.begin_packet(e, w["skbaddr"], w["dev"], int(w["len"]))
        p.flight.marks["tap"] = e
        if p.nic:
            p.segments = max(int(w["gso_segs"]), 1)
        self.in_xmit[e.pid] = p
        self.count({"irq": "from a NIC's interrupt",
                    "poll": "from a NIC's poll without interrupt",
                    "after irq":
                        "from a NIC's poll that went on after an interrupt",
                    "local": "from this host"}
                   [p.flight.origin], p.opened, p.segments)
        if p.segments > 1:
            self.count("merged by GRO", p.opened, p.segments - 1)

    def on_net_dev_xmit(self, e):
        if e.words()["dev"] in self.taps:
            self.in_xmit.pop(e.pid, None)

    def on_kfree_skb(self, e):
        w = e.words()
        p = self.open.pop(w["skbaddr"], None)
        if p:
            reason = e.text.rsplit("reason: ", 1)[-1].strip()
            p.fate = "dropped: " + reason
            if "queue" in p.flight.marks and "tap" not in p.flight.marks:
                reason += " in the qdisc"
            self.count("dropped " + reason, e)

    def on_consume_skb(self, e):
        p = self.open.pop(e.words()["skbaddr"], None)
        if not p:
            return
        if not e.in_task or e.pid in self.in_xmit or \
           "tap" not in p.flight.marks:
            p.fate = "consumed"
            self.count("consumed before the tap's ring", e)
            return
        p.fate = "taken"
        self.take(p, e)

    def take(self, p, e):
        m = p.flight.marks
        m["take"] = e
        self.backends.setdefault(e.pid, e.ns)
        self.signalled.pop(e.pid, None)
        self.count("taken by a backend", e)
        # an interrupt upon a tap's transmit function wakes whom it likes
        wake = p.wakes.get(e.pid)
        if wake and wake[1].ns < e.ns:
            m["backend wake"], m["backend run"] = wake
            self.sample("backend wake", e, p, p.flight)
        for stage in self.stages.of_packet():
            self.sample(stage, e, p, p.flight)
        self.batch[e.pid].append(p)

    def on_kvm_apic_accept_irq(self, e):
        if not e.in_task or e.pid not in self.backends:
            return
        words = e.text.split()
        self.signal(e, words[1], int(words[3]))

    def on_lw_signal(self, e):
        """A kprobe: a signal that names no vCPU, delivered with no event."""
        if e.in_task and e.pid in self.backends:
            self.signal(e, ANY_VCPU, 0)

    def signal(self, e, vcpu, vector):
        s = Signal(e, vcpu, vector, self.batch.pop(e.pid, []))
        self.signalled[e.pid] = s
        if not s.packets:
            return
        first = s.packets[0]
        for p in s.packets:
            p.flight.marks["signal"] = e
            p.fate = "signalled"
        self.count("signals for packets", e)
        self.sample("backend service", e, first, first.flight)
        at = s.vcpu, s.vector
        self.pending[at].append(s)
        if self.waits_at.setdefault(e.pid, at) == at:
            self.several[e.pid] = max(self.several[e.pid] - 1, 0)
        else:
            self.several[e.pid] = SEVERAL
            self.waits_at[e.pid] = at

    def on_sched_waking(self, e):
        if e.hard:
            return
        pid = int(e.words()["pid"])
        if self.time.lock_wait(pid, e.ns):
            return
        if e.pid in self.in_xmit:
            self.backend_wake(e, pid)
        elif e.in_task and pid in self.vcpus and e.pid in self.signalled:
            self.vcpu_wake(e, pid, self.signalled.pop(e.pid))

    # A wake's flight is the wake itself: it is not one packet's.

    def backend_wake(self, e, pid):
        p = self.in_xmit[e.pid]
        answer = self.time.answer(e, pid)
        if answer is None:
            self.count("backends found awake", e)
        elif answer != "never":
            p.wakes[pid] = e, answer

    def vcpu_wake(self, e, pid, signal):
        if signal.packets:
            flight = signal.packets[0].flight
        else:
            flight = Flight("?")
            flight.marks["signal"] = signal.event
        who = "signal at %s" % signal.event
        self.sample("signal", e, who, flight, **{"vcpu wake": e})
        answer = self.time.answer(e, pid)
        if answer is None:
            self.count("vCPUs found awake", e)
            return
        if answer == "never":
            return
        self.sample("vCPU wake", answer, who,
                    Flight("wake", {"vcpu wake": e, "vcpu run": answer}))
        signal.wake = Wake(e, pid, answer, signal)
        for p in signal.packets:
            p.flight.marks["vcpu wake"] = e
            p.flight.marks["vcpu run"] = answer

    def on_sched_switch(self, e):
        w = e.words()
        pid = int(w["prev_pid"])
        if w["prev_state"] in SLEEPS:
            self.signalled.pop(pid, None)
            self.suppress(pid, e)

    def suppress(self, pid, e):
        at = self.waits_at.get(pid)
        packets = self.batch.pop(pid, ())
        if at and not self.several[pid] and self.pending.get(at):
            # a delivery for each origin that follows another
            for _, same in itertools.groupby(
                    packets, lambda p: p.flight.origin == "local"):
                s = Signal(e, *at, list(same))
                s.rides = True
                self.pending[at].append(s)
            return
        for p in packets:
            p.fate = "polled by the guest"
            self.count(p.fate, e)

    def on_kvm_inj_virq(self, e):
        vcpu = self.vcpus.get(e.pid)
        vector = int(e.text.split()[1], 16)
        self.injected[e.pid] += self.pending.pop((vcpu, vector), [])

    def on_kvm_entry(self, e):
        self.injected[e.pid] += self.pending.pop((ANY_VCPU, 0), [])
        for s in self.injected.pop(e.pid, ()):
            line = "entry of a vCPU that was awake"
            first = s.packets[0]
            for p in s.packets:
                p.flight.marks["entry"] = e
                p.fate = "delivered"
            if s.wake:
                line = "entry after a wake"
            if s.rides:
                line = "rode on a pending signal"
                first = min(s.packets, key=lambda p: p.flight.in_time()[0][1].ns)
            for stage in ("entry", "kick", "pending signal"):
                self.sample(stage, e, first, first.flight)
            for p in s.packets:
                total = "end to end local" if p.flight.origin == "local" \
                    else "end to end"
                self.sample(total, e, p, p.flight)
            self.count(line, e, len(s.packets))


class Comparison:
    """Holds a report against a history."""

    def __init__(self, history, report, since, until, out):
        self.history = history
        self.report = report
        self.since = since
        self.until = until
        self.out = out
        self.faults = 0
        self.compared = 0
        self.largest = 0
        self.largest_of = "nothing"
        self.offsets = []

    def fault(self, text):
        self.faults += 1
        print("DIFFERS: " + text, file=self.out)

    def run(self):
        vms = [vm for vm in self.report["vms"]
               if set(vm["taps"] or []) & set(self.history.taps)]
        if len(vms) != 1:
            raise Unfit("%d VMs are on %s; it takes one" %
                        (len(vms), " ".join(sorted(self.history.taps))))
        rows = [r for r in self.report["host"]["stages"] + vms[0]["stages"]
                if r["path"] == "rx"]
        marks = {(w["stage"]): w for part in (self.report["host"], vms[0])
                 for w in part["watermarks"] or [] if w["path"] == "rx"}
        self.stage_names(rows)
        for row in rows:
            self.stage(row, marks.get(row["stage"]))
        self.ledger(vms[0])
        return self.faults == 0

    def inside(self, ns):
        return self.since < ns <= self.until

    def stage_names(self, rows):
        names = [r["stage"] for r in rows]
        for name in self.history.samples:
            if name not in names:
                self.fault("stage %s is in the trace, not in the report" %
                           name)
        for name in THREAD_STAGES:
            row = next((r for r in rows if r["stage"] == name), None)
            if row and not self.history.rt and row["count"]:
                self.fault("stage %s without PREEMPT_RT" % name)

    def stage(self, row, watermark):
        name = row["stage"]
        samples = sorted((s for s in self.history.samples.get(name, ())
                          if self.inside(s.when.ns)), key=lambda s: s.value)
        if row["count"] is None:
            if samples:
                self.fault("%s: not measured; the trace has %d" %
                           (name, len(samples)))
            return
        if len(samples) != row["count"]:
            self.fault("%s: count %d; the trace has %d" %
                       (name, row["count"], len(samples)))
            self.explain(row, samples)
            return
        if not samples:
            return
        self.compared += 1
        low = min(s.value - s.slack for s in samples)
        least = min(s.value + s.slack for s in samples)
        most = max(s.value - s.slack for s in samples)
        high = max(s.value + s.slack for s in samples)
        total = sum(s.value for s in samples)
        slack = sum(s.slack for s in samples)
        self.within(name, "minimum", row["min_ns"], low, least,
                    samples[0].value, samples[0])
        self.within(name, "maximum", row["max_ns"], most, high,
                    samples[-1].value, samples[-1])
        self.within(name, "sum", row["sum_ns"], total - slack, total + slack,
                    total, None)
        squares = [(max(s.value - s.slack, 0)**2, (s.value + s.slack)**2)
                   for s in samples]
        if not sum(q[0] for q in squares) <= row["sumsq_ns2"] <= \
           sum(q[1] for q in squares):
            self.fault("%s: sum of squares %d" % (name, row["sumsq_ns2"]))
        deviation = max(abs(row["min_ns"] - samples[0].value),
                        abs(row["max_ns"] - samples[-1].value),
                        abs(row["sum_ns"] - total) / len(samples))
        if deviation > self.largest:
            self.largest, self.largest_of = deviation, name
        print("%-16s %6d  min %8d %+6d  max %8d %+6d  avg %+7.1f" % (
            name, len(samples), samples[0].value,
            row["min_ns"] - samples[0].value, samples[-1].value,
            row["max_ns"] - samples[-1].value,
            (row["sum_ns"] - total) / len(samples)), file=self.out)
        if self.unmatched(row, samples):
            self.fault("%s: the buckets hold other values than the trace" %
                       name)
            self.explain(row, samples)
        if watermark:
            self.watermark(name, watermark, samples)

    def within(self, name, what, value, low, high, truth, sample):
        if low <= value <= high:
            return
        self.fault("%s: %s %d; the trace says %d%s" % (
            name, what, value, truth, ", " + str(sample) if sample else ""))

    def unmatched(self, row, samples):
        """Samples that find no place in a bucket, and buckets left over.

        Buckets and samples are both in rising order, so giving each sample
        the lowest place that it fits in leaves over as few as possible.
        """
        places = [[b["low_ns"], b["high_ns"], b["count"]]
                  for b in row["buckets"]]
        lone = []
        for s in sorted(samples, key=lambda s: s.value + s.slack):
            for place in places:
                if place[2] and place[0] <= s.value + s.slack and \
                   s.value - s.slack <= place[1]:
                    place[2] -= 1
                    break
            else:
                lone.append(s)
        left = [p for p in places if p[2]]
        return (lone, left) if lone or left else None

    def explain(self, row, samples):
        found = self.unmatched(row, samples)
        if not found:
            return
        for s in found[0][:10]:
            print("  only in the trace: %s" % s, file=self.out)
        for low, high, count in found[1][:10]:
            print("  only in the report: %d of %d to %d ns" %
                  (count, low, high), file=self.out)

    def watermark(self, name, watermark, samples):
        """The flight of the maximum: is it a flight of the trace?"""
        if watermark["value_ns"] is None:
            return
        near = [s for s in samples
                if abs(s.end.ns - watermark["time_ns"]) <= s.end.slack and
                abs(s.value - watermark["value_ns"]) <= s.slack]
        if not near:
            self.fault("%s: the worst of %d ns at %d is none of the trace's" %
                       (name, watermark["value_ns"], watermark["time_ns"]))
            return
        theirs = {m["mark"]: m for m in watermark["marks"]}
        wrong = []
        for s in near:
            # who signals may be preempted before it wakes the vCPU; if that
            # has entered meanwhile, what the wake ends knows nothing of it
            ours = {m: e for m, e in s.flight.marks.items()
                    if e.ns <= s.when.ns and (name, m) != ("signal", "entry")}
            wrong = ["%s %s" % (m, "missing" if m not in theirs else
                                "not in the trace" if m not in ours else
                                "%d, in the trace %d" % (
                                    theirs[m]["time_ns"], ours[m].ns))
                     for m in self.history.stages.marks
                     if (m in ours) != (m in theirs) or m in ours and (
                         abs(ours[m].ns - theirs[m]["time_ns"]) >
                         ours[m].slack or
                         ours[m].cpu != theirs[m]["cpu"])]
            if not wrong:
                self.offsets += [ours[m].ns - theirs[m]["time_ns"]
                                 for m in ours]
                return
        self.fault("%s: the worst flight: %s" % (name, "; ".join(wrong)))
        print("  in the trace: %s" % near[0], file=self.out)

    def ledger(self, vm):
        ours = collections.Counter()
        for line, row in self.history.lines.items():
            ours[line] = sum(n for ns, n in row if self.inside(ns))
        ours["brought forward at the reset"] = self.in_flight(self.since)
        host = [e for e in self.report["host"]["ledger"]["entries"]
                if e["path"] == "rx"]
        names = set()
        for entry in host:
            if entry["category"] == "in flight":
                continue
            name = entry["name"]
            # how many interrupts one round of a thread stands for depends on
            # when the module began to follow it
            if name == "irq threads found awake":
                continue
            if entry["category"] == "dropped":
                name = "dropped " + name
            names.add(name)
            if entry["count"] != ours[name]:
                self.line(name, entry["count"], ours[name])
        for name, n in ours.items():
            if n and name not in names:
                self.line(name, 0, n)
        there = sum(e["count"] for e in host if e["category"] == "in flight")
        here = self.in_flight(self.until)
        if there != here:
            self.fault("in flight %d; the trace has %d" % (there, here))
        opened = sum(e["count"] for e in host if e["category"] == "opened")
        closed = sum(e["count"] for e in host
                     if e["category"] not in ("opened", "note"))
        if opened != closed:
            self.fault("the books do not close: %d opened, %d accounted for" %
                       (opened, closed))
        for entry in vm["ledger"]["entries"]:
            if entry["path"] == "rx" and entry["category"] in ("delivered", "suppressed") and \
               entry["count"] != ours[entry["name"]]:
                self.line("VM: " + entry["name"], entry["count"],
                          ours[entry["name"]])
        print("ledger: " + ", ".join(
            "%s %d" % (k, n) for k, n in sorted(ours.items()) if n),
            file=self.out)

    def line(self, name, there, here):
        self.fault("ledger, %s: %d; the trace has %d" % (name, there, here))
        fates = [p for p in self.history.packets
                 if p.fate and name.endswith(p.fate)]
        for p in fates[:10]:
            print("  %s" % p, file=self.out)

    def in_flight(self, ns):
        """Packets opened and neither delivered nor lost by then."""
        opened = sum(n for line in (
            "from a NIC's interrupt", "from a NIC's poll without interrupt",
            "from this host")
            for t, n in self.history.lines.get(line, ()) if t <= ns)
        closed = sum(
            n for line, row in self.history.lines.items()
            if line.startswith("dropped ") or line in (
                "entry after a wake", "entry of a vCPU that was awake",
                "rode on a pending signal", "merged by GRO", "polled by the guest",
                "consumed before the tap's ring", "freed without a trace")
            for t, n in row if t <= ns)
        return opened - closed


def window(events, report):
    """The epoch, and the moment of which the report is."""
    info = report["info"]
    since, until = info["since_ns"], None
    for e in events:
        if e.name in ("tracing_mark_write", "print", "0") and \
           e.text.strip() == "latwatch read":
            until = e.ns
    if not events or events[0].ns > since:
        raise Unfit("the trace begins after the epoch")
    if until is None:
        raise Unfit("the trace has no stamp of when the report was read")
    if not since <= info["now_ns"] <= until:
        raise Unfit("the report was read at %d, not between its epoch's begin "
                    "and its stamp" % info["now_ns"])
    return since, until


def check_stats(text):
    """ftrace's own word that it lost nothing."""
    for row in text:
        key, _, value = row.partition(":")
        if key.strip() in ("overrun", "commit overrun", "dropped events") \
           and int(value):
            raise Unfit("the trace is not complete: %s" % row.strip())


def arguments(argv):
    p = argparse.ArgumentParser(
        description="Compare a report of latwatch with a trace of the run.",
        epilog="Exit status: 0 they agree, 1 they differ, 2 not fit to "
        "compare.")
    p.add_argument("trace", help="ftrace's trace, trace_clock mono")
    p.add_argument("report", help="latwatch-report --json")
    p.add_argument("--raw", help="the same trace, read with option raw: gives "
                   "nanoseconds")
    p.add_argument("--stats", help="ftrace's per_cpu/cpu*/stats")
    p.add_argument("--tap", action="append", required=True,
                   help="a tap device; may be repeated")
    p.add_argument("--slack", type=int, default=2000,
                   help="ns between the two probes of an event (%(default)s)")
    p.add_argument("--preemptible", action="store_true",
                   help="the probes of an event can be preempted, and "
                   "latwatch's comes first")
    p.add_argument("--turns", action="store_true",
                   help="the CPUs take turns: it is an emulator with one "
                   "thread")
    p.add_argument("--packets", action="store_true",
                   help="print each packet's way")
    return p.parse_args(argv)


def compare(options, out):
    with open(options.trace, errors="replace") as text:
        if options.raw:
            with open(options.raw) as raw:
                events = read_trace(text, raw)
        else:
            events = read_trace(text)
    with open(options.report) as f:
        report = json.load(f)
    if options.stats:
        with open(options.stats) as f:
            check_stats(f)
    since, until = window(events, report)
    # without nanoseconds a time is off by up to one microsecond more
    spread_slack(events, options.slack + (0 if options.raw else 1000),
                 options.preemptible)
    if options.turns:
        take_turns(events, options.slack)

    stages = Stages(report)

    def attempt(pairs):
        history = History(reorder(events, pairs), set(options.tap),
                          report["info"]["preempt_rt"], stages)
        comparison = Comparison(history, report, since, until, io.StringIO())
        comparison.run()
        return comparison

    # an order that cannot be told is the one that agrees
    best, pairs = attempt([]), []
    for pair in overtaken(events, options.preemptible):
        if not best.faults:
            break
        other = attempt(pairs + [pair])
        if other.faults < best.faults:
            best = other
            pairs.append(pair)
    if options.packets:
        for p in best.history.packets:
            print(p, file=out)
    out.write(best.out.getvalue())
    if not best.faults and not best.compared:
        raise Unfit("there is nothing to compare")
    offsets = best.offsets or [0]
    print("between the two probes of an event: %d to %d ns; largest deviation "
          "of a stage: %.0f ns (%s); %d entries overtaken; %d differences" %
          (min(offsets), max(offsets), best.largest, best.largest_of,
           len(pairs), best.faults), file=out)
    return not best.faults


def main(argv):
    options = arguments(argv)
    try:
        return 0 if compare(options, sys.stdout) else 1
    except (Unfit, OSError, ValueError, KeyError) as e:
        print("truth: cannot compare: %s %s" % (type(e).__name__, e))
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
