/* SPDX-License-Identifier: MIT */
#include "harness.h"

static struct text text;

#define SAY(...) say(&text, __VA_ARGS__)

static int number_of(const struct perf_event *event)
{
	return event >= world->events && event < world->events + machine.events ? (int)(event - world->events) : -1;
}

static void say_reservation(void)
{
	const struct mutex *mutex = reservation_mutex();

	SAY("{\"owner\":");
	if (mutex && mutex->owner)
		SAY("%d", mutex->owner - 1);
	else
		SAY("null");
	SAY(",\"waiters\":[");
	for (int i = 0; mutex && i < SHIM_MAX_EVENTS && mutex->waiters[i]; i++)
		SAY("%s%d", i ? "," : "", mutex->waiters[i] - 1);
	SAY("],\"perfIrq\":\"%s\",\"foreignHolds\":%s}", OWNERS[pmc_owner()], world->foreign_holds ? "true" : "false");
}

static int slot_count(void)
{
	return subject->events >= 0 ? subject->max_counters : 0;
}

static void say_slots(int hart)
{
	char *at = bookkeeping(hart);
	struct perf_event **events = (struct perf_event **)(at + subject->events);

	SAY("{\"nEvents\":%d,\"events\":[", subject->n_events < 0 ? -1 : wrap_int(*(int *)(at + subject->n_events)));
	for (int i = 0; i < slot_count(); i++) {
		SAY("%s", i ? "," : "");
		if (events[i] == NULL)
			SAY("null");
		else
			SAY("%d", number_of(events[i]));
	}
	SAY("]}");
}

static void say_event(int event)
{
	const struct perf_event *e = &world->events[event];
	const struct call *call = &world->calls[event];
	int blocked = call->waiting && call->wants->owner;

	SAY("{\"hwState\":%d,\"idx\":%d,\"config\":%s,\"destroySet\":%s,\"prevCount\":%s", e->hw.state, e->hw.idx,
	    word(e->hw.config, 64), e->destroy ? "true" : "false", word(e->hw.prev_count.value >> below(), machine.word_bits));
	SAY(",\"callback\":\"%s\",\"at\":\"%s\"", CALLBACKS[call->callback],
	    call->callback == NO_CALL ? "idle" : call->returned ? "out" : blocked ? "blocked" : "point");
	SAY(",\"attribute\":%d,\"fits\":%s,\"flags\":%d,\"answer\":%s,\"held\":%d,\"oldOwner\":\"%s\",\"foreignHeld\":%s,\"displaced\":%s}",
	    call->callback == EVENT_INIT ? call->attribute : -1, call->unfit ? "false" : "true", call->flags,
	    answer_name(call->answer), call->held, OWNERS[call->old_owner], call->foreign_held ? "true" : "false", call->displaced ? "true" : "false");
}

/* The number of the part that `text` has; its JSON is printed when it is new. */
static int part(FILE *out)
{
	int number = intern(out, 'p', text.at);

	text.length = 0;
	return number;
}

/* A view is told by the numbers of its parts, of which most are those of the views before. */
static void tell_view(FILE *out)
{
	int parts[1 + SHIM_MAX_EVENTS + SHIM_MAX_HARTS], count = 0;

	text.length = 0;
	say_reservation();
	parts[count++] = part(out);
	for (int event = 0; event < machine.events; event++) {
		say_event(event);
		parts[count++] = part(out);
	}
	for (int hart = 0; bookkeeping(0) && hart < machine.harts; hart++) {
		say_slots(hart);
		parts[count++] = part(out);
	}
	fprintf(out, "v %d", subject->active_events ? subject->active_events->counter : 0);
	for (int i = 0; i < count; i++)
		fprintf(out, " %d", parts[i]);
	putc('\n', out);
}

/* How many numbers look() gives at the most. */
static int most(void)
{
	return 3 + SHIM_MAX_EVENTS * 7 + SHIM_MAX_HARTS * (1 + slot_count());
}

/* The same as say_view says, in numbers: a view that was sent before is found without sending it again. */
static int look(u64 *seen)
{
	const struct mutex *mutex = reservation_mutex();
	int count = 0;

	seen[count++] = subject->active_events ? subject->active_events->counter : 0;
	seen[count++] = pmc_owner() | world->foreign_holds << 8;
	seen[count++] = mutex ? mutex->owner : 0;
	for (int i = 0; i < SHIM_MAX_EVENTS; i++)
		seen[count++] = mutex ? mutex->waiters[i] : 0;
	for (int hart = 0; bookkeeping(0) && hart < machine.harts; hart++) {
		char *at = bookkeeping(hart);
		struct perf_event **events = (struct perf_event **)(at + subject->events);

		seen[count++] = subject->n_events < 0 ? 0 : *(int *)(at + subject->n_events);
		for (int i = 0; i < slot_count(); i++)
			seen[count++] = events[i] == NULL ? 0 : (u64)(number_of(events[i]) + 2);
	}
	for (int event = 0; event < machine.events; event++) {
		const struct perf_event *e = &world->events[event];
		const struct call *call = &world->calls[event];

		seen[count++] = (u64)(u32)e->hw.state << 32 | (u32)e->hw.idx;
		seen[count++] = e->hw.config;
		seen[count++] = e->hw.prev_count.value;
		seen[count++] = (e->destroy != NULL) | call->callback << 1 | call->attribute << 8 | (u64)call->flags << 32;
		seen[count++] = call->returned | (call->waiting && call->wants->owner) << 1 | call->unfit << 2 | call->displaced << 3 |
				call->old_owner << 4 | call->foreign_held << 6 | (u64)(u32)call->held << 32;
		seen[count++] = call->answer;
	}
	return count;
}

/* The number of what can be observed in this state; it is told when it is new. */
int view(FILE *out)
{
	static struct rows views;
	static u64 *seen;
	unsigned known = views.count;
	int number;

	if (seen == NULL)
		seen = need(malloc(most() * sizeof(*seen)));
	number = number_of_row(&views, seen, look(seen));
	if (views.count > known)
		tell_view(out);
	return number;
}
