/* SPDX-License-Identifier: MIT */
/* Timers that are armed, each on its CPU, and run out when the search says so; and time, which goes on with every look at it. */
#include "hp.h"
#include <linux/sched_clock.h>

enum { TIMERS = 16 };
static struct armed { struct hrtimer *timer; int cpu; } armed[TIMERS];
/* The one whose function runs, and which of two calls that is. */
static struct { struct hrtimer *timer; enum thread by; } expired;

static struct armed *armed_of(const struct hrtimer *timer)
{
	for (int i = 0; i < TIMERS; i++)
		if (armed[i].timer == timer)
			return &armed[i];
	return NULL;
}
#if !SINCE(6, 18)
/* A timer asks its clock for the time. */
static struct hrtimer_clock_base clock_base = { .get_time = ktime_get };
#endif
static void make_timer(struct hrtimer *timer)
{
	memset(timer, 0, sizeof(*timer));
#if !SINCE(6, 18)
	timer->base = &clock_base;
#endif
}
void hp_hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode) NAMED(hrtimer_init);
void hp_hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode) { make_timer(timer); }
void hp_hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *), clockid_t clock, enum hrtimer_mode mode) NAMED(hrtimer_setup);
void hp_hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *), clockid_t clock, enum hrtimer_mode mode)
{
	make_timer(timer);
	*(enum hrtimer_restart (**)(struct hrtimer *))&timer->function = function;
}
ktime_t hp_timer_time(const struct hrtimer *timer) NAMED(hrtimer_cb_get_time);
ktime_t hp_timer_time(const struct hrtimer *timer) { return ktime_get(); }
static void arm(struct hrtimer *timer, const void *at)
{
	struct armed *one = armed_of(timer);

	if (!one) {
		one = armed_of(NULL);
		if (!one)
			host_unknown("more than 16 timers");
		hp_hold("a timer that runs", timer, at);
	}
	*one = (struct armed){ timer, hp_cpu };
	timer->state = HRTIMER_STATE_ENQUEUED;
}
static void disarm(struct armed *one)
{
	hp_let_go("a timer that runs", one->timer);
	one->timer->state = 0;
	*one = (struct armed){ 0 };
}
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t time, u64 slack, const enum hrtimer_mode mode) { arm(timer, HERE); }
/* 1: it was armed; 0: it was not; -1: its function runs. */
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	struct armed *one = armed_of(timer);

	if (timer == expired.timer)
		return -1;
	if (!one)
		return 0;
	disarm(one);
	return 1;
}
/* It waits for the function, which may wait in turn for a lock of whoever cancels. */
int hrtimer_cancel(struct hrtimer *timer)
{
	waits_for_second();
	if (timer == expired.timer && expired.by == running) {
		host_fact(HERE, "\"type\":\"waits for timer\"");
		host_crash("deadlock: the function of a timer waits for itself in hrtimer_cancel");
	}
	if (timer == expired.timer && !first_ended)
		go_on();
	if (timer == expired.timer) {
		const struct lock *lock = wanted ? lock_at(wanted) : NULL;

		host_fact(HERE, "\"type\":\"waits for timer\",\"other\":\"%lx\"", host_offset(lock ? lock->at : NULL));
		host_crash("deadlock: hrtimer_cancel waits for the function of a timer, which waits for a lock");
	}
	return hrtimer_try_to_cancel(timer);
}
bool hrtimer_active(const struct hrtimer *timer) { return armed_of(timer) || timer == expired.timer; }
u64 hrtimer_forward(struct hrtimer *timer, ktime_t from, ktime_t interval) { return 1; }

/* A timer runs out on its CPU, with interrupts off there. */
static void runs_out(struct armed one)
{
	const void *function = one.timer->function;
	enum hrtimer_restart restart;

	hp_enter(one.cpu, INTERRUPT);
	disarm(armed_of(one.timer));
	expired.timer = one.timer;
	expired.by = running;
	restart = one.timer->function(one.timer);
	expired.timer = NULL;
	if (restart == HRTIMER_RESTART && !armed_of(one.timer))
		arm(one.timer, function);
	host_fact((const char *)function + 1, "\"type\":\"timer\",\"hart\":%d,\"restarts\":%s", one.cpu, restart == HRTIMER_RESTART ? "true" : "false");
	hp_leave(function);
}
/* One of them does; or, where `number` is -1, all do. */
static bool expire(long number)
{
	struct armed all[TIMERS];

	if (number >= TIMERS || (number >= 0 && !armed[number].timer))
		return false;
	memcpy(all, armed, sizeof(all));
	for (int i = 0; i < TIMERS; i++)
		if (all[i].timer && (number < 0 || i == number) && armed_of(all[i].timer))
			runs_out(all[i]);
	return true;
}
/* A CPU goes: its timers go to another one. */
static void timers_leave(int cpu)
{
	for (int i = 0; i < TIMERS; i++)
		if (armed[i].timer && armed[i].cpu == cpu)
			armed[i].cpu = cpumask_first(&__cpu_online_mask);
}
static bool any_armed(void)
{
	for (int i = 0; i < TIMERS; i++)
		if (armed[i].timer)
			return true;
	return false;
}
/* Those that are armed: the number and the CPU of each. */
static void see_timers(void)
{
	const char *between = "";

	host_view("\"timers\":[");
	for (int i = 0; i < TIMERS; i++)
		if (armed[i].timer) {
			host_view("%s[%d,%d]", between, i, armed[i].cpu);
			between = ",";
		}
	host_view("],");
}

static struct timer_list *old_timers[TIMERS];
void hp_init_timer(struct timer_list *timer, void (*function)(struct timer_list *), unsigned int flags, const char *name, struct lock_class_key *key) NAMED(init_timer_key);
void hp_init_timer(struct timer_list *timer, void (*function)(struct timer_list *), unsigned int flags, const char *name, struct lock_class_key *key)
{
	memset(timer, 0, sizeof(*timer));
	timer->function = function;
}
int mod_timer(struct timer_list *timer, unsigned long expires)
{
	for (int i = 0; i < TIMERS; i++)
		if (old_timers[i] == timer)
			return 1;
	for (int i = 0; i < TIMERS; i++)
		if (!old_timers[i]) {
			old_timers[i] = timer;
			hp_hold("a timer that runs", timer, HERE);
			return 0;
		}
	host_unknown("more than 16 timers");
}
void add_timer(struct timer_list *timer) { mod_timer(timer, 0); }
static int forget_timer(struct timer_list *timer)
{
	for (int i = 0; i < TIMERS; i++)
		if (old_timers[i] == timer) {
			old_timers[i] = NULL;
			hp_let_go("a timer that runs", timer);
			return 1;
		}
	return 0;
}
/* Since 6.2 they are called otherwise, and the old names are in a header. */
#define ENDS(name) int hp_##name(struct timer_list *timer) NAMED(name); int hp_##name(struct timer_list *timer) { return forget_timer(timer); }
ENDS(timer_delete)
ENDS(timer_delete_sync)
ENDS(timer_shutdown_sync)
ENDS(del_timer)
ENDS(del_timer_sync)

ktime_t ktime_get(void) { return now += 1000; }
u64 sched_clock(void) { return now += 1000; }
u64 local_clock(void) { return now += 1000; }
void ktime_get_ts64(struct timespec64 *time) { *time = (struct timespec64){ 0 }; }
#undef udelay
#undef ndelay
void udelay(unsigned long microseconds) { now += microseconds * 1000; }
void ndelay(unsigned long nanoseconds) { now += nanoseconds; }
void __udelay(unsigned long microseconds) { now += microseconds * 1000; }
void __const_udelay(unsigned long loops) { now += 1000; }
void __delay(unsigned long loops) { now += loops; }
void hp_usleep(unsigned long least, unsigned long most, unsigned int state) NAMED(usleep_range_state);
void hp_usleep(unsigned long least, unsigned long most, unsigned int state) { hp_sleeps(HERE, "usleep_range"); now += least * 1000; }
void msleep(unsigned int milliseconds) { hp_sleeps(HERE, "msleep"); now += milliseconds * 1000000ULL; }
unsigned long volatile jiffies;
struct clock_read_data *sched_clock_read_begin(unsigned int *sequence)
{
	static struct clock_read_data data;

	*sequence = 0;
	return &data;
}
int sched_clock_read_retry(unsigned int sequence) { return 0; }
