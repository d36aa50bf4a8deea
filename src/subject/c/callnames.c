/* SPDX-License-Identifier: MIT */
/* What a driver that leaves the kernel's C may ask of the system, by name. */
#include "confine.h"
#include <stdio.h>
#include <sys/syscall.h>

#define NAME(call) { SYS_##call, #call }

const char *name_of_call(long number)
{
	static const struct { long number; const char *name; } names[] = {
#ifdef SYS_open
		NAME(open), NAME(creat), NAME(stat), NAME(lstat), NAME(access), NAME(readlink), NAME(unlink), NAME(rename), NAME(mkdir),
		NAME(rmdir), NAME(link), NAME(symlink), NAME(chmod), NAME(chown), NAME(fork), NAME(vfork), NAME(pipe), NAME(dup2),
		NAME(pause), NAME(alarm), NAME(poll), NAME(select), NAME(epoll_wait), NAME(getpgrp), NAME(time), NAME(arch_prctl),
#endif
		NAME(openat), NAME(openat2), NAME(close), NAME(close_range), NAME(read), NAME(write), NAME(readv), NAME(writev), NAME(pread64),
		NAME(pwrite64), NAME(lseek), NAME(sendfile), NAME(splice), NAME(vmsplice), NAME(tee), NAME(dup), NAME(dup3), NAME(fcntl),
		NAME(ioctl), NAME(fstat), NAME(newfstatat), NAME(statx), NAME(faccessat), NAME(readlinkat), NAME(unlinkat), NAME(renameat2),
		NAME(mkdirat), NAME(linkat), NAME(symlinkat), NAME(fchmod), NAME(fchmodat), NAME(fchown), NAME(fchownat), NAME(truncate),
		NAME(ftruncate), NAME(getdents64), NAME(chdir), NAME(getcwd), NAME(mount), NAME(umount2), NAME(chroot), NAME(pivot_root),
		NAME(socket), NAME(socketpair), NAME(connect), NAME(bind), NAME(listen), NAME(accept), NAME(accept4), NAME(sendto),
		NAME(recvfrom), NAME(sendmsg), NAME(recvmsg), NAME(pipe2), NAME(clone), NAME(clone3), NAME(execve), NAME(execveat), NAME(wait4),
		NAME(waitid), NAME(exit), NAME(kill), NAME(tkill), NAME(tgkill), NAME(ptrace), NAME(process_vm_readv),
		NAME(process_vm_writev), NAME(pidfd_open), NAME(pidfd_send_signal), NAME(prctl), NAME(prlimit64), NAME(setrlimit),
		NAME(rt_sigaction), NAME(rt_sigprocmask), NAME(rt_sigsuspend), NAME(rt_sigqueueinfo), NAME(sigaltstack), NAME(setitimer),
		NAME(timer_create), NAME(nanosleep), NAME(clock_nanosleep), NAME(ppoll), NAME(pselect6), NAME(epoll_pwait), NAME(futex),
		NAME(sched_yield), NAME(mmap), NAME(mprotect), NAME(shmget), NAME(memfd_create), NAME(getpid), NAME(getppid), NAME(gettid),
		NAME(getuid), NAME(geteuid), NAME(setuid), NAME(setgid), NAME(setsid), NAME(setpgid), NAME(unshare), NAME(setns), NAME(bpf),
		NAME(perf_event_open), NAME(seccomp), NAME(keyctl), NAME(add_key), NAME(io_uring_setup), NAME(init_module), NAME(reboot),
		NAME(getrandom), NAME(clock_gettime), NAME(gettimeofday), NAME(uname), NAME(sysinfo),
	};
	static char other[32];

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == number)
			return names[i].name;
	snprintf(other, sizeof(other), "system call %ld", number);
	return other;
}
