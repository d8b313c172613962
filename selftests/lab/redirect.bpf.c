// SPDX-License-Identifier: GPL-2.0
/*
 * redirect: two devices as one cable.
 *
 * Takes what a device receives. Gives it to the device that peers names for
 * it; to the stack, if that names none.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 8);
} peers SEC(".maps");

SEC("xdp")
int redirect(struct xdp_md *frame)
{
	return bpf_redirect_map(&peers, frame->ingress_ifindex, XDP_PASS);
}
