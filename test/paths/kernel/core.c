/* SPDX-License-Identifier: MIT */
/*
 * A perf core and a driver of two counters for programs of user space, in place of the system calls: time is its own, and the
 * task is switched out now and then. FAULT names what the driver does wrong; nothing, if it is not there. It is included
 * at the end of a program, whose main is called `gone`, after its calls were given other names.
 */
#include <stdarg.h>

#define MOST 16
static struct {
	int open, pinned, enabled, error, running, kind;
	uint64_t count, previous, enabled_for, ran_for;
	/* The core adds the event first that was opened first. */
	int order;
} events[MOST];
static int opens;
static uint64_t now = 1000000, rotated;
static int hart;
static const char *fault;

static int has(const char *name)
{
	return fault && strstr(fault, name);
}

/* Harts have unrelated counters. */
static uint64_t counter(int kind)
{
	return (now + hart * 7777777777ULL) * (kind == 0 ? 3 : 2);
}

static void update(int e)
{
	events[e].count += counter(events[e].kind) - events[e].previous;
	events[e].previous = counter(events[e].kind);
}

static void del(int e)
{
	if (!events[e].running)
		return;
	update(e);
	events[e].running = 0;
}

static int add(int e)
{
	for (int other = 0; other < MOST && !has("slots"); other++)
		if (other != e && events[other].running && events[other].kind == events[e].kind)
			return -1;
	if (!has("stale") || events[e].previous == 0)
		events[e].previous = counter(events[e].kind);
	events[e].running = 1;
	return 0;
}

static void schedule(int from)
{
	for (int e = 0; e < MOST; e++)
		del(e);
	for (int pinned = 1; pinned >= 0; pinned--)
		for (int turn = 0; turn < MOST * MOST; turn++) {
			int e = turn % MOST;

			if (events[e].order == (from + turn / MOST) % MOST && events[e].open && events[e].enabled && !events[e].error && events[e].pinned == pinned && add(e) < 0)
				events[e].error = pinned;
		}
}

static void passes(uint64_t time)
{
	now += time;
	for (int e = 0; e < MOST; e++) {
		events[e].enabled_for += events[e].enabled ? time : 0;
		events[e].ran_for += events[e].running ? time : 0;
	}
}

/* Under load: the task is taken off the hart for up to 20 ms, and what is not pinned is rotated every 4 ms. */
static void live(void)
{
	passes(rand() % 3000);
	if (rand() % 500 == 0) {
		for (int e = 0; e < MOST; e++)
			del(e);
		now += rand() % 20000000;
		schedule(0);
	}
	if (now - rotated > 4000000) {
		rotated = now;
		schedule(rand() % MOST);
	}
}

long fake_syscall(long number, struct perf_event_attr *attr, ...)
{
	int e = 0;

	(void)number;
	live();
	if (getenv("REFUSED")) {
		errno = atoi(getenv("REFUSED"));
		return -1;
	}
	/* Another PMU takes these, or says what it likes. */
	errno = attr->type == PERF_TYPE_TRACEPOINT ? EINVAL : 0;
	if (attr->type == PERF_TYPE_RAW || attr->type == PERF_TYPE_HW_CACHE || (attr->type == PERF_TYPE_HARDWARE && attr->config > 1))
		errno = EOPNOTSUPP;
	if (attr->type == PERF_TYPE_HARDWARE && attr->config >= PERF_COUNT_HW_MAX)
		errno = EINVAL;
	if (attr->type > PERF_TYPE_MAX)
		errno = ENOENT;
	if (attr->sample_period && !has("samples"))
		errno = EOPNOTSUPP;
	if ((attr->exclude_kernel || attr->exclude_idle) && !has("filters"))
		errno = EINVAL;
	if (errno)
		return -1;
	while (events[e].open)
		e++;
	memset(&events[e], 0, sizeof(events[e]));
	events[e].open = 1;
	events[e].order = opens++ % MOST;
	events[e].pinned = attr->pinned;
	events[e].kind = attr->type == PERF_TYPE_HARDWARE ? (int)attr->config : 2 + e;
	return 100 + e;
}

int fake_ioctl(int fd, unsigned long request, int unused)
{
	(void)unused;
	live();
	del(fd - 100);
	events[fd - 100].enabled = request == PERF_EVENT_IOC_ENABLE;
	events[fd - 100].error = 0;
	schedule(0);
	return 0;
}

ssize_t fake_read(int fd, void *to, size_t size)
{
	int e = fd - 100;
	uint64_t values[3];

	live();
	if (events[e].error)
		return 0;
	if (events[e].running)
		update(e);
	values[0] = events[e].count;
	values[1] = events[e].enabled_for;
	values[2] = events[e].ran_for;
	memcpy(to, values, size);
	return size;
}

int fake_close(int fd)
{
	live();
	del(fd - 100);
	events[fd - 100].open = 0;
	schedule(0);
	return 0;
}

int fake_sched_setaffinity(int pid, size_t size, cpu_set_t *set)
{
	(void)pid, (void)size;
	for (int e = 0; e < MOST; e++)
		del(e);
	hart = CPU_ISSET(1, set) ? 1 : 0;
	schedule(0);
	return 0;
}

int fake_clock_gettime(int clock, struct timespec *to)
{
	(void)clock;
	live();
	passes(rand() % 20000);
	to->tv_sec = now / 1000000000;
	to->tv_nsec = now % 1000000000;
	return 0;
}

#undef main
int main(int count, char **args)
{
	srand(count > 1 ? atoi(args[1]) : 1);
	fault = getenv("FAULT");
	return gone();
}
