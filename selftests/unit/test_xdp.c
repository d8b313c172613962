// SPDX-License-Identifier: GPL-2.0
/* What XDP redirects: frames without an skb, packets past the queue. */
#include "scene.h"

/* one poll redirects frames @first to @first + @n - 1 to @tap */
static void poll_redirects(unsigned int first, unsigned int n, int tap,
			   struct task_struct *backend)
{
	unsigned int i;

	scene_poll_begin();
	for (i = first; i < first + n; i++) {
		m_xdp_enqueue(NIC_CPU, &scene.skb[i], tap, M_NIC);
		m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	}
	if (backend && backend->fake_cpu < 0)
		m_wake(NIC_CPU, backend);
	m_xdp_xmit(NIC_CPU, n, 0);
	m_poll_end(NIC_CPU);
	scene_poll_end();
}

static void give_back(unsigned int first, unsigned int n)
{
	unsigned int i;

	if (m_current(VHOST_CPU) != scene.vhost)
		m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	for (i = first; i < first + n; i++)
		m_xdp_return(VHOST_CPU, &scene.skb[i]);
}

static void frame_goes_to_its_guest(void)
{
	const struct lw_sum *s;

	scene_begin();
	scene_poll_begin_at(1000);
	m_at(1007);
	m_xdp_enqueue(NIC_CPU, &scene.skb[0], 0, M_NIC);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	m_at(1009);
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_xmit(NIC_CPU, 1, 0);
	m_poll_end(NIC_CPU);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(m_in_flight(), 1);
	m_at(1020);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1025);
	m_xdp_return(VHOST_CPU, &scene.skb[0]);
	m_at(1030);
	scene_signal();
	scene_vhost_sleeps();
	m_at(1050);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(1055);
	scene_enter();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_EQ(m_line(LW_NOTE_XDP_SENT), 1);
	EXPECT_ONE(scene.vm, XDP, 4 * US);
	EXPECT_ONE(scene.vm, TAP_DWELL, 18 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 11 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 55 * US);
	EXPECT_NONE(scene.vm, NAPI);
	EXPECT_NONE(scene.vm, STACK);
	EXPECT_NONE(LW_HOST, READER_WAKE);
	EXPECT_EQ(scene_terms(scene.vm), 55 * US);
	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END);
	EXPECT(!lw_flight_has(&s->worst, LATWATCH_MARK_STACK));
	EXPECT(lw_flight_has(&s->worst, LATWATCH_MARK_BACKEND_RUN));
	scene_end();
}

/* several queues: the later of two polls is taken first */
static void frames_are_told_by_their_address(void)
{
	scene_begin();
	m_at(1000);
	poll_redirects(0, 2, 0, scene.vhost);
	m_at(2000);
	poll_redirects(2, 1, 0, NULL);
	m_at(2010);
	give_back(2, 1);
	EXPECT_ONE(scene.vm, TAP_DWELL, 10 * US);
	give_back(0, 2);
	EXPECT_STAT(scene.vm, TAP_DWELL, 3, 10 * US, 1010 * US, 2030 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 3);
	scene_end();
}

/* the first frame that was there at the wake is the one it was for */
static void wake_is_for_the_first_frame_taken(void)
{
	scene_begin();
	m_at(1000);
	poll_redirects(0, 3, 0, scene.vhost);
	m_at(1005);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	give_back(0, 3);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 5 * US);
	scene_end();
}

static void refused_by_the_redirect(void)
{
	scene_begin();
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[0], 0, M_NIC);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	/* this was for a device that is not watched */
	m_xdp_refused(NIC_CPU, LW_XDP_DEVICE);
	EXPECT_EQ(m_line(LW_DROPPED_XDP_REDIRECT), 0);
	/* the tap is down since */
	m_xdp_enqueue(NIC_CPU, &scene.skb[1], 0, M_NIC);
	m_xdp_refused(NIC_CPU, LW_XDP_DEVICE);
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_xmit(NIC_CPU, 1, 0);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_DROPPED_XDP_REDIRECT), 1);
	EXPECT_EQ(m_in_flight(), 1);
	give_back(0, 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 0);
	scene_end();
}

static void refused_by_the_ring(void)
{
	scene_begin();
	poll_redirects(0, 1, 0, scene.vhost);
	give_back(0, 1);
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[1], 0, M_NIC);
	m_xdp_enqueue(NIC_CPU, &scene.skb[2], 0, M_NIC);
	m_xdp_drop(NIC_CPU, &scene.skb[2]);
	m_xdp_xmit(NIC_CPU, 1, 1);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_NOTE_XDP_SENT), 2);
	/* the tap's VM is known by then */
	EXPECT_EQ(m_vm_line(scene.vm, LW_DROPPED_XDP_XMIT), 1);
	EXPECT_EQ(m_opened(), 3);
	EXPECT_EQ(m_in_flight(), 2);
	/* what nobody follows may come and go */
	m_xdp_drop(NIC_CPU, &scene.skb[9]);
	m_xdp_return(NIC_CPU, &scene.skb[9]);
	EXPECT_EQ(m_line(LW_DROPPED_XDP_XMIT), 1);
	EXPECT_EQ(m_line(LW_LOST_XDP_PURGED), 0);
	scene_end();
}

/* its ring is emptied by who deletes it, who may be its backend */
static void tap_vanishes_with_frames_in_its_ring(void)
{
	scene_begin();
	poll_redirects(0, 4, 0, scene.vhost);
	give_back(0, 1);
	m_tap_gone(0);
	m_xdp_return(VHOST_CPU, &scene.skb[1]);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_xdp_return(OTHER_CPU, &scene.skb[2]);
	/* or by the kernel, after all have gone */
	scene_poll_begin();
	m_xdp_return(NIC_CPU, &scene.skb[3]);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_LOST_XDP_PURGED), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	scene_end();
}

/* a queue is detached: the tap stays, the task was never its backend */
static void ring_is_purged_by_who_never_took(void)
{
	scene_begin();
	poll_redirects(0, 2, 0, scene.vhost);
	/* a vCPU wakes it for something: so it is followed */
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_wake(VCPU_CPU, scene.vmm);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_xdp_return(OTHER_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_LOST_XDP_PURGED), 1);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	give_back(1, 1);
	EXPECT_EQ(m_line(LW_TAKEN), 1);
	scene_end();
}

/* on a CPU when the tap woke it, about to sleep: it is a backend still */
static void backend_found_awake_takes(void)
{
	scene_begin();
	poll_redirects(0, 1, 0, scene.vhost);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[1], 0, M_NIC);
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_xmit(NIC_CPU, 1, 0);
	scene_poll_end();
	give_back(0, 2);
	EXPECT_EQ(m_line(LW_TAKEN), 2);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 1);
	scene_end();
}

/* the module was loaded while it was busy */
static void worker_that_nobody_saw_woken_takes(void)
{
	scene_begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	poll_redirects(0, 3, 0, NULL);
	give_back(0, 2);
	EXPECT_EQ(m_line(LW_TAKEN), 2);
	/* but not the kernel's other threads, that delete taps */
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_xdp_return(OTHER_CPU, &scene.skb[2]);
	EXPECT_EQ(m_line(LW_TAKEN), 2);
	EXPECT_EQ(m_line(LW_LOST_XDP_PURGED), 1);
	scene_end();
}

/* a VMM without vhost */
static void vmm_that_its_tap_woke_takes(void)
{
	scene_begin();
	scene.vhost = scene.vmm;
	poll_redirects(0, 2, 0, scene.vhost);
	give_back(0, 2);
	EXPECT_EQ(m_line(LW_TAKEN), 2);
	EXPECT_EQ(m_line(LW_LOST_XDP_PURGED), 0);
	scene_end();
}

/* the first time that it is seen at all */
static void new_backend_found_awake_takes(void)
{
	scene_begin();
	scene.vhost = scene.vmm;
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	/* followed, for something else */
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	m_wake(VCPU_CPU, scene.vhost);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[0], 0, M_NIC);
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_xmit(NIC_CPU, 1, 0);
	scene_poll_end();
	give_back(0, 1);
	EXPECT_EQ(m_line(LW_TAKEN), 1);
	EXPECT_EQ(m_line(LW_LOST_XDP_PURGED), 0);
	scene_end();
}

static void frame_reused_after_it_was_freed_without_a_trace(void)
{
	scene_begin();
	m_at(1000);
	poll_redirects(0, 1, 0, scene.vhost);
	m_at(5000);
	poll_redirects(0, 1, 0, NULL);
	m_at(5010);
	give_back(0, 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 1);
	EXPECT_ONE(scene.vm, TAP_DWELL, 10 * US);
	scene_end();
}

static void full_table_is_counted(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	poll_redirects(0, 2, 0, scene.vhost);
	EXPECT_EQ(m_line(LW_LOST_SKB_FULL), 1);
	EXPECT_EQ(m_opened(), 2);
	/* which must not be mistaken for the one that is being redirected */
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[3], 0, M_NIC);
	m_xdp_refused(NIC_CPU, LW_XDP_DEVICE);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_DROPPED_XDP_REDIRECT), 0);
	EXPECT_EQ(m_in_flight(), 1);
	scene_end();
}

/* a program on a tap, run by the backend that brings the packet */
static void frame_of_another_vm(void)
{
	unsigned int vm2;

	scene_begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	scene_guest_runs();
	m_at(1000);
	m_guest_exit(VCPU_CPU);
	m_at(1001);
	m_wake(VCPU_CPU, scene.vhost);
	m_at(1005);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1009);
	m_xdp_enqueue(VHOST_CPU, &scene.skb[0], 1, 0);
	m_xdp_redirected(VHOST_CPU, LW_XDP_DEVICE);
	m_wake(VHOST_CPU, scene.vhost2);
	m_xdp_xmit(VHOST_CPU, 1, 0);
	EXPECT_EQ(m_line(LW_OPENED_VM), 1);
	EXPECT_ONE(scene.vm, GUEST_EXIT, US);
	EXPECT_ONE(scene.vm, KICK_WAKE, 4 * US);
	/* its own guest is signalled then, and that is no tap's wake */
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.other);
	EXPECT(!lw_task_find(scene.other));
	m_at(1020);
	m_switch(OTHER_CPU, scene.vhost2, M_SLEEPS);
	m_xdp_return(OTHER_CPU, &scene.skb[0]);
	vm2 = m_vm_account(&scene.mm2);
	EXPECT_EQ(m_vm_line(vm2, LW_TAKEN), 1);
	EXPECT_ONE(vm2, BACKEND_WAKE, 11 * US);
	EXPECT_ONE(vm2, TAP_DWELL, 11 * US);
	EXPECT_NONE(vm2, XDP);
	EXPECT_NONE(vm2, STACK);
	scene_end();
}

/* its tap went before the frames were handed on */
static void sleep_ends_what_a_backend_redirects(void)
{
	scene_begin();
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_wake(VCPU_CPU, scene.vhost);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_xdp_enqueue(VHOST_CPU, &scene.skb[0], 1, 0);
	scene_vhost_sleeps();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_wake(VHOST_CPU, scene.other);
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

/* the program lets some packets pass: the stack wakes their reader */
static void reader_of_what_passed_is_no_backend(void)
{
	scene_begin();
	poll_redirects(0, 1, 0, scene.vhost);
	give_back(0, 1);
	scene_vhost_sleeps();
	m_at(2000);
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[1], 0, M_NIC);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	m_stack(NIC_CPU, &scene.skb[2]);
	m_wake(NIC_CPU, scene.other);
	/* and the flush wakes whom it knows */
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_xmit(NIC_CPU, 1, 0);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	m_at(2010);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[2]);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	give_back(1, 1);
	EXPECT_ONE(LW_HOST, READER_WAKE, 10 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->count, 2);
	scene_end();
}

/* what a poll redirected is handed on when it ends */
static void wake_after_the_poll_is_nobodys(void)
{
	scene_begin();
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[0], 0, M_NIC);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	m_poll_end(NIC_CPU);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	EXPECT(!lw_task_find(scene.other));
	scene_poll_begin();
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	m_poll_end(NIC_CPU);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

/* on RT: another task's softirq on the same CPU */
static void redirects_belong_to_their_task(void)
{
	scene_begin();
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	scene_poll_begin();
	m_xdp_enqueue(NIC_CPU, &scene.skb[0], 0, M_NIC);
	m_switch(NIC_CPU, scene.ksoftirqd, M_PREEMPTED);
	/* a redirect of its own fails */
	m_xdp_refused(NIC_CPU, LW_XDP_DEVICE);
	EXPECT_EQ(m_line(LW_DROPPED_XDP_REDIRECT), 0);
	EXPECT_EQ(m_in_flight(), 1);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	scene_poll_end();
	scene_end();
}

static void copies_are_a_note(void)
{
	scene_begin();
	scene_poll_begin();
	m_xdp_redirected(NIC_CPU, LW_XDP_COPIES);
	m_xdp_redirected(NIC_CPU, LW_XDP_CPU);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_NOTE_XDP_COPIES), 1);
	EXPECT_EQ(m_line(LW_READER_NOTE_XDP), 0);
	EXPECT_EQ(m_opened(), 0);
	scene_end();
}

/* a switch in user space sleeps, and XDP's flush wakes it */
static void socket_wakes_its_reader(void)
{
	scene_begin();
	m_at(1000);
	scene_poll_begin();
	m_at(1002);
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	m_at(1003);
	m_wake(NIC_CPU, scene.other);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	m_at(1010);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	EXPECT_EQ(m_line(LW_READER_NOTE_XDP), 2);
	EXPECT_ONE(LW_HOST, READER_XDP, 3 * US);
	EXPECT_ONE(LW_HOST, READER_WAKE, 7 * US);
	EXPECT_ONE(LW_HOST, READER_END_TO_END_XDP, 10 * US);
	EXPECT_NONE(LW_HOST, READER_STACK);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
	/* it copies something else later */
	m_copied(OTHER_CPU, &scene.skb[5]);
	EXPECT_NONE(LW_HOST, READER_COPY);
	EXPECT_EQ(m_opened(), 0);
	scene_end();
}

static void socket_after_the_taps(void)
{
	scene_begin();
	scene_poll_begin();
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	m_xdp_enqueue(NIC_CPU, &scene.skb[0], 0, M_NIC);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_xmit(NIC_CPU, 1, 0);
	m_wake(NIC_CPU, scene.other);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	EXPECT_ONE(LW_HOST, READER_END_TO_END_XDP, 0);
	give_back(0, 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 0);
	scene_end();
}

/* generic XDP: the socket's owner is told before the redirect is */
static void generic_socket_wakes_its_reader(void)
{
	struct task_struct *reader;

	scene_begin();
	reader = m_task("dhclient", &scene.other_mm, 120, 0);
	m_at(1000);
	scene_poll_begin();
	m_at(1002);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xdp_generic_socket(NIC_CPU);
	m_at(1003);
	m_wake(NIC_CPU, scene.other);
	m_consume(NIC_CPU, &scene.skb[0]);
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	/* the next one passes, and has a reader of its own */
	m_stack(NIC_CPU, &scene.skb[1]);
	m_wake(NIC_CPU, reader);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	m_at(1010);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_switch(VCPU_CPU, reader, M_SLEEPS);
	EXPECT_ONE(LW_HOST, READER_STACK, US);
	EXPECT_ONE(LW_HOST, READER_WAKE, 7 * US);
	EXPECT_ONE(LW_HOST, READER_END_TO_END_XDP, 10 * US);
	EXPECT_NONE(LW_HOST, READER_XDP);
	EXPECT_EQ(m_line(LW_READER_NOTE_XDP), 1);
	scene_end();
}

static void generic_socket_that_is_full(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xdp_generic_socket(NIC_CPU);
	m_xdp_refused(NIC_CPU, LW_XDP_SOCKET);
	m_drop(NIC_CPU, &scene.skb[0], 7);
	m_stack(NIC_CPU, &scene.skb[1]);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	EXPECT_NONE(LW_HOST, READER_END_TO_END_XDP);
	m_copied(OTHER_CPU, &scene.skb[1]);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END)->count, 1);
	EXPECT_EQ(m_line(LW_READER_NOTE_XDP_REFUSED), 1);
	EXPECT_EQ(m_line(LW_READER_NOTE_XDP), 0);
	scene_end();
}

/* the program was given room, which moved the packet's data */
static void generic_goes_to_its_guest(void)
{
	struct m_skb moved = scene.skb[0];

	scene_begin();
	moved.head = &moved.segments;
	m_at(1000);
	scene_poll_begin();
	m_at(1002);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(1005);
	m_xdp_generic_tx(NIC_CPU, &moved, 0);
	m_wake(NIC_CPU, scene.vhost);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	m_poll_end(NIC_CPU);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	m_at(1010);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_consume(VHOST_CPU, &moved);
	scene_signal();
	m_at(1020);
	scene_enter();
	EXPECT_ONE(scene.vm, NAPI, 2 * US);
	EXPECT_ONE(scene.vm, STACK, 3 * US);
	EXPECT_ONE(scene.vm, TAP_DWELL, 5 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 5 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_NONE(scene.vm, XDP);
	EXPECT_NONE(scene.vm, QDISC);
	EXPECT_EQ(scene_terms(scene.vm), 20 * US);
	scene_end();
}

/* by a map, the backend may have taken it before the redirect is told */
static void generic_taken_before_the_redirect_is_told(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xdp_generic_tx(NIC_CPU, &scene.skb[0], 0);
	m_wake(NIC_CPU, scene.vhost);
	scene_take(0, 1);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	scene_poll_end();
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	scene_end();
}

static void generic_dropped_by_the_tap(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xdp_generic_tx(NIC_CPU, &scene.skb[0], 0);
	m_drop(NIC_CPU, &scene.skb[0], 75);
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	/* what the program itself drops was never on its way to a tap */
	m_stack(NIC_CPU, &scene.skb[1]);
	m_drop(NIC_CPU, &scene.skb[1], 6);
	scene_poll_end();
	EXPECT_EQ(m_opened(), 1);
	EXPECT_EQ(m_line(LW_DROPPED), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* a context on @cpu has a packet in a tap's transmit function */
static bool transmits(unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < LW_CONTEXTS; i++)
		if (lw_cpus[cpu]->ctxs[i].holds & LW_HOLDS_XMIT)
			return true;
	return false;
}

/* its transmission has no end: the next event is it */
static void generic_transmission_ends(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xdp_generic_tx(NIC_CPU, &scene.skb[0], 0);
	m_stack(NIC_CPU, &scene.skb[1]);
	m_wake(NIC_CPU, scene.other);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[1]);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END)->count, 1);
	m_stack(NIC_CPU, &scene.skb[2]);
	m_xdp_generic_tx(NIC_CPU, &scene.skb[2], 0);
	EXPECT(transmits(NIC_CPU));
	m_poll_end(NIC_CPU);
	EXPECT(!transmits(NIC_CPU));
	m_xdp_generic_tx(NIC_CPU, &scene.skb[3], 0);
	EXPECT(transmits(NIC_CPU));
	m_xdp_redirected(NIC_CPU, LW_XDP_DEVICE);
	EXPECT(!transmits(NIC_CPU));
	scene_poll_end();
	scene_end();
}

/* NET_RX on top of a task that has brought a packet of its guest before */
static void generic_on_top_of_a_backend(void)
{
	struct m_skb moved = scene.skb[1];

	scene_begin();
	moved.head = &moved.segments;
	m_switch(NIC_CPU, scene.vhost, M_SLEEPS);
	m_stack_from(NIC_CPU, &scene.skb[0], 1);
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[1]);
	m_xdp_generic_tx(NIC_CPU, &moved, 0);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 0);
	scene_end();
}

/* a program of a cpumap: its thread wakes others, too */
static void generic_by_a_task_is_local(void)
{
	scene_begin();
	m_at(1000);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_stack(OTHER_CPU, &scene.skb[0]);
	m_at(2000);
	m_xdp_generic_tx(OTHER_CPU, &scene.skb[1], 0);
	m_wake(OTHER_CPU, scene.other);
	EXPECT(!lw_task_find(scene.other));
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_in_flight(), 1);
	scene_take(1, 1);
	EXPECT_NONE(scene.vm, STACK);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(frame_goes_to_its_guest),
	TEST(frames_are_told_by_their_address),
	TEST(wake_is_for_the_first_frame_taken),
	TEST(refused_by_the_redirect),
	TEST(refused_by_the_ring),
	TEST(tap_vanishes_with_frames_in_its_ring),
	TEST(ring_is_purged_by_who_never_took),
	TEST(backend_found_awake_takes),
	TEST(worker_that_nobody_saw_woken_takes),
	TEST(vmm_that_its_tap_woke_takes),
	TEST(new_backend_found_awake_takes),
	TEST(frame_reused_after_it_was_freed_without_a_trace),
	TEST(full_table_is_counted),
	TEST(frame_of_another_vm),
	TEST(sleep_ends_what_a_backend_redirects),
	TEST(reader_of_what_passed_is_no_backend),
	TEST(wake_after_the_poll_is_nobodys),
	TEST(redirects_belong_to_their_task),
	TEST(copies_are_a_note),
	TEST(socket_wakes_its_reader),
	TEST(socket_after_the_taps),
	TEST(generic_socket_wakes_its_reader),
	TEST(generic_socket_that_is_full),
	TEST(generic_goes_to_its_guest),
	TEST(generic_taken_before_the_redirect_is_told),
	TEST(generic_dropped_by_the_tap),
	TEST(generic_transmission_ends),
	TEST(generic_on_top_of_a_backend),
	TEST(generic_by_a_task_is_local),
};

KTAP_MAIN(tests)
