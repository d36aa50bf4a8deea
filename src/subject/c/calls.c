/* SPDX-License-Identifier: MIT */
/* Calls of the driver: opens and closes as coroutines that others can come between, all else in one piece. */
#include "harness.h"

const char *const CALLBACKS[] = { "", "event_init", "destroy", "add", "del", "start", "stop", "read" };
const char *const OWNERS[] = { "nobody", "driver", "foreign" };

/* The stack of the scheduler, while a call is on its own. */
static void *scheduler;

static void foreign_handler(void *unused)
{
	(void)unused;
}

enum pmc_owner pmc_owner(void)
{
	void *handler;

	if (subject->perf_irq == NULL)
		return world->foreign_holds ? FOREIGN : world->lines ? DRIVER : NOBODY;
	handler = *subject->perf_irq;
	return handler == NULL ? NOBODY : handler == (void *)foreign_handler ? FOREIGN : DRIVER;
}

static void on_hart(int hart)
{
	shim_hart = hart;
	shim_percpu_offset = shim_offset_of(hart);
}

void shim_go_to(int hart)
{
	on_hart(hart);
	if (now.in_coroutine)
		own[now.running]->call.hart = hart;
}

void point(void)
{
	int event = now.running;

	if (!now.in_coroutine || now.spinlocks)
		return;
	switch_stacks(&own[event]->call.left, scheduler);
	/* The scheduler has set `running` again. */
}

static void destroy(struct perf_event *event)
{
	if (event->destroy)
		event->destroy(event);
	else if (machine.any_order && subject->destroy)
		subject->destroy(event);
}

static void body(void)
{
	struct call *call = &own[now.running]->call;
	struct perf_event *event = &own[now.running]->event;

	if (call->callback == EVENT_INIT)
		call->answer = subject_pmu->event_init(event);
	else
		destroy(event);
	observe_pending();
	call->returned = 1;
	now.in_coroutine = 0;
	switch_stacks(&call->left, scheduler);
}

static void resume(int event)
{
	now.running = event;
	now.in_coroutine = 1;
	on_hart(own[event]->call.hart);
	switch_stacks(&scheduler, own[event]->call.left);
	now.in_coroutine = 0;
	now.running = -1;
}

static struct call *begin(int event, enum callback callback, int hart)
{
	struct call *call = &own[event]->call;

	if (call->callback != NO_CALL)
		return NULL;
	call->callback = callback;
	call->hart = hart;
	return call;
}

/* Code that has returned leaves nothing on its stack: see capture_own. */
static void leave_stack(int event)
{
	struct call *call = &own[event]->call;

	if (call->returned)
		call->left = NULL;
}

static void launch(int event)
{
	struct call *call = &own[event]->call;

	call->left = ready_stack(own[event]->stack, STACK_BYTES, body);
	resume(event);
	leave_stack(event);
}

int call_open(int event, int type, u64 config, int special, int attribute, int fits)
{
	struct perf_event *e = &own[event]->event;
	struct call *call = begin(event, EVENT_INIT, 0);

	if (call == NULL)
		return 0;
	call->attribute = attribute;
	call->unfit = !fits;
	e->attr.type = type;
	e->attr.config = config;
	e->attr.sample_period = e->hw.sample_period = special & 1 ? 100000 : 0;
	e->attr.exclude_kernel = (special & 2) != 0;
	e->attr.exclude_idle = (special & 4) != 0;
	e->pmu = subject_pmu;
	e->group_leader = event < machine.group ? &own[0]->event : e;
	if (e->sibling_list.next == NULL)
		e->sibling_list.next = e->sibling_list.prev = &e->sibling_list;
	launch(event);
	return 1;
}

/* The core links a sibling to its leader once it is open, and unlinks it before it is destroyed. */
static void join_group(struct perf_event *event)
{
	struct list_head *head = &event->group_leader->sibling_list, *entry = &event->sibling_list;

	if (!subject->siblings || event->group_leader == event || head->prev == NULL)
		return;
	entry->prev = head->prev;
	entry->next = head;
	head->prev->next = entry;
	head->prev = entry;
}

static void leave_group(struct perf_event *event)
{
	struct list_head *entry = &event->sibling_list;

	if (!subject->siblings || event->group_leader == event || entry->next == NULL)
		return;
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	entry->next = entry->prev = entry;
}

int call_destroy(int event)
{
	if (begin(event, DESTROY, 0) == NULL)
		return 0;
	leave_group(&own[event]->event);
	launch(event);
	return 1;
}

int goes_on(int event)
{
	const struct call *call = &own[event]->call;

	return (call->callback == EVENT_INIT || call->callback == DESTROY) && (call->returned || !call->waiting || !call->wants->owner);
}

int call_step(int event)
{
	struct call *call = &own[event]->call;

	if (!goes_on(event))
		return 0;
	if (call->returned) {
		now.running = event;
		if (call->callback == EVENT_INIT)
			fact(subject_pmu->event_init, "{\"type\":\"event_init.return\",\"event\":%d,\"answer\":%s,\"destroySet\":%s}", event,
			     answer_name(call->answer), own[event]->event.destroy ? "true" : "false");
		else
			fact(subject->destroy, "{\"type\":\"destroy.return\",\"event\":%d}", event);
		now.running = -1;
		if (call->callback == EVENT_INIT && call->answer == 0)
			join_group(&own[event]->event);
		memset(call, 0, sizeof(*call));
		return 1;
	}
	resume(event);
	leave_stack(event);
	return 1;
}

int call_run(int event, enum callback callback, int hart, int flags)
{
	struct perf_event *e = &own[event]->event;
	struct call *call = begin(event, callback, hart);
	const void *at = NULL;

	if (call == NULL)
		return 0;
	call->flags = flags;
	now.running = event;
	on_hart(hart);
	switch (callback) {
	case ADD:
		call->answer = subject_pmu->add(e, flags);
		at = subject_pmu->add;
		break;
	case DEL:
		subject_pmu->del(e, flags);
		at = subject_pmu->del;
		break;
	case START:
		subject_pmu->start(e, flags);
		at = subject_pmu->start;
		break;
	case STOP:
		subject_pmu->stop(e, flags);
		at = subject_pmu->stop;
		break;
	default:
		subject_pmu->read(e);
		at = subject_pmu->read;
	}
	observe_pending();
	if (callback == ADD && call->answer == 0 && machine.gives_out && call->touched)
		fact(at, "{\"type\":\"used_mask.set\",\"event\":%d,\"hart\":%d,\"idx\":%d}", event, hart, call->touched - 1);
	if (callback == ADD)
		fact(at, "{\"type\":\"add.return\",\"event\":%d,\"hart\":%d,\"answer\":%s}", event, hart, answer_name(call->answer));
	else
		fact(at, "{\"type\":\"%s.return\",\"event\":%d,\"hart\":%d}", CALLBACKS[callback], event, hart);
	/* An int of the machine is as wide as it says, also where the driver counts by itself. */
	if (bookkeeping(hart) && subject->n_events >= 0) {
		int *n_events = (int *)(bookkeeping(hart) + subject->n_events);

		*n_events = wrap_int(*n_events);
	}
	now.running = -1;
	memset(call, 0, sizeof(*call));
	return 1;
}

int call_free(int event)
{
	if (own[event]->call.callback != NO_CALL)
		return 0;
	memset(&own[event]->event, 0, sizeof(own[event]->event));
	return 1;
}

/* The politest foreign owner that there can be: it comes and goes under the mutex, and takes only what is free. */
int call_foreign(int take)
{
	const struct mutex *mutex = reservation_mutex();

	if (mutex && mutex->owner)
		return 0;
	if (world->foreign_holds == take || (take && pmc_owner() != NOBODY))
		return 0;
	if (subject->perf_irq)
		*subject->perf_irq = take ? (void *)foreign_handler : NULL;
	world->foreign_holds = take;
	return 1;
}
