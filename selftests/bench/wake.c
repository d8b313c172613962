// SPDX-License-Identifier: GPL-2.0
/* wake: attaches the programs of an object file (wake.bpf.c), until it is ended. */
#include <bpf/libbpf.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct bpf_program *program;

	if (argc != 2)
		return 2;
	object = bpf_object__open(argv[1]);
	if (!object || bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			return 1;
	/* a shell's background has it ignored */
	signal(SIGINT, SIG_DFL);
	pause();
	return 0;
}
