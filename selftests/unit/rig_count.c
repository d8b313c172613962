// SPDX-License-Identifier: GPL-2.0
/*
 * Counts instructions: a child runs the events, and is stepped through them
 * one instruction at a time. That is slow, and the same each time.
 */
#include <linux/types.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

static void nothing(void)
{
}

/* in the child: what is between two of these is counted */
static void mark(void)
{
	raise(SIGUSR1);
}

static void step_over(void (*volatile run)(void))
{
	mark();
	run();
	mark();
}

static void play(const struct rig_way *way, unsigned int guest_seq)
{
	const struct rig_event *e;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	/* the first time, the linker is at work */
	mark();
	step_over(nothing);
	while (guest_seq--) {
		rig_turn(way);
		for (e = way->events; e->name; e++)
			step_over(e->run);
	}
	_exit(0);
}

/* run until the next mark */
static bool run_on(pid_t child)
{
	int status;

	return !ptrace(PTRACE_CONT, child, NULL, NULL) &&
	       waitpid(child, &status, 0) == child && WIFSTOPPED(status) &&
	       WSTOPSIG(status) == SIGUSR1;
}

/* step to the next mark; 0: something else happened */
static unsigned long step(pid_t child)
{
	unsigned long n = 0;
	int status;

	for (;; n++) {
		if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) ||
		    waitpid(child, &status, 0) != child ||
		    !WIFSTOPPED(status))
			return 0;
		if (WSTOPSIG(status) != SIGTRAP)
			return WSTOPSIG(status) == SIGUSR1 ? n : 0;
	}
}

static bool count(pid_t child, unsigned int events, unsigned int guest_seq,
		  double *each)
{
	unsigned long empty, n;
	unsigned int i, t;
	int status;

	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
	    WSTOPSIG(status) != SIGUSR1 || !run_on(child))
		return false;
	empty = step(child);
	if (!empty)
		return false;
	for (i = 0; i < events; i++)
		each[i] = 0;
	for (t = 0; t < guest_seq; t++)
		for (i = 0; i < events; i++) {
			if (!run_on(child))
				return false;
			n = step(child);
			if (n < empty)
				return false;
			each[i] += (double)(n - empty) / guest_seq;
		}
	return true;
}

/**
 * rig_count() - count the instructions of each event of a way
 * @way: the way
 * @guest_seq: how often, each for another VM and other strangers
 * @each: takes the means, by event
 *
 * The call of the event's function and its return are not in it.
 *
 * Return: false if this machine lets nobody be traced.
 */
bool rig_count(const struct rig_way *way, unsigned int guest_seq, double *each)
{
	pid_t child = fork();
	bool ok;

	if (child < 0)
		return false;
	if (!child)
		play(way, guest_seq);
	ok = count(child, rig_events(way), guest_seq, each);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return ok;
}
