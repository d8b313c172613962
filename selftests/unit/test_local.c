// SPDX-License-Identifier: GPL-2.0
/* What has to do with no VM: senders, forwarding, and readers of this host. */
#include "scene.h"

static void complete(const struct m_skb *p)
{
	m_ipi(NIC_CPU);
	m_consume(NIC_CPU, p);
	m_ipi_done(NIC_CPU);
}

static void local_sender(void)
{
	const struct m_skb *p = &scene.skb[0];

	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_at(1000);
	m_queue(OTHER_CPU, p, M_NIC);
	EXPECT_EQ(lw_skb_in_flight(LATWATCH_PATH_LOCAL, LW_HOST), 1);
	EXPECT_BALANCE();
	m_at(1004);
	m_xmit(OTHER_CPU, p, M_NIC);
	m_at(1007);
	m_nic_done(OTHER_CPU, p);
	m_at(1020);
	complete(p);
	EXPECT_ONE(LW_HOST, LOCAL_QDISC, 4 * US);
	EXPECT_ONE(LW_HOST, LOCAL_DRIVER, 3 * US);
	EXPECT_ONE(LW_HOST, LOCAL_COMPLETION, 16 * US);
	EXPECT_NONE(LW_HOST, TX_END_TO_END);
	EXPECT_NONE(LW_HOST, TX_DRIVER);
	EXPECT_NONE(LW_HOST, TX_COMPLETION);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	EXPECT_EQ(m_line(LW_LOCAL_SENT), 1);
	EXPECT_EQ(m_line(LW_LOCAL_NOTE_COMPLETED), 1);
	EXPECT_EQ(m_opened(), 1);
	/* neither a backend nor a VM came of it */
	EXPECT(!lw_task_find(scene.other));
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	scene_end();
}

static void sent_without_a_queue_has_no_qdisc(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_xmit(OTHER_CPU, &scene.skb[0], M_NIC);
	m_nic_done(OTHER_CPU, &scene.skb[0]);
	EXPECT_NONE(LW_HOST, LOCAL_QDISC);
	EXPECT_ONE(LW_HOST, LOCAL_DRIVER, 0);
	EXPECT_EQ(m_line(LW_LOCAL_SENT), 1);
	scene_end();
}

static void segments_are_of_one_packet(void)
{
	scene_begin();
	scene.skb[0].segments = 17;
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	EXPECT_EQ(m_opened(), 1);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 0);
	scene_end();
}

static void forwarded_from_nic_to_nic(void)
{
	scene_begin();
	m_at(1000);
	scene_poll_begin();
	m_at(1005);
	scene.skb[0].segments = 3;
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(1006);
	m_queue(NIC_CPU, &scene.skb[0], M_NIC);
	m_at(1008);
	m_xmit(NIC_CPU, &scene.skb[0], M_NIC);
	m_nic_done(NIC_CPU, &scene.skb[0]);
	/* an answer of this host, in the same softirq */
	m_queue(NIC_CPU, &scene.skb[1], M_NIC);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_LOCAL_FORWARDED), 1);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_LOCAL), 2);
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_RX), 0);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 0);
	EXPECT_ONE(LW_HOST, LOCAL_QDISC, 2 * US);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_LOCAL_QDISC)->worst.begin_ns %
		  SECOND, 1000 * US);
	scene_end();
}

static void dropped_lost_and_elsewhere(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	m_drop(OTHER_CPU, &scene.skb[0], 68);
	EXPECT_EQ(m_line(LW_LOCAL_DROPPED), 1);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_LOCAL, true, 68), 1);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	m_consume(OTHER_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_LOCAL_ELSEWHERE), 1);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	EXPECT_EQ(m_line(LW_LOCAL_LOST_REUSED), 1);
	/* queued for the NIC, sent to a tap: another packet */
	m_xmit(OTHER_CPU, &scene.skb[0], 0);
	m_xmit_done(OTHER_CPU);
	EXPECT_EQ(m_line(LW_LOCAL_LOST_REUSED), 2);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 0);
	scene_end();
}

static void full_skb_table_is_counted(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	m_xmit(OTHER_CPU, &scene.skb[1], M_NIC);
	/* it is not in the table: its driver cannot be told */
	m_nic_done(OTHER_CPU, &scene.skb[1]);
	EXPECT_EQ(m_line(LW_LOCAL_LOST_FULL), 1);
	EXPECT_NONE(LW_HOST, LOCAL_DRIVER);
	scene_end();
}

/* on RT: a task that preempted another one in its driver */
static void driver_of_another_task_on_the_same_cpu(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_at(1000);
	m_bh_off(OTHER_CPU);
	m_xmit(OTHER_CPU, &scene.skb[0], M_NIC);
	m_switch(OTHER_CPU, scene.kthread, M_PREEMPTED);
	m_nic_done(OTHER_CPU, &scene.skb[0]);
	EXPECT_NONE(LW_HOST, LOCAL_DRIVER);
	m_switch(OTHER_CPU, scene.other, M_PREEMPTED);
	m_at(1009);
	m_nic_done(OTHER_CPU, &scene.skb[1]);
	EXPECT_NONE(LW_HOST, LOCAL_DRIVER);
	m_nic_done(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, LOCAL_DRIVER, 9 * US);
	/* once */
	m_nic_done(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, LOCAL_DRIVER, 9 * US);
	scene_end();
}

/* ---- readers ---- */

/* irq at @us, stack 5 us and wake 8 us later */
static void wake_reader(u64 us, struct task_struct *t, bool awake)
{
	m_at(us);
	scene_poll_begin();
	m_at(us + 5);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(us + 8);
	m_wake_seen(NIC_CPU, t, awake);
	scene_poll_end();
}

static void reader_runs(u64 us)
{
	m_at(us);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
}

static void reader_sleeps(void)
{
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
}

static void expect_no_reader(void)
{
	EXPECT_NONE(LW_HOST, READER_STACK);
	EXPECT_NONE(LW_HOST, READER_WAKE);
	EXPECT_NONE(LW_HOST, READER_COPY);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
}

static void reader_is_woken_and_copies(void)
{
	const struct lw_sum *s;

	scene_begin();
	wake_reader(1000, scene.other, false);
	reader_runs(1020);
	m_at(1026);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_STACK, 3 * US);
	EXPECT_ONE(LW_HOST, READER_WAKE, 12 * US);
	EXPECT_ONE(LW_HOST, READER_COPY, 6 * US);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 26 * US);
	s = m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END);
	EXPECT_EQ(s->worst.origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_EQ(s->worst.irq, NIC_IRQ);
	EXPECT_EQ(s->worst.ns[LATWATCH_MARK_STACK] % SECOND, 1005 * US);
	EXPECT_EQ(s->worst.cpu[LATWATCH_MARK_READER_WAKE], NIC_CPU);
	EXPECT_EQ(s->worst.cpu[LATWATCH_MARK_COPY], OTHER_CPU);
	EXPECT_EQ(lw_flight_actor(&s->worst, LATWATCH_ROLE_READER)->pid,
		  scene.other->pid);
	/* what else it copies was there already */
	m_at(1030);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 26 * US);
	/* it is in nobody's balance, and no VM */
	EXPECT_EQ(m_opened(), 0);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	m_task_exit(OTHER_CPU);
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

/* the host's stages and the reader's add up: irq, softirq, stack, wake, copy */
static void readers_stages_add_up(void)
{
	struct lw_flight f;

	scene_begin();
	scene_poll_begin_at(1000);
	m_at(1007);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(1008);
	m_wake(NIC_CPU, scene.other);
	m_softirq_done(NIC_CPU);
	reader_runs(1018);
	m_at(1020);
	m_copied(OTHER_CPU, &scene.skb[0]);
	f = m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END)->worst;
	EXPECT_EQ(f.ns[LATWATCH_MARK_COPY] - f.begin_ns, 20 * US);
	/* softirq to stack is in its flight, and a stage only for VMs */
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_HARD_IRQ)->sum +
		  m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->sum +
		  f.ns[LATWATCH_MARK_STACK] - f.ns[LATWATCH_MARK_SOFTIRQ] +
		  scene_terms_on(LATWATCH_PATH_READER, LW_HOST), 20 * US);
	scene_end();
}

static void wake_without_a_copy_records_nothing(void)
{
	scene_begin();
	wake_reader(1000, scene.other, false);
	reader_runs(1020);
	reader_sleeps();
	expect_no_reader();
	/* much later it reads for another reason */
	reader_runs(900000);
	m_copied(OTHER_CPU, &scene.skb[0]);
	expect_no_reader();
	scene_end();
}

static void preempted_reader_keeps_its_packet(void)
{
	scene_begin();
	wake_reader(1000, scene.other, false);
	reader_runs(1020);
	m_switch(OTHER_CPU, scene.kthread, M_PREEMPTED);
	m_at(1050);
	m_switch(OTHER_CPU, scene.other, M_PREEMPTED);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_WAKE, 12 * US);
	EXPECT_ONE(LW_HOST, READER_COPY, 30 * US);
	scene_end();
}

static void reader_found_awake(void)
{
	scene_begin();
	/* followed, and on its CPU */
	wake_reader(1000, scene.other, false);
	reader_runs(1020);
	m_copied(OTHER_CPU, &scene.skb[0]);
	m_reset();
	wake_reader(2000, scene.other, true);
	m_at(2010);
	m_copied(OTHER_CPU, &scene.skb[0]);
	expect_no_reader();
	reader_sleeps();
	/* the next wake settles it, and has figures of its own */
	wake_reader(3000, scene.other, false);
	EXPECT_EQ(m_line(LW_READER_NOTE_AWAKE), 1);
	reader_runs(3020);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_WAKE, 12 * US);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 20 * US);
	EXPECT_EQ(m_line(LW_READER_NOTE_AWAKE), 1);
	scene_end();
}

static void kthread_is_no_reader(void)
{
	scene_begin();
	wake_reader(1000, scene.kthread, false);
	EXPECT(!lw_task_find(scene.kthread));
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[0]);
	expect_no_reader();
	scene_end();
}

/* whom NET_RX wakes without a packet in hand, or something else than it */
static void wake_without_a_packet_is_no_readers(void)
{
	scene_begin();
	/* a poll before it had one */
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	scene_poll_end();
	m_at(1000);
	scene_poll_begin();
	m_wake(NIC_CPU, scene.other);
	EXPECT(!lw_task_find(scene.other));
	m_stack(NIC_CPU, &scene.skb[0]);
	/* an interrupt on top of it */
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.other);
	m_ipi_done(NIC_CPU);
	scene_poll_end();
	/* another softirq thereafter, and the task below */
	m_current(NIC_CPU)->fake_softirq++;
	m_wake(NIC_CPU, scene.other);
	m_current(NIC_CPU)->fake_softirq--;
	m_wake(NIC_CPU, scene.other);
	EXPECT(!lw_task_find(scene.other));
	reader_runs(1020);
	m_copied(OTHER_CPU, &scene.skb[0]);
	expect_no_reader();
	scene_end();
}

/* a copy by whom nobody woke for it, and one on top of which it happens */
static void copy_without_a_wake_records_nothing(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[0]);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_copied(VHOST_CPU, &scene.skb[0]);
	expect_no_reader();
	scene_end();
}

/* the interrupt that woke a reader was its packet's, not its own */
static void reader_that_raises_is_no_irq_thread(void)
{
	scene_begin();
	m_at(1000);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_raise(NIC_CPU);
	m_softirq(NIC_CPU, RUNNER_THREAD);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_wake(NIC_CPU, scene.other);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_IRQ_THREAD)->count, 1);
	reader_runs(1020);
	/* before it reads, it sends something to this host */
	m_at(5000);
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_softirq_done(OTHER_CPU);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_IRQ_THREAD)->count, 1);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_HARD_IRQ)->count, 1);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 1);
	/* and it is still a reader */
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_READER_WAKE)->count, 1);
	scene_end();
}

/* a VMM that serves its tap itself reads sockets, too */
static void backend_that_reads_is_still_a_backend(void)
{
	scene_begin();
	scene.vhost = scene.vmm;
	scene_deliver(0, 1);
	m_reset();
	wake_reader(1000, scene.vmm, false);
	m_at(1020);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_copied(VHOST_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 20 * US);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	scene_vhost_sleeps();
	/* and then a packet for its guest comes */
	m_at(2000);
	scene_rx(1, 1);
	m_at(2010);
	scene_take(1, 1);
	scene_signal();
	m_at(2020);
	scene_enter();
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 10 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_ENTRY), 1);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 20 * US);
	scene_end();
}

/* it is woken by the tap, in the middle of NET_RX, with a packet in hand */
static void backend_woken_by_its_tap_is_no_reader(void)
{
	scene_begin();
	scene.vhost = scene.vmm;
	m_at(1000);
	scene_rx(0, 1);
	m_at(1010);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	/* tun copies it to its reader, then frees it */
	m_copied(VHOST_CPU, &scene.skb[0]);
	m_consume(VHOST_CPU, &scene.skb[0]);
	expect_no_reader();
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 10 * US);
	scene_end();
}

/*
 * One run of NET_RX: a queue's poll brings a packet, the next queue's frees what
 * was sent, and wakes a sender that waits for room.
 */
static void wake_by_the_next_poll_is_no_readers(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_polled(NIC_CPU, 1, 64);
	m_wake(NIC_CPU, scene.other);
	m_polled(NIC_CPU, 0, 64);
	scene_poll_end();
	reader_runs(1020);
	m_copied(OTHER_CPU, &scene.skb[0]);
	expect_no_reader();
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

/* woken for one packet, it reads another first, which waited in another socket */
static void a_wake_is_of_its_own_packet(void)
{
	scene_begin();
	scene_poll_begin_at(1000);
	m_at(1005);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	reader_runs(1020);
	m_at(1022);
	m_copied(OTHER_CPU, &scene.skb[1]);
	m_consume(OTHER_CPU, &scene.skb[1]);
	expect_no_reader();
	m_at(1026);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_COPY, 6 * US);
	scene_end();
}

/* netpoll polls on top of one that has a packet, in the same context or a hard irq */
static void netpoll_takes_no_packet_away(void)
{
	scene_begin();
	scene_poll_begin_at(1000);
	m_at(1005);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_ipi(NIC_CPU);
	m_polled(NIC_CPU, 0, 0);
	m_ipi_done(NIC_CPU);
	m_polled(NIC_CPU, 0, 0);
	m_at(1008);
	m_wake(NIC_CPU, scene.other);
	m_polled(NIC_CPU, 1, 64);
	scene_poll_end();
	reader_runs(1020);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_STACK, 3 * US);
	scene_end();
}

/* one that polls a NIC with its guest's packet in hand */
static void poll_leaves_a_backend_its_packet(void)
{
	scene_begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_stack_from(VHOST_CPU, &scene.skb[0], 0);
	m_polled(VHOST_CPU, 1, 64);
	m_queue(VHOST_CPU, &scene.skb[0], M_NIC);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 1);
	m_drop(VHOST_CPU, &scene.skb[0], 2);
	scene_end();
}

/* a poll brings a packet, for which many wait */
static void wake_readers(struct task_struct **reader, unsigned int n)
{
	unsigned int i;

	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[NSKBS - 1]);
	for (i = 0; i < n; i++)
		m_wake(NIC_CPU, reader[i]);
	scene_poll_end();
}

#define SLOTS	16	/* a quarter of which readers may have */
#define READERS	20

static void begin_with_readers(struct task_struct **reader)
{
	static const struct m_sizes sizes = { .tasks = SLOTS };
	unsigned int i;

	scene_cast(&sizes);
	for (i = 0; i < READERS; i++)
		reader[i] = m_task("reader", &scene.other_mm, 120, 0);
	wake_readers(reader, READERS);
	EXPECT_EQ(atomic_read(&lw_task_table.used), SLOTS / 4);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), READERS - SLOTS / 4);
}

static void readers_leave_room_for_a_guest(void)
{
	struct task_struct *reader[READERS];

	begin_with_readers(reader);
	scene_boot(scene.vcpu, 0, VCPU_CPU);
	scene.vm = m_vm_account(&scene.mm);
	EXPECT(scene.vm != LW_HOST);
	scene_deliver(0, 1);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), READERS - SLOTS / 4);
	EXPECT(lw_task_find(scene.vhost));
	EXPECT(lw_task_find(scene.vcpu));
	scene_end();
}

/* the room of those that exit is for others, and all of it is given back */
static void reader_that_exits_leaves_its_room(void)
{
	struct task_struct *reader[READERS];
	unsigned int i;

	begin_with_readers(reader);
	for (i = 0; i < SLOTS / 4; i++) {
		m_switch(OTHER_CPU, reader[i], M_SLEEPS);
		m_task_exit(OTHER_CPU);
	}
	EXPECT_EQ(atomic_read(&lw_task_table.used), 0);
	wake_readers(reader + SLOTS / 4, READERS - SLOTS / 4);
	EXPECT_EQ(atomic_read(&lw_task_table.used), SLOTS / 4);
	scene_end();
}

/* a VMM that reads a socket takes from its tap, and is a backend then */
static void reader_that_is_a_backend_leaves_its_room(void)
{
	struct task_struct *reader[READERS];

	begin_with_readers(reader);
	m_switch(OTHER_CPU, reader[0], M_SLEEPS);
	m_entry(OTHER_CPU, 0);
	m_guest_exit(OTHER_CPU);
	m_stack_from(OTHER_CPU, &scene.skb[0], 0);
	EXPECT_EQ(lw_task_find(reader[0])->roles, LW_TASK_BACKEND | LW_TASK_VCPU);
	wake_readers(reader, READERS);
	EXPECT_EQ(atomic_read(&lw_task_table.used), SLOTS / 4 + 1);
	/* and has not left it twice */
	m_task_exit(OTHER_CPU);
	wake_readers(reader + 1, READERS - 1);
	EXPECT_EQ(atomic_read(&lw_task_table.used), SLOTS / 4);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(local_sender),
	TEST(sent_without_a_queue_has_no_qdisc),
	TEST(segments_are_of_one_packet),
	TEST(forwarded_from_nic_to_nic),
	TEST(dropped_lost_and_elsewhere),
	TEST(full_skb_table_is_counted),
	TEST(driver_of_another_task_on_the_same_cpu),
	TEST(reader_is_woken_and_copies),
	TEST(readers_stages_add_up),
	TEST(wake_without_a_copy_records_nothing),
	TEST(preempted_reader_keeps_its_packet),
	TEST(reader_found_awake),
	TEST(kthread_is_no_reader),
	TEST(wake_without_a_packet_is_no_readers),
	TEST(copy_without_a_wake_records_nothing),
	TEST(reader_that_raises_is_no_irq_thread),
	TEST(backend_that_reads_is_still_a_backend),
	TEST(backend_woken_by_its_tap_is_no_reader),
	TEST(wake_by_the_next_poll_is_no_readers),
	TEST(a_wake_is_of_its_own_packet),
	TEST(netpoll_takes_no_packet_away),
	TEST(poll_leaves_a_backend_its_packet),
	TEST(readers_leave_room_for_a_guest),
	TEST(reader_that_exits_leaves_its_room),
	TEST(reader_that_is_a_backend_leaves_its_room),
};

KTAP_MAIN(tests)
