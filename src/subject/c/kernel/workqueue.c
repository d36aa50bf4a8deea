/* SPDX-License-Identifier: MIT */
/* Work that is put off: it runs before the next call of the driver, in a context that may sleep. */
#include "hp.h"

enum { WORKS = 16 };
static struct work_struct *queued[WORKS];
static long queue[32];
struct workqueue_struct *system_wq = (void *)queue, *system_percpu_wq = (void *)queue, *system_unbound_wq = (void *)queue, *system_highpri_wq = (void *)queue;

bool queue_work_on(int cpu, struct workqueue_struct *on, struct work_struct *work)
{
	for (int i = 0; i < WORKS; i++)
		if (queued[i] == work)
			return false;
	for (int i = 0; i < WORKS; i++)
		if (!queued[i]) {
			queued[i] = work;
			return true;
		}
	host_unknown("more than 16 works");
}
static bool run_work(struct work_struct *work)
{
	for (int i = 0; i < WORKS; i++)
		if (queued[i] && (!work || queued[i] == work)) {
			struct work_struct *one = queued[i];

			queued[i] = NULL;
			one->func(one);
			return true;
		}
	return false;
}
bool flush_work(struct work_struct *work) { hp_sleeps(HERE, "flush_work"); return run_work(work); }
bool cancel_work_sync(struct work_struct *work)
{
	hp_sleeps(HERE, "cancel_work_sync");
	for (int i = 0; i < WORKS; i++)
		if (queued[i] == work)
			queued[i] = NULL;
	return false;
}
void hp_init_work(struct work_struct *work, int on_stack) NAMED(__init_work);
void hp_init_work(struct work_struct *work, int on_stack) {}
/* What is put off for a time waits, as timers do. */
static struct delayed_work *waiting[WORKS];
static bool forget_delayed(struct delayed_work *work)
{
	for (int i = 0; i < WORKS; i++)
		if (waiting[i] == work) {
			waiting[i] = NULL;
			return true;
		}
	return false;
}
bool mod_delayed_work_on(int cpu, struct workqueue_struct *on, struct delayed_work *work, unsigned long delay)
{
	bool was = forget_delayed(work);

	for (int i = 0; i < WORKS; i++)
		if (!waiting[i]) {
			waiting[i] = work;
			return was;
		}
	host_unknown("more than 16 works");
}
bool queue_delayed_work_on(int cpu, struct workqueue_struct *on, struct delayed_work *work, unsigned long delay) { return !mod_delayed_work_on(cpu, on, work, delay); }
bool cancel_delayed_work(struct delayed_work *work) { return forget_delayed(work); }
bool cancel_delayed_work_sync(struct delayed_work *work) { hp_sleeps(HERE, "cancel_delayed_work_sync"); return forget_delayed(work); }
void delayed_work_timer_fn(struct timer_list *timer) {}
/* Each that is queued now, once: one may queue itself again. */
static void run_works(void)
{
	hp_enter(0, PROCESS);
	bound_to_cpu = true;
	for (int i = 0; i < WORKS; i++)
		if (queued[i])
			run_work(queued[i]);
	hp_leave(NULL);
}
bool irq_work_queue(struct irq_work *work) { return true; }
void irq_work_sync(struct irq_work *work) {}
