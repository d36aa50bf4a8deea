/* SPDX-License-Identifier: MIT */
/*
 * The page through which a user reads a counter without a system call: as the core writes it, with what the driver adds, and
 * what a user on the event's CPU computes from it (linux/perf_event.h, perf_event_mmap_page).
 */
#include "hp.h"

typedef void page_writer(struct perf_event *, struct perf_event_mmap_page *, u64);
static page_writer *writer_of_pages(void) { return host_of_driver("arch_perf_update_userpage"); }

static int index_now(struct perf_event *event)
{
	return event->hw.state & PERF_HES_STOPPED || event->state != PERF_EVENT_STATE_ACTIVE ? 0 : event->pmu->event_idx(event);
}

void perf_event_update_userpage(struct perf_event *event)
{
	struct slot *slot = (const char *)event >= (const char *)slots && (const char *)event < (const char *)slots + slots_used ? (struct slot *)event : NULL;
	struct perf_event_mmap_page page = { 0 };

	if (!slot || !slot->mapped)
		return;
	page.index = index_now(event);
	page.offset = local64_read(&event->count);
	if (page.index)
		page.offset -= local64_read(&event->hw.prev_count);
	writer_of_pages()(event, &page, 0);
	slot->page = (struct user_page){ page.index, page.cap_user_rdpmc, page.pmc_width, page.offset };
}

/* RISC-V's counters are CSRs, the first of which is cycle; scounteren has a bit for each that says whether users may read it. */
enum { FIRST_CSR = 0xc00, USER_CSRS = 32, SCOUNTEREN = 0x106 };
static unsigned long at_csr(u32 number) { return number * 8UL; }
static u32 readable_here(void) { return described_read(CSR, at_csr(SCOUNTEREN), 4); }
static bool is_counter(u32 number) { return number < USER_CSRS && is_register(CSR, at_csr(FIRST_CSR + number), 4); }
static bool has_counters(void)
{
	for (u32 number = 0; number < USER_CSRS; number++)
		if (is_counter(number))
			return true;
	return false;
}
static bool has_access(void) { return is_register(CSR, at_csr(SCOUNTEREN), 4); }

static bool any_mapped(void)
{
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].mapped)
			return true;
	return false;
}

/* The counters that users of each CPU could read before anybody mapped an event. */
static u32 readable_at_first[CPUS];
static bool ever_mapped;
static void keep_readable(void *unused) { readable_at_first[hp_cpu] = readable_here(); }
/* The first CPU whose users still can read a counter although nobody maps an event any more, and its counters, as bits. */
static struct { int cpu; u32 counters; } left;
static void see_left(void *unused)
{
	u32 bits = 0;

	for (u32 number = 0; number < USER_CSRS; number++)
		if (is_counter(number))
			bits |= readable_here() & ~readable_at_first[hp_cpu] & 1U << number;
	if (bits && !left.counters)
		left = (typeof(left)){ hp_cpu, bits };
}
static void see_readable(void)
{
	left.counters = 0;
	if (ever_mapped && has_access() && !any_mapped())
		on_harts(see_left, NULL);
	if (left.counters)
		host_view("\"readable\":{\"cpu\":%d,\"counters\":%u},", left.cpu, left.counters);
	left = (typeof(left)){ 0 };
}

/* The memory of a process that has a thread on each CPU. */
static struct mm_struct *process_memory(void)
{
	static union { struct mm_struct memory; char room[sizeof(struct mm_struct) + sizeof(struct cpumask)]; } process;

	*mm_cpumask(&process.memory) = __cpu_possible_mask;
	return &process.memory;
}

/*
 * A thread of the process maps an event, or unmaps it: not the one that runs on the event's CPU. The administrator lets users do
 * that (kernel.perf_user_access).
 */
static bool map_event(long n, long maps)
{
	struct slot *slot = slot_of(n);
	void (*called)(struct perf_event *, struct mm_struct *);

	if (!slot || slot->phase == CLOSED || slot->mapped == maps || !is_ours(slot) || !writer_of_pages())
		return false;
	if (!ever_mapped && has_access())
		on_harts(keep_readable, NULL);
	allow_user_access();
	ever_mapped = slot->mapped = true;
	called = maps ? hp_pmu->event_mapped : hp_pmu->event_unmapped;
	if (maps)
		perf_event_update_userpage(&slot->event);
	if (called) {
		hp_enter(any_but(cpu_of(&slot->event)), PROCESS);
		called(&slot->event, process_memory());
		hp_leave(called);
	}
	slot->mapped = maps;
	if (!maps)
		slot->page = (struct user_page){ 0 };
	return true;
}

/* What a user computes on the event's CPU, as tools/lib/perf/mmap.c does. */
static u64 computed(const struct user_page *page)
{
	u64 value = described_read(CSR, at_csr(FIRST_CSR + page->index - 1), 8);
	int unused = 64 - page->width;

	return page->offset + (u64)((s64)(value << unused) >> unused);
}
static void see_page(const struct slot *slot)
{
	const struct user_page *page = &slot->page;
	int here = hp_cpu;

	host_view(",\"page\":{\"index\":%d,\"reads\":%s", page->index, page->index && page->may_read ? "true" : "false");
	hp_cpu = cpu_of(&slot->event);
	if (page->index && page->may_read && has_counters()) {
		u32 number = page->index - 1;

		if (!is_counter(number) || page->width < 1 || page->width > 64)
			host_view(",\"nothing\":true");
		else
			host_view(",\"says\":\"%llx\"", computed(page));
		if (is_counter(number) && has_access() && !(readable_here() >> number & 1))
			host_view(",\"denied\":true");
	}
	hp_cpu = here;
	host_view("}");
}
