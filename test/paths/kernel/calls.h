/* SPDX-License-Identifier: MIT */
/* Before a program that is to run on core.c: the calls get other names, and so does main. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <stdio.h>
#undef _GNU_SOURCE

long fake_syscall(long number, struct perf_event_attr *attr, ...);
int fake_ioctl(int fd, unsigned long request, int unused);
ssize_t fake_read(int fd, void *to, size_t size);
int fake_close(int fd);
int fake_sched_setaffinity(int pid, size_t size, cpu_set_t *set);
int fake_clock_gettime(int clock, struct timespec *to);

#define syscall fake_syscall
#define ioctl fake_ioctl
#define read fake_read
#define close fake_close
#define sched_setaffinity fake_sched_setaffinity
#define clock_gettime fake_clock_gettime
#define main gone
