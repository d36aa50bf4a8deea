/* SPDX-License-Identifier: MIT */
/* Timers that are armed and do not run out by themselves; and time, which goes on with every look at it. */
#include "hp.h"
#include <linux/sched_clock.h>

enum { TIMERS = 16 };
static struct hrtimer *armed[TIMERS];

void hp_hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode) NAMED(hrtimer_init);
void hp_hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode) { memset(timer, 0, sizeof(*timer)); }
void hp_hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *), clockid_t clock, enum hrtimer_mode mode) NAMED(hrtimer_setup);
void hp_hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *), clockid_t clock, enum hrtimer_mode mode)
{
	memset(timer, 0, sizeof(*timer));
	*(enum hrtimer_restart (**)(struct hrtimer *))&timer->function = function;
}
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t time, u64 slack, const enum hrtimer_mode mode)
{
	for (int i = 0; i < TIMERS; i++)
		if (armed[i] == timer)
			return;
	for (int i = 0; i < TIMERS; i++)
		if (!armed[i]) {
			armed[i] = timer;
			timer->state = HRTIMER_STATE_ENQUEUED;
			hp_hold("a timer that runs", timer, HERE);
			return;
		}
	host_unknown("more than 16 timers");
}
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	for (int i = 0; i < TIMERS; i++)
		if (armed[i] == timer) {
			armed[i] = NULL;
			hp_let_go("a timer that runs", timer);
			timer->state = 0;
			return 1;
		}
	return 0;
}
int hrtimer_cancel(struct hrtimer *timer) { return hrtimer_try_to_cancel(timer); }
bool hrtimer_active(const struct hrtimer *timer) { return timer->state != 0; }
u64 hrtimer_forward(struct hrtimer *timer, ktime_t from, ktime_t interval) { return 1; }

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
