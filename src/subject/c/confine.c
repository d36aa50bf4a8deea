/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "confine.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif

static int has_namespaces, has_landlock, has_seccomp;

static void limit(int what, unsigned long most)
{
	struct rlimit bound = { most, most };

	setrlimit(what, &bound);
}

/* Half of the memory of the machine, and of what may be taken anyway. */
static unsigned long memory(void)
{
	unsigned long all = (unsigned long)sysconf(_SC_PHYS_PAGES) * (unsigned long)sysconf(_SC_PAGESIZE);
	struct rlimit bound;

	return getrlimit(RLIMIT_AS, &bound) == 0 && bound.rlim_cur < all / 2 ? bound.rlim_cur : all / 2;
}

void confine_process(void)
{
	has_namespaces = unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID) == 0;
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_AS, memory());
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Last: other rights put it out. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Landlock: what is not allowed of the file system is refused. */

#ifdef LANDLOCK_ACCESS_FS_EXECUTE
enum { READS = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR };
enum { EVERYTHING = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };

static int landlock(void)
{
	struct landlock_ruleset_attr all = { .handled_access_fs = EVERYTHING };

	return syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
}

static void allow_below(int ruleset, const char *path, unsigned long rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = open(path, O_PATH | O_CLOEXEC) };

	if (rule.parent_fd < 0)
		return;
	/* Some rights are of directories only. */
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0)) {
		rule.allowed_access &= LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
}

static int enforce(int ruleset)
{
	int done = ruleset >= 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;

	if (ruleset >= 0)
		close(ruleset);
	return done;
}
#else
enum { READS, EVERYTHING };
static int landlock(void) { return -1; }
static void allow_below(int ruleset, const char *path, unsigned long rights) { (void)ruleset, (void)path, (void)rights; }
static int enforce(int ruleset) { (void)ruleset; return 0; }
#endif

/* Seccomp: system calls, by who makes them. */

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCH
static struct sock_filter filter[128];
static unsigned short length;

#define FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))
#define LOW(name) FIELD(name)
#define HIGH(name) (FIELD(name) + 4)

static void emit(unsigned short code, unsigned value, unsigned char if_true, unsigned char if_false)
{
	filter[length++] = (struct sock_filter){ code, if_true, if_false, value };
}

static void load(unsigned offset)
{
	emit(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void end_with(unsigned action)
{
	emit(BPF_RET | BPF_K, action, 0, 0);
}

/* What follows, so many instructions, is for one call only. */
static void for_call(long number, unsigned char instructions)
{
	emit(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, instructions);
}

static void allow(long number)
{
	for_call(number, 1);
	end_with(SECCOMP_RET_ALLOW);
}

/* A call that returns to an address from `start` on, and not behind `end`. */
static void allow_between(unsigned long start, unsigned long end)
{
	load(HIGH(instruction_pointer));
	emit(BPF_JMP | BPF_JEQ | BPF_K, start >> 32, 0, 4);
	load(LOW(instruction_pointer));
	emit(BPF_JMP | BPF_JGE | BPF_K, (unsigned)start, 0, 2);
	emit(BPF_JMP | BPF_JGT | BPF_K, (unsigned)end, 1, 0);
	end_with(SECCOMP_RET_ALLOW);
}

/* `argument` must not have a bit of `not`. */
static void allow_without(long number, unsigned argument, unsigned not)
{
	for_call(number, 4);
	load(argument);
	emit(BPF_JMP | BPF_JSET | BPF_K, not, 1, 0);
	end_with(SECCOMP_RET_ALLOW);
	end_with(SECCOMP_RET_TRAP);
}

static void make_filter(void)
{
	const long through_gate[] = { SYS_read, SYS_write, SYS_setitimer };
	const long anyone[] = { SYS_rt_sigreturn, SYS_exit_group, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_restart_syscall };

	load(FIELD(arch));
	emit(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
	end_with(SECCOMP_RET_KILL_PROCESS);
	load(FIELD(nr));
#ifndef __x86_64__
	/* What changes stacks there masks signals (see stacks.c); a function of the C library is not longer than that. */
	const unsigned long contexts[] = { (unsigned long)swapcontext, (unsigned long)setcontext, (unsigned long)getcontext };

	for_call(SYS_rt_sigprocmask, 3 * 6 + 1);
	for (int i = 0; i < 3; i++)
		allow_between(contexts[i], contexts[i] + 1024);
	end_with(SECCOMP_RET_TRAP);
#endif
	for (unsigned i = 0; i < sizeof(through_gate) / sizeof(through_gate[0]); i++) {
		for_call(through_gate[i], 7);
		allow_between((unsigned long)gate_return, (unsigned long)gate_return);
		end_with(SECCOMP_RET_TRAP);
	}
	for (unsigned i = 0; i < sizeof(anyone) / sizeof(anyone[0]); i++)
		allow(anyone[i]);
	allow_without(SYS_mprotect, LOW(args[2]), PROT_EXEC);
	/* Memory of nobody's: no file, no code. */
	for_call(SYS_mmap, 6);
	load(LOW(args[2]));
	emit(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 3, 0);
	load(LOW(args[3]));
	emit(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1);
	end_with(SECCOMP_RET_ALLOW);
	end_with(SECCOMP_RET_TRAP);
	end_with(SECCOMP_RET_TRAP);
}

static int filter_calls(void)
{
	struct sock_fprog program = { .filter = filter };

	make_filter();
	program.len = length;
	/* Nothing here is to be kept from the driver by slowing its loads down. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0 ||
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
#else
static int filter_calls(void) { return 0; }
#endif

void lock_down(void)
{
	has_landlock = enforce(landlock());
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, 0);
	limit(RLIMIT_NPROC, 0);
	/* So that nothing is asked of the system for them later. */
	free(malloc(1));
	has_seccomp = filter_calls();
}

const char *confinement(void)
{
	static char text[64];

	snprintf(text, sizeof(text), " seccomp %d landlock %d namespaces %d", has_seccomp, has_landlock, has_namespaces);
	return text;
}

int compile_confined(char **arguments)
{
	int ruleset = landlock();

	/* A group of its own, so that all of it can be ended; and it ends with the caller. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	/* At the first one it says what it met, at the second it is killed. */
	setrlimit(RLIMIT_CPU, &(struct rlimit){ 10, 12 });
	limit(RLIMIT_AS, 1UL << 30);
	limit(RLIMIT_FSIZE, 64UL << 20);
	limit(RLIMIT_NOFILE, 256);
	if (*arguments)
		allow_below(ruleset, *arguments++, EVERYTHING);
	allow_below(ruleset, "/dev/null", EVERYTHING);
	for (; *arguments && strcmp(*arguments, "--"); arguments++)
		allow_below(ruleset, *arguments, READS);
	enforce(ruleset);
	if (*arguments && *++arguments)
		execvp(*arguments, arguments);
	perror("the compiler does not start");
	return 127;
}
