/* SPDX-License-Identifier: MIT */
#include "harness.h"

static struct text text;

#define SAY(...) say(&text, __VA_ARGS__)

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
			SAY("%d", event_number(events[i]));
	}
	SAY("]}");
}

static void say_event(int event, int blocked)
{
	const struct perf_event *e = &own[event]->event;
	const struct call *call = &own[event]->call;

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

/* Whether that is told of a piece for the first time. */
static int is_first(unsigned char **told, int *room, int piece)
{
	int first;

	if (piece >= *room) {
		int larger = (piece + 1) * 2;

		*told = need(realloc(*told, larger));
		memset(*told + *room, 0, larger - *room);
		*room = larger;
	}
	first = !(*told)[piece];
	(*told)[piece] = 1;
	return first;
}

/* Told by the numbers of its parts, of which most are those of the pieces before. */
void tell_shared(FILE *out, int piece)
{
	static unsigned char *told;
	static int room;
	int parts[1 + SHIM_MAX_HARTS], count = 0;

	if (!is_first(&told, &room, piece))
		return;
	text.length = 0;
	say_reservation();
	parts[count++] = part(out);
	for (int hart = 0; bookkeeping(0) && hart < machine.harts; hart++) {
		say_slots(hart);
		parts[count++] = part(out);
	}
	fprintf(out, "g %d %d", piece, subject->active_events ? subject->active_events->counter : 0);
	for (int i = 0; i < count; i++)
		fprintf(out, " %d", parts[i]);
	putc('\n', out);
}

static int part_of_event(FILE *out, int event, int blocked)
{
	text.length = 0;
	say_event(event, blocked);
	return part(out);
}

/*
 * Whether who waits for a mutex can go on is a matter of the shared memory too: of the mutex of the reservation, it says who has it;
 * of any other, the event is told with it.
 */
void tell_own(FILE *out, int event, int piece, int shared)
{
	static unsigned char *told;
	static int room;
	const struct call *call = &own[event]->call;
	int waits = call->waiting, is_of_reservation = waits && call->wants == reservation_mutex();
	int number, blocked;

	if (waits && !is_of_reservation) {
		number = part_of_event(out, event, call->wants->owner);
		fprintf(out, "w %d %d %d\n", piece, shared, number);
		return;
	}
	if (!is_first(&told, &room, piece))
		return;
	number = part_of_event(out, event, 0);
	blocked = waits ? part_of_event(out, event, 1) : number;
	fprintf(out, "e %d %d %d\n", piece, number, blocked);
}
