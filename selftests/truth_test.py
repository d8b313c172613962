#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""truth.py must notice when a report and a trace differ.

A run is written out by hand: its trace, and the report that belongs to it.
Each case doctors one of the two; the verdict must be the expected one, and
must name what was doctored.
"""

import copy
import io
import json
import os
import sys
import tempfile

import truth

IRQ = ("irq/30-eth1-rx-", 187)
VHOST = ("vhost-237", 239)
VCPU = ("CPU 0/KVM", 241)
IDLE = ("<idle>", 0)
SHELL = ("bash", 278)

# A ping that finds all asleep; then two packets in one softirq, whose wake
# finds the vhost worker awake, with one signal that finds the vCPU awake; then
# one that is dropped. All times in nanoseconds.
RUN = [
    (1000000, 0, SHELL, ".....", "tracing_mark_write: start"),
    (2000000, 1, IDLE, "d.h1.", "irq_handler_entry: irq=30 name=eth1-rx-0"),
    (2001000, 1, IDLE, "d.h1.", "irq_handler_exit: irq=30 ret=handled"),
    (2002000, 1, IDLE, "d.h3.",
     "sched_waking: comm=irq/30-eth1-rx- pid=187 prio=49 target_cpu=001"),
    (2010000, 1, IDLE, "d..2.",
     "sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R"
     " ==> next_comm=irq/30-eth1-rx- next_pid=187 next_prio=49"),
    (2015000, 1, IRQ, "D...2", "softirq_raise: vec=3 [action=NET_RX]"),
    (2016000, 1, IRQ, "..s.2", "softirq_entry: vec=3 [action=NET_RX]"),
    (2020000, 1, IRQ, "..s.2",
     "netif_receive_skb: dev=eth1 skbaddr=0000000000000a01 len=84"),
    (2022000, 1, IRQ, "b.s.2",
     "net_dev_queue: dev=tap1 skbaddr=0000000000000a01 len=98"),
    (2023000, 1, IRQ, "b.s.3",
     "net_dev_start_xmit: dev=tap1 queue_mapping=0"
     " skbaddr=0000000000000a01 len=98 gso_size=0 gso_segs=0 gso_type=0x0"),
    (2024000, 1, IRQ, "D.s24",
     "sched_waking: comm=vhost-237 pid=239 prio=120 target_cpu=000"),
    (2027000, 1, IRQ, "b.s.3",
     "net_dev_xmit: dev=tap1 skbaddr=0000000000000a01 len=98 rc=0"),
    (2027500, 1, IRQ, "..s.2",
     "napi_poll: napi poll on napi struct 00000000a1 for device eth1 work 1"
     " budget 64"),
    (2028000, 1, IRQ, "..s.2", "softirq_exit: vec=3 [action=NET_RX]"),
    (2040000, 0, IDLE, "d..2.",
     "sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R"
     " ==> next_comm=vhost-237 next_pid=239 next_prio=120"),
    (2050000, 0, VHOST, ".....",
     "consume_skb: skbaddr=0000000000000a01 location=tun_do_read+0x0/0x1"),
    (2060000, 0, VHOST, "....1", "kvm_apic_accept_irq: apicid 0 vec 39 (Fixed|edge)"),
    (2061000, 0, VHOST, "d..21",
     "sched_waking: comm=CPU 0/KVM pid=241 prio=120 target_cpu=001"),
    (2070000, 1, IRQ, "d..2.",
     "sched_switch: prev_comm=irq/30-eth1-rx- prev_pid=187 prev_prio=49"
     " prev_state=S ==> next_comm=CPU 0/KVM next_pid=241 next_prio=120"),
    (2080000, 1, VCPU, ".....", "kvm_inj_virq: IRQ 0x27"),
    (2082000, 1, VCPU, "d..1.", "kvm_entry: vcpu 0, rip 0xffffffff81a592eb"),
    # the vhost worker is still there; the irq thread interrupts the vCPU
    (3000000, 1, VCPU, "d.h1.", "irq_handler_entry: irq=30 name=eth1-rx-0"),
    (3001000, 1, VCPU, "d.h1.", "irq_handler_exit: irq=30 ret=handled"),
    (3002500, 1, VCPU, "d.h3.",
     "sched_waking: comm=irq/30-eth1-rx- pid=187 prio=49 target_cpu=001"),
    (3010000, 1, VCPU, "d..2.",
     "sched_switch: prev_comm=CPU 0/KVM prev_pid=241 prev_prio=120"
     " prev_state=R+ ==> next_comm=irq/30-eth1-rx- next_pid=187 next_prio=49"),
    (3015000, 1, IRQ, "D...2", "softirq_raise: vec=3 [action=NET_RX]"),
    (3017000, 1, IRQ, "..s.2", "softirq_entry: vec=3 [action=NET_RX]"),
    (3020000, 1, IRQ, "..s.2",
     "netif_receive_skb: dev=eth1 skbaddr=0000000000000a02 len=84"),
    (3022000, 1, IRQ, "b.s.2",
     "net_dev_queue: dev=tap1 skbaddr=0000000000000a02 len=98"),
    (3023000, 1, IRQ, "b.s.3",
     "net_dev_start_xmit: dev=tap1 queue_mapping=0"
     " skbaddr=0000000000000a02 len=98 gso_size=0 gso_segs=0 gso_type=0x0"),
    (3024000, 1, IRQ, "D.s24",
     "sched_waking: comm=vhost-237 pid=239 prio=120 target_cpu=000"),
    (3027000, 1, IRQ, "b.s.3",
     "net_dev_xmit: dev=tap1 skbaddr=0000000000000a02 len=98 rc=0"),
    # flooded: a clone, with another address
    (3028000, 1, IRQ, "..s.2",
     "netif_receive_skb: dev=eth1 skbaddr=0000000000000a03 len=46"),
    (3030000, 1, IRQ, "b.s.2",
     "net_dev_queue: dev=tap1 skbaddr=0000000000000a04 len=60"),
    (3031000, 1, IRQ, "b.s.3",
     "net_dev_start_xmit: dev=tap1 queue_mapping=0"
     " skbaddr=0000000000000a04 len=60 gso_size=0 gso_segs=0 gso_type=0x0"),
    (3032000, 1, IRQ, "b.s.3",
     "net_dev_xmit: dev=tap1 skbaddr=0000000000000a04 len=60 rc=0"),
    (3032500, 1, IRQ, "..s.2",
     "napi_poll: napi poll on napi struct 00000000a1 for device eth1 work 2"
     " budget 64"),
    (3032600, 1, IRQ, "..s.2",
     "napi_poll: napi poll on napi struct 00000000b1 for device (no_device)"
     " work 3 budget 64"),
    (3033000, 1, IRQ, "..s.2", "softirq_exit: vec=3 [action=NET_RX]"),
    (3040000, 1, IRQ, "d..2.",
     "sched_switch: prev_comm=irq/30-eth1-rx- prev_pid=187 prev_prio=49"
     " prev_state=S ==> next_comm=CPU 0/KVM next_pid=241 next_prio=120"),
    (3050000, 0, VHOST, ".....",
     "consume_skb: skbaddr=0000000000000a02 location=tun_do_read+0x0/0x1"),
    (3055000, 0, VHOST, ".....",
     "consume_skb: skbaddr=0000000000000a04 location=tun_do_read+0x0/0x1"),
    (3060000, 0, VHOST, "....1", "kvm_apic_accept_irq: apicid 0 vec 39 (Fixed|edge)"),
    (3070000, 1, VCPU, ".....", "kvm_inj_virq: IRQ 0x27"),
    (3072000, 1, VCPU, "d..1.", "kvm_entry: vcpu 0, rip 0xffffffff81a592eb"),
    (3090000, 0, VHOST, "d..2.",
     "sched_switch: prev_comm=vhost-237 prev_pid=239 prev_prio=120"
     " prev_state=S ==> next_comm=bash next_pid=278 next_prio=120"),
    # sent by this host, and dropped
    (4000000, 0, SHELL, "b...2",
     "net_dev_queue: dev=tap1 skbaddr=0000000000000a05 len=98"),
    (4001000, 0, SHELL, "b...3",
     "net_dev_start_xmit: dev=tap1 queue_mapping=0"
     " skbaddr=0000000000000a05 len=98 gso_size=0 gso_segs=0 gso_type=0x0"),
    (4002000, 0, SHELL, "b...3",
     "kfree_skb: skbaddr=0000000000000a05 protocol=2048"
     " location=tun_net_xmit+0x1/0x2 reason: FULL_RING"),
    (4003000, 0, SHELL, "b...3",
     "net_dev_xmit: dev=tap1 skbaddr=0000000000000a05 len=98 rc=0"),
    (9000000, 0, SHELL, ".....", "tracing_mark_write: latwatch read"),
]

# What the module should say, with its probes 300 ns before ftrace's.
HOST = {
    "hard irq": [2000, 2500], "irq thread wake": [8000, 7500],
    "irq thread": [5000, 5000], "softirq wait": [1000, 2000],
    "by irq thread": [1000, 2000], "by ksoftirqd": [], "by ktimers": [],
    "by other task": [],
}
VM = {
    "napi": [4000, 3000, 11000], "stack": [3000, 3000, 3000],
    "qdisc": [1000, 1000, 1000], "local queue": [], "tap dwell": [27000, 27000, 24000],
    "backend wake": [16000], "backend service": [10000, 10000],
    "signal": [1000], "vCPU wake": [9000], "entry": [12000],
    "kick": [12000], "pending signal": [], "end to end": [82000, 72000, 72000],
    "end to end local": [],
}
# Where they begin and end: a mark, None for the first; the last, and the other last;
# marks that must be there, and must not; what they count.
MARKS = ("irq", "thread wake", "thread run", "raise", "softirq", "stack", "queue",
         "tap", "backend wake", "backend run", "take", "signal", "vcpu wake",
         "vcpu run", "entry")
BOUNDS = {
    "hard irq": ("irq", "thread wake", "raise"),
    "irq thread wake": ("thread wake", "thread run"),
    "irq thread": ("thread run", "raise"),
    "napi": ("softirq", "stack", None, "", "", "packet"),
    "stack": ("stack", "tap", None, "", "", "packet"),
    "qdisc": ("queue", "tap", None, "stack", "", "packet"),
    "local queue": ("queue", "tap", None, "", "stack", "packet"),
    "tap dwell": ("tap", "take", None, "", "", "packet"),
    "backend wake": ("backend wake", "backend run"),
    "backend service": ("take", "signal"), "signal": ("signal", "vcpu wake"),
    "vCPU wake": ("vcpu wake", "vcpu run"), "entry": ("vcpu run", "entry"),
    "kick": ("signal", "entry", None, "", "vcpu wake"),
    "pending signal": ("take", "entry", None, "", "signal"),
    "end to end": (None, "entry"), "end to end local": (None, "entry"),
}
RAISED = ("raise", "softirq")
LEDGER = [
    ("opened", "from a NIC's interrupt", 3),
    ("opened", "from a NIC's poll without interrupt", 0),
    ("opened", "from this host", 1),
    ("opened", "brought forward at the reset", 0),
    ("delivered", "entry after a wake", 1),
    ("delivered", "entry of a vCPU that was awake", 2),
    ("delivered", "rode on a pending signal", 0),
    ("suppressed", "polled by the guest", 0),
    ("dropped", "FULL_RING", 1),
    ("note", "taken by a backend", 3),
    ("note", "NET_RX raised while pending", 0),
    ("note", "NET_RX runs without interrupt", 0),
    ("note", "packets of a NAPI poll after its first", 1),
    ("note", "irq threads found awake", 0),
    ("note", "backends found awake", 1),
    ("note", "vCPUs found awake", 0),
    ("note", "signals for packets", 2),
    ("in flight", "taken", 0),
]


HEAD = """# tracer: nop
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
"""


def trace_text(run):
    return HEAD + "".join(
        "%16s-%-7d [%03d] %s %5d.%06d: %s\n" %
        (task[0], task[1], cpu, flags, ns // 10**9, ns % 10**9 // 1000, event)
        for ns, cpu, task, flags, event in run)


def raw_text(run):
    return "".join("%d %d %d type: 1\n" % (task[1], cpu, ns)
                   for ns, cpu, task, _, _ in run)


def mark_ids(*names):
    return [MARKS.index(name) for name in names if name]


def stage_row(name, values):
    bounds = BOUNDS.get(name, RAISED)
    begin, end, other, have, lack, per = bounds + (None, None, "", "", "wake")[
        len(bounds) - 1:]
    row = {"stage": name, "path": "rx", "count": len(values), "min_ns": None,
           "max_ns": None, "sum_ns": None, "sumsq_ns2": None, "buckets": [],
           "per": per, "total": begin is None,
           "from": next(iter(mark_ids(begin)), None), "to": MARKS.index(end),
           "or_to": next(iter(mark_ids(other)), None),
           "with": mark_ids(have), "without": mark_ids(lack)}
    if values:
        row.update(min_ns=min(values), max_ns=max(values), sum_ns=sum(values),
                   sumsq_ns2=sum(v * v for v in values),
                   buckets=[{"low_ns": v, "high_ns": v, "count": 1}
                            for v in sorted(values)])
    return row


def entries(lines):
    return {"entries": [{"path": "rx", "category": c, "name": n, "count": k}
                        for c, n, k in lines]}


def report():
    worst = {"stage": "end to end", "path": "rx",
             "value_ns": 82000, "time_ns": 2081700,
             "marks": [{"mark": m, "time_ns": ns - 300, "cpu": cpu}
                       for m, ns, cpu in (
                           ("irq", 2000000, 1), ("thread wake", 2002000, 1),
                           ("thread run", 2010000, 1), ("raise", 2015000, 1),
                           ("softirq", 2016000, 1), ("stack", 2020000, 1),
                           ("queue", 2022000, 1), ("tap", 2023000, 1),
                           ("backend wake", 2024000, 1),
                           ("backend run", 2040000, 0),
                           ("take", 2050000, 0), ("signal", 2060000, 0),
                           ("vcpu wake", 2061000, 0),
                           ("vcpu run", 2070000, 1),
                           ("entry", 2082000, 1))]}
    return {
        "info": {"since_ns": 1500000, "now_ns": 8500000, "preempt_rt": True,
                 "marks": [{"id": i, "mark": m} for i, m in enumerate(MARKS)]},
        "host": {"stages": [stage_row(n, v) for n, v in HOST.items()],
                 "watermarks": [], "ledger": entries(LEDGER)},
        "vms": [{"taps": ["tap1"],
                 "stages": [stage_row(n, v) for n, v in VM.items()],
                 "watermarks": [worst],
                 "ledger": entries([l for l in LEDGER
                                    if l[0] == "delivered"])}],
    }


def stage(j, name):
    return next(s for part in [j["host"]] + j["vms"]
                for s in part["stages"] if s["stage"] == name)


def line(j, name):
    return next(e for e in j["host"]["ledger"]["entries"]
                if e["name"] == name)


def verdict(run, j, stats="overrun: 0\n", slack="500", options=()):
    """truth.py's exit status and words."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for name, text in (("trace", trace_text(run)), ("raw", raw_text(run)),
                           ("report", json.dumps(j)), ("stats", stats)):
            names[name] = os.path.join(folder, name)
            with open(names[name], "w") as f:
                f.write(text)
        stdout, sys.stdout = sys.stdout, io.StringIO()
        try:
            status = truth.main([
                "--raw", names["raw"], "--stats", names["stats"], "--tap",
                "tap1", "--slack", slack, *options, names["trace"],
                names["report"]])
            return status, sys.stdout.getvalue()
        finally:
            sys.stdout = stdout


def in_report(change):
    j = report()
    change(j)
    return RUN, j


def in_trace(change):
    run = copy.copy(RUN)
    change(run)
    return run, report()


def in_both(change_trace, change_report):
    run, j = copy.copy(RUN), report()
    change_trace(run)
    change_report(j)
    return run, j


def at(run, ns):
    return next(i for i, e in enumerate(run) if e[0] == ns)


def shift(run, ns, by):
    i = at(run, ns)
    run[i] = (ns + by,) + run[i][1:]


def by_bridge(run):
    """The last is queued by a bridge first, and taken, and not dropped."""
    i = at(run, 4000000)
    run.insert(i, (3995000,) + run[i][1:4] +
               (run[i][4].replace("dev=tap1", "dev=br0"),))
    i = at(run, 4002000)
    run[i] = (4002000, 0, SHELL, "b...3", "sched_waking: comm=vhost-237 pid=239"
              " prio=120 target_cpu=000")
    i = at(run, 4003000)
    run[i + 1:i + 1] = [
        (4010000, 0, VHOST, ".....",
         "consume_skb: skbaddr=0000000000000a05 location=tun_do_read+0x0/0x1"),
        (4011000, 0, VHOST, "....1", "kvm_apic_accept_irq: apicid 0 vec 39 (Fixed|edge)"),
        (4012000, 1, VCPU, ".....", "kvm_inj_virq: IRQ 0x27"),
        (4013000, 1, VCPU, "d..1.", "kvm_entry: vcpu 0, rip 0xffffffff81a592eb"),
    ]


def signal_earlier(run):
    """The second comes before the last packet is taken; the backend sleeps then."""
    for ns, to in ((3060000, 3052000), (3090000, 3065000)):
        event = run.pop(at(run, ns))
        run.append((to,) + event[1:])
    run.sort(key=lambda e: e[0])


def rode(j):
    for name, values in (("backend service", [10000, 2000]), ("kick", [20000]),
                         ("pending signal", [17000])):
        stage(j, name).update(stage_row(name, values))
    for books in [j["host"]] + j["vms"]:
        for e in books["ledger"]["entries"]:
            if e["name"] == "entry of a vCPU that was awake":
                e["count"] = 1
            if e["name"] == "rode on a pending signal":
                e["count"] = 1


def late_by_irq(run, ns, name, deeper=True, leaving=()):
    """The event comes 3 us late, after a hard irq on its CPU.

    deeper: it came in the middle of the event; leaving: what happened on its
    way out.
    """
    i = at(run, ns)
    _, cpu, task, flags, event = run[i]
    assert event.startswith(name)
    shift(run, ns, 3000)
    depth = int(flags[3].replace(".", "0")) + deeper
    levels = (("d", "h"), ("d", "h")) + tuple(f for f, _ in leaving)
    events = ("local_timer_entry: vector=236",
              "local_timer_exit: vector=236") + tuple(e for _, e in leaving)
    run[i:i] = [(ns - 200 + 600 * n, cpu, task,
                 "%s.%s%s." % (irqs, level, depth or "."), text)
                for n, ((irqs, level), text) in enumerate(zip(levels, events))]


def uncounted(run):
    """A kernel that does not count who switches preemption off."""
    run[:] = [(ns, cpu, task, flags[:3] + "." + flags[4:], text)
              for ns, cpu, task, flags, text in run]


def late_uncounted(run, level):
    """... and an irq upon a task (h) or a softirq (H), before the event."""
    late_by_irq(run, 3060000, "kvm_apic", False)
    uncounted(run)
    run[:] = [(ns, cpu, task, flags.replace("h", level)
               if text.startswith("local_timer") else flags, text)
              for ns, cpu, task, flags, text in run]


def late_by_task(run, ns, name, state="R+"):
    """The event comes 3 us late, after a task that preempted its task."""
    i = at(run, ns)
    _, cpu, task, _, event = run[i]
    assert event.startswith(name)
    shift(run, ns, 3000)
    switch = ("sched_switch: prev_comm=%s prev_pid=%d prev_prio=120"
              " prev_state=%s ==> next_comm=%s next_pid=%d next_prio=120")
    run[i:i] = [(ns - 200, cpu, task, "d..2.", switch % (task + (state,) + SHELL)),
                (ns + 2000, cpu, SHELL, "d..2.", switch % (SHELL + ("S",) + task))]


def raised_again(run):
    """An irq raises NET_RX between the two probes of its entry."""
    i = at(run, 3033000) + 1
    run[i:i] = [(3034000, 1, IRQ, "..s.2", "softirq_entry: vec=3 [action=NET_RX]"),
                (3035000, 1, IRQ, "..s.2", "softirq_exit: vec=3 [action=NET_RX]")]
    i = at(run, 3017000)
    run[i:i] = [(3016300, 1, IRQ, "d.H12", "local_timer_entry: vector=236"),
                (3016400, 1, IRQ, "d.H12", "softirq_raise: vec=3 [action=NET_RX]"),
                (3016500, 1, IRQ, "d.H12", "local_timer_exit: vector=236")]


def wakes_another(run, ns):
    """A timer's interrupt upon a tap's transmit function wakes its thread."""
    i = at(run, ns) + 1
    run[i:i] = [(ns + 300, 1, IRQ, "D.H.4", "local_timer_entry: vector=236"),
                (ns + 400, 1, IRQ, "D.H.4", "local_timer_exit: vector=236"),
                (ns + 500, 1, IRQ, "D.s24",
                 "sched_waking: comm=ktimers/0 pid=18 prio=98 target_cpu=001")]
    i = at(run, 2028000) + 1
    run[i:i] = [
        (2029000, 1, IRQ, "d..2.",
         "sched_switch: prev_comm=irq/30-eth1-rx- prev_pid=187 prev_prio=49"
         " prev_state=R+ ==> next_comm=ktimers/0 next_pid=18 next_prio=98"),
        (2029500, 1, ("ktimers/0", 18), "d..2.",
         "sched_switch: prev_comm=ktimers/0 prev_pid=18 prev_prio=98"
         " prev_state=S ==> next_comm=irq/30-eth1-rx- next_pid=187"
         " next_prio=49")]


def wakes_late(run):
    """Who signals is preempted before the wake, and the vCPU enters."""
    i = at(run, 3072000) + 1
    run[i:i] = [
        (3075000, 1, VCPU, "d..2.",
         "sched_switch: prev_comm=CPU 0/KVM prev_pid=241 prev_prio=120"
         " prev_state=S ==> next_comm=swapper/1 next_pid=0 next_prio=120"),
        (3080000, 0, VHOST, "d..21",
         "sched_waking: comm=CPU 0/KVM pid=241 prio=120 target_cpu=001")]


def worst_wake(marks):
    def change(j):
        stage(j, "signal").update(stage_row("signal", [1000, 20000]))
        j["vms"][0]["watermarks"].append({
            "stage": "signal", "path": "rx", "value_ns": 20000,
            "time_ns": 3079700,
            "marks": [{"mark": m, "time_ns": ns - 300, "cpu": cpu}
                      for m, ns, cpu in marks]})
    return change


WAKES_LATE = [
    ("irq", 3000000, 1), ("thread wake", 3002500, 1),
    ("thread run", 3010000, 1), ("raise", 3015000, 1), ("softirq", 3017000, 1),
    ("stack", 3020000, 1), ("queue", 3022000, 1), ("tap", 3023000, 1),
    ("take", 3050000, 0), ("signal", 3060000, 0)]


def runs_twice(j):
    """... and latwatch saw the entry first."""
    rows = j["host"]["stages"]
    for row in rows:
        if row["stage"] in ("softirq wait", "by irq thread"):
            row.update(stage_row(row["stage"], [1000, 1300, 17600]))
    line(j, "NET_RX runs without interrupt")["count"] += 1


def without(ns):
    def change(run):
        del run[at(run, ns)]
    return change


def replace(ns, old, new):
    def change(run):
        i = at(run, ns)
        assert old in run[i][4]
        run[i] = run[i][:4] + (run[i][4].replace(old, new),)
    return change


def stage_value(name, key, by):
    def change(j):
        stage(j, name)[key] += by
    return change


def move_bucket(j):
    # minimum, maximum and sum stay as they were
    stage(j, "napi")["buckets"][1].update(low_ns=6000, high_ns=7000)


def swap_marks(j):
    marks = j["vms"][0]["watermarks"][0]["marks"]
    marks[11]["time_ns"] -= 5000


def forget_mark(j):
    del j["vms"][0]["watermarks"][0]["marks"][8]


def add_line(name, by):
    def change(j):
        line(j, name)["count"] += by
    return change


def delivered_twice(j):
    line(j, "entry after a wake")["count"] += 1
    line(j, "entry of a vCPU that was awake")["count"] -= 1


def other_worst(j):
    j["vms"][0]["watermarks"][0]["time_ns"] += 100000


# what is doctored, how; the status and the words that must come
CASES = [
    ("nothing is doctored", (RUN, report()), 0, "0 differences"),
    ("a count", in_report(stage_value("napi", "count", 1)), 1, "napi: count 4"),
    ("a minimum", in_report(stage_value("signal", "min_ns", -900)), 1,
     "signal: minimum"),
    ("a maximum", in_report(stage_value("end to end", "max_ns", 900)), 1,
     "packet 1, skb 0000000000000a01"),
    ("a sum", in_report(stage_value("tap dwell", "sum_ns", 5000)), 1,
     "tap dwell: sum"),
    ("a sum of squares",
     in_report(stage_value("tap dwell", "sumsq_ns2", 10**9)), 1,
     "tap dwell: sum of squares"),
    ("a value between minimum and maximum", in_report(move_bucket), 1,
     "only in the trace: 4000 ns"),
    ("a line of the ledger", in_report(add_line("FULL_RING", 1)), 1,
     "ledger, dropped FULL_RING: 2; the trace has 1"),
    ("found awake", in_report(add_line("backends found awake", -1)), 1,
     "backends found awake: 0; the trace has 1"),
    ("a delivery's kind", in_report(delivered_twice), 1,
     "ledger, entry after a wake: 2; the trace has 1"),
    ("in flight", in_report(add_line("taken", 1)), 1, "in flight 1"),
    ("a mark of the worst flight", in_report(swap_marks), 1, "signal 2054700"),
    ("a mark of the worst flight is missing", in_report(forget_mark), 1,
     "backend wake missing"),
    ("the worst flight is another", in_report(other_worst), 1,
     "is none of the trace's"),
    ("an entry before the signaller's wake is not in the wake's flight",
     in_both(wakes_late, worst_wake(WAKES_LATE)), 0, "0 differences"),
    ("... but what it has done is",
     in_both(wakes_late, worst_wake(WAKES_LATE[:-2])), 1, "take missing"),
    ("a packet is missing in the trace", in_trace(without(3055000)), 1,
     "napi: count 3; the trace has 2"),
    ("a wake is missing in the trace", in_trace(without(2024000)), 1,
     "backend wake: count 1; the trace has 0"),
    ("an event comes late in the trace",
     in_trace(lambda run: shift(run, 3072000, 2000)), 1, "kick: maximum"),
    ("a hard irq between two probes explains it",
     in_trace(lambda run: late_by_irq(run, 3060000, "kvm_apic")), 0,
     "0 differences"),
    ("but not one that ended before the event",
     in_trace(lambda run: late_by_irq(run, 3060000, "kvm_apic", False)), 1,
     "backend service: maximum"),
    ("it may have been between them where preemption is not counted",
     in_trace(lambda run: late_uncounted(run, "h")), 0, "0 differences"),
    ("but not if it came upon a softirq",
     in_trace(lambda run: late_uncounted(run, "H")), 1,
     "backend service: maximum"),
    ("also if it wakes a softirq's thread on its way out",
     in_trace(lambda run: late_by_irq(
         run, 3060000, "kvm_apic", leaving=[
             (("d", "."), "sched_waking: comm=ktimers/0 pid=18 prio=98"
              " target_cpu=000")])), 0, "0 differences"),
    ("also if softirqs run on its way out",
     in_trace(lambda run: late_by_irq(
         run, 3060000, "kvm_apic", leaving=[
             ((".", "s"), "softirq_entry: vec=1 [action=TIMER]"),
             ((".", "s"), "softirq_exit: vec=1 [action=TIMER]")])), 0,
     "0 differences"),
    ("an interrupt upon the tap wakes another, before the backend",
     in_trace(lambda run: wakes_another(run, 2023000)), 0, "0 differences"),
    ("... and behind it", in_trace(lambda run: wakes_another(run, 2024000)), 0,
     "0 differences"),
    ("NET_RX is raised between the probes of its entry",
     in_both(raised_again, runs_twice), 0, "1 entries overtaken"),
    ("... but then it runs once more",
     in_both(raised_again, lambda j: (runs_twice(j), add_line(
         "NET_RX runs without interrupt", 1)(j))), 1,
     "NET_RX runs without interrupt: 2"),
    ("but not where interrupts are off",
     in_trace(lambda run: late_by_irq(run, 3072000, "kvm_entry")), 1,
     "kick: maximum"),
    ("an injection of another vector",
     in_trace(replace(3070000, "0x27", "0x28")), 1, "kick: count 1"),
    ("a signal for another vCPU",
     in_trace(replace(3060000, "apicid 0", "apicid 1")), 1, "kick: count 1"),
    ("another reason of a drop",
     in_trace(replace(4002000, "FULL_RING", "NOT_SPECIFIED")), 1,
     "dropped NOT_SPECIFIED: 0"),
    ("the wake of a waiter for a lock",
     in_trace(lambda run: (
         run.insert(at(run, 2024000),
                    (2023500, 0, VHOST, "d..1.",
                     "contention_begin: 00000000a37ac22f (flags=RT)")),
         run.insert(at(run, 2040000),
                    (2024500, 0, VHOST, "d..1.",
                     "contention_end: 00000000a37ac22f (ret=0)")))), 1,
     "backend wake: count 1; the trace has 0"),
    ("nobody has said when the report was read",
     in_trace(replace(9000000, "read", "wrote")), 2, "no stamp"),
    ("the report is of later",
     in_trace(lambda run: shift(run, 9000000, -600000)), 2, "not between"),
    ("the trace goes on after the report",
     in_trace(lambda run: (shift(run, 4002000, 5100000),
                           run.sort(key=lambda e: e[0]))), 1,
     "dropped FULL_RING: 1"),
    ("a trace that begins late", (RUN[1:], report()), 2, "begins after"),
    ("a stage's last mark",
     in_report(lambda j: stage(j, "napi").update(to=MARKS.index("tap"))), 1,
     "napi: minimum"),
    ("a mark that it must have",
     in_report(lambda j: stage(j, "qdisc").update(without=mark_ids("stack"))), 1,
     "qdisc: count 3; the trace has 0"),
    ("a new stage of packets is known by its marks",
     in_report(lambda j: j["vms"][0]["stages"].append(dict(
         stage_row("napi", [7000, 6000, 14000]), stage="to the tap",
         to=MARKS.index("tap")))), 0, "to the tap"),
    ("a report that does not say what bounds a stage",
     in_report(lambda j: stage(j, "napi").pop("from")), 2, "does not say"),
    ("what this host sends by a bridge begins there",
     in_trace(by_bridge), 1, "queue 0.003995000, tap"),
    ("a packet that rides on a pending signal",
     in_both(signal_earlier, rode), 0, "rode on a pending signal 1"),
    ("one of which the report says that it was signalled",
     in_trace(signal_earlier), 1, "rode on a pending signal: 0; the trace has 1"),
    ("a line that is not understood",
     in_trace(replace(2060000, "kvm_apic_accept_irq: ", "")), 2,
     "not understood"),
]


# where the probes can be preempted
PREEMPTIBLE = [
    ("a task between two probes explains it",
     in_trace(lambda run: late_by_task(run, 3060000, "kvm_apic")), 0,
     "0 differences"),
    ("so does a hard irq, though preemption shows as before",
     in_trace(lambda run: late_by_irq(run, 3060000, "kvm_apic", False)), 0,
     "0 differences"),
    ("but not a task that it waited for",
     in_trace(lambda run: late_by_task(run, 3060000, "kvm_apic", "S")), 1,
     "polled by the guest: 0; the trace has 2"),
    ("nor one where interrupts are off",
     in_trace(lambda run: late_by_task(run, 3072000, "kvm_entry")), 1,
     "kick: maximum"),
]


def main():
    failed = 0
    print("TAP version 13")
    cases = [c + ((),) for c in CASES] + [c + (("--preemptible",),)
                                          for c in PREEMPTIBLE]
    print("1..%d" % (len(cases) + 1))
    for number, (what, (run, j), status, words, options) in enumerate(cases, 1):
        got, said = verdict(run, j, options=options)
        ok = got == status and words in said
        failed += not ok
        print("%sok %d %s" % ("" if ok else "not ", number, what))
        if not ok:
            print("# status %d, expected %d with '%s'" % (got, status, words))
            print("".join("# %s\n" % l for l in said.splitlines()), end="")

    got, said = verdict(RUN, report(), stats="overrun: 7\n")
    ok = got == 2 and "not complete" in said
    failed += not ok
    print("%sok %d events were lost" % ("" if ok else "not ", len(cases) + 1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
