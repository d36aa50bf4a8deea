/* SPDX-License-Identifier: MIT */
/* What of the kernel a driver holds, and where it took it; and the one call that fails although it need not. */
#include "hp.h"

enum { HOLDINGS = 256 };
static struct holding { const char *what; const void *key, *at; u32 number; } holdings[HOLDINGS];
static u32 taken = 1;
/* Only while the driver is bound, so that what events take has one number, and equal memory is one state. */
static bool numbered;
enum { TAKEN_FOR_EVENTS = 1 };
static u32 next_taken(void) { return numbered ? ++taken : TAKEN_FOR_EVENTS; }
/* Whether what was taken for events is told as well: where there are none. */
static bool without_events;
static bool counts_as_left(u32 number, u32 since) { return number > since || (number == TAKEN_FOR_EVENTS && without_events); }
/* The number of the call that is to fail, counted through those that can; 0: none. */
static int failing, fallible;
/* What fails is not there yet: what `failing` counts through are the calls that may answer so, and from that one on all do. */
static bool deferring;

/* Moments of a probe or a remove at which an interrupt can come: told, counted from 1, where `raising` is -1; else that one it is. */
static long raising, raised_line;
static int moments;
/* The handler runs of the line that was raised so. */
static bool in_line;
static bool may_cut_in(void);
static void cut_in(int irq);
static bool device_raises(void);
static void moment(void)
{
	if (!raising || !may_cut_in())
		return;
	moments++;
	if (raising < 0)
		host_fact(NULL, "\"type\":\"moment\",\"number\":%d,\"raised\":%s", moments, device_raises() ? "true" : "false");
	else if (moments == raising)
		cut_in(raised_line);
}

/* Whether the call that is made now is to fail. */
static bool hp_fails(const char *what, const void *at)
{
	moment();
	if (deferring || !failing || ++fallible != failing)
		return false;
	host_fact(at, "\"type\":\"fails\",\"what\":\"%s\"", what);
	return true;
}
/* Whether what the call that is made now asks for is not there yet: -EPROBE_DEFER. */
static bool hp_defers(const char *what, const void *at)
{
	if (!deferring || ++fallible < failing)
		return false;
	host_fact(at, "\"type\":\"defers\",\"what\":\"%s\"", what);
	return true;
}

static void hp_hold(const char *what, const void *key, const void *at)
{
	for (int i = 0; i < HOLDINGS; i++)
		if (!holdings[i].what) {
			holdings[i] = (struct holding){ what, key, at, next_taken() };
			moment();
			return;
		}
	host_unknown("more than 256 things that a driver holds");
}
static void hp_let_go(const char *what, const void *key)
{
	moment();
	for (int i = 0; i < HOLDINGS; i++)
		if (holdings[i].what && holdings[i].key == key && strcmp(holdings[i].what, what) == 0) {
			holdings[i] = (struct holding){ 0 };
			return;
		}
}

static void memory_left(u32 since);
static bool is_freed(const void *at);
/* Tells what was taken since a number of `taken`, or for events that are gone, and is held still. */
static void tell_left(u32 since)
{
	for (int i = 0; i < HOLDINGS; i++)
		if (holdings[i].what && counts_as_left(holdings[i].number, since))
			host_fact(holdings[i].at, "\"type\":\"left\",\"what\":\"%s\"%s", holdings[i].what, is_freed(holdings[i].key) ? ",\"freed\":true" : "");
	memory_left(since);
}
