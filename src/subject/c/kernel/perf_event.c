/* SPDX-License-Identifier: MIT */
/*
 * The perf core, as far as a driver meets it: registration, and the calls in the order and with the fields that the core's own
 * code would make them with. The contract is in docs/ground.md.
 */
#include "hp.h"

enum { PMUS = 16, FIRST_TYPE = 17 };
static struct pmu *pmus[PMUS];
static char pmu_names[PMUS][64];
static struct device pmu_devices[PMUS];
static int pmu_count, next_type;
struct pmu *hp_pmu;

static void no_callback(struct pmu *pmu) {}
static void no_transaction(struct pmu *pmu, unsigned int flags) {}
static int no_commit(struct pmu *pmu) { return 0; }
static void start_transaction(struct pmu *pmu, unsigned int flags)
{
	if (flags == PERF_PMU_TXN_ADD)
		pmu->pmu_disable(pmu);
}
static int commit_transaction(struct pmu *pmu) { pmu->pmu_enable(pmu); return 0; }
static void cancel_transaction(struct pmu *pmu) { pmu->pmu_enable(pmu); }
static int index_of_event(struct perf_event *event) { return 0; }

int perf_pmu_register(struct pmu *pmu, const char *name, int type)
{
	struct device *device = pmu_devices;

	hp_sleeps(HERE, "perf_pmu_register");
	if (hp_fails("perf_pmu_register", HERE))
		return -ENOMEM;
	if (pmu_count == PMUS)
		host_unknown("more than 16 PMUs");
	for (int i = 0; i < pmu_count; i++)
		if (pmus[i] == pmu)
			host_fact(HERE, "\"type\":\"one PMU\"");
	while (dev_get_drvdata(device))
		device++;
	hp_hold("a PMU", pmu, HERE);
	scnprintf(pmu_names[device - pmu_devices], sizeof(pmu_names[0]), "%s", name ? name : "");
	pmu->name = name ? pmu_names[device - pmu_devices] : NULL;
	pmu->type = type >= 0 ? type : FIRST_TYPE + next_type++;
#if SINCE(6, 7)
	device->parent = pmu->parent;
#endif
	dev_set_drvdata(device, pmu);
	pmu->dev = device;
	if (!pmu->start_txn) {
		pmu->start_txn = pmu->pmu_enable ? start_transaction : no_transaction;
		pmu->commit_txn = pmu->pmu_enable ? commit_transaction : no_commit;
		pmu->cancel_txn = pmu->pmu_enable ? cancel_transaction : no_callback;
	}
	if (!pmu->pmu_enable) {
		pmu->pmu_enable = no_callback;
		pmu->pmu_disable = no_callback;
	}
	if (!pmu->event_idx)
		pmu->event_idx = index_of_event;
	pmus[pmu_count++] = pmu;
	if (!hp_pmu)
		hp_pmu = pmu;
	host_fact(HERE, "\"type\":\"register\",\"name\":\"%s\",\"number\":%d,\"pmu\":%d", name ? name : "", pmu->type, pmu_count - 1);
	return 0;
}
void hp_pmu_unregister(struct pmu *pmu) NAMED(perf_pmu_unregister);
static bool has_events(const struct pmu *pmu);
void hp_pmu_unregister(struct pmu *pmu)
{
	hp_sleeps(HERE, "perf_pmu_unregister");
	waits_for_second();
#if !SINCE(6, 16)
	if (has_events(pmu))
		host_fact(HERE, "\"type\":\"in use\"");
#endif
	hp_let_go("a PMU", pmu);
	for (int i = 0; i < pmu_count; i++)
		if (pmus[i] == pmu) {
			memset(pmu->dev, 0, sizeof(*pmu->dev));
			memmove(&pmus[i], &pmus[i + 1], (--pmu_count - i) * sizeof(*pmus));
			break;
		}
	if (hp_pmu == pmu)
		hp_pmu = pmu_count ? pmus[0] : NULL;
}

/* Events lie side by side, so that a pointer into one says which. `phase` is the core's knowledge of it. */
enum phase { CLOSED, OPEN, ACTIVE, STOPPED };
/* What the page says through which a user reads an event's counter. */
struct user_page { u32 index; bool may_read; int width; u64 offset; };
struct slot {
	struct perf_event event;
	enum phase phase;
	int kind, leader;
	/* How many ticks it should have counted, and whether it was ever stopped and started meanwhile. */
	u64 ran;
	bool paused;
	/* Whether its CPU ever slept while it was active. */
	bool slept;
	/* Whether perf_event_overflow() ever said that it is to stop. */
	bool throttled;
	/* Its CPU has gone: the core has taken it out of its context, and adds it no more. */
	bool stranded;
	/* Whether a user maps it, and what the page says. */
	bool mapped;
	struct user_page page;
};
static struct slot *slots;
static unsigned long slots_used;

static void events_boot(void)
{
	slots = host_memory(HOST_EVENTS * sizeof(*slots));
	host_growing_region(slots, HOST_EVENTS * sizeof(*slots), &slots_used, OF_KERNEL);
}

static bool has_events(const struct pmu *pmu)
{
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].phase != CLOSED && slots[i].event.pmu == pmu)
			return true;
	return false;
}

static struct slot *slot_of(long n)
{
	if (n < 0 || n >= HOST_EVENTS || !hp_pmu)
		return NULL;
	if (slots_used < (n + 1) * sizeof(*slots))
		slots_used = (n + 1) * sizeof(*slots);
	return &slots[n];
}

static void answer(const char *call, long event, long result)
{
	host_fact(NULL, "\"type\":\"%s\",\"event\":%ld,\"answer\":%ld", call, event, result);
}

static bool sampling(const struct perf_event *event) { return event->attr.sample_period != 0; }

static bool excludes(const struct perf_event *event)
{
	const struct perf_event_attr *attr = &event->attr;

	return attr->exclude_idle || attr->exclude_user || attr->exclude_kernel || attr->exclude_hv || attr->exclude_guest || attr->exclude_host;
}

/* As perf_event_alloc() leaves an event. */
static void fill(struct perf_event *event, const struct host_kind *kind, struct perf_event *leader)
{
	struct perf_event_attr *attr = &event->attr;
	struct hw_perf_event *hwc = &event->hw;

	memset(event, 0, sizeof(*event));
	attr->size = sizeof(*attr);
	attr->type = kind->type < 0 ? hp_pmu->type : kind->type;
	attr->config = kind->config;
	attr->config1 = kind->config1;
	attr->config2 = kind->config2;
	attr->sample_period = kind->period;
	attr->exclude_user = !!(kind->flags & EXCLUDE_USER);
	attr->exclude_kernel = !!(kind->flags & EXCLUDE_KERNEL);
	attr->exclude_hv = !!(kind->flags & EXCLUDE_HV);
	attr->exclude_idle = !!(kind->flags & EXCLUDE_IDLE);
	attr->exclude_host = !!(kind->flags & EXCLUDE_HOST);
	attr->exclude_guest = !!(kind->flags & EXCLUDE_GUEST);
	attr->precise_ip = kind->flags & PRECISE ? 3 : 0;
	attr->freq = !!(kind->flags & FREQUENCY);
	/* As perf opens: disabled, and enabled when all are there. */
	attr->disabled = 1;
	attr->enable_on_exec = 1;
	attr->pinned = !!(kind->flags & PINNED);
	if (kind->flags & BRANCH_STACK) {
		attr->sample_type |= PERF_SAMPLE_BRANCH_STACK;
		attr->branch_sample_type = PERF_SAMPLE_BRANCH_ANY;
	}
	INIT_LIST_HEAD(&event->child_list);
	INIT_LIST_HEAD(&event->event_entry);
	INIT_LIST_HEAD(&event->sibling_list);
	INIT_LIST_HEAD(&event->active_list);
	INIT_LIST_HEAD(&event->rb_entry);
	event->group_leader = leader ? leader : event;
	event->cpu = kind->cpu < 0 ? -1 : kind->cpu;
	event->oncpu = -1;
	event->state = PERF_EVENT_STATE_OFF;
	if (kind->cpu < 0) {
		event->attach_state = PERF_ATTACH_TASK;
		hwc->target = hp_current();
	}
	hwc->sample_period = attr->sample_period;
	if (attr->freq && attr->sample_freq)
		hwc->sample_period = 1;
	hwc->last_period = hwc->sample_period;
	local64_set(&hwc->period_left, hwc->sample_period);
}

/* The last reference is gone: what still points here points to nothing. */
static void forget(struct slot *slot)
{
	memset(slot, 0, sizeof(*slot));
	slot->kind = -1;
}

static void destroy(struct slot *slot, long n)
{
	struct perf_event *event = &slot->event;

	if (event->destroy) {
		hp_enter(hp_process_cpu, PROCESS);
		event->destroy(event);
		answer("destroy", n, 0);
		hp_leave(event->destroy);
		event->destroy = NULL;
	}
}

/* Once it is open, an event is in a context: that of its PMU. */
static void set_context(struct perf_event *event)
{
	static struct perf_event_context context[2];
	bool ours = event->pmu == hp_pmu;

	event->ctx = &context[ours];
#if SINCE(6, 2)
	static struct perf_event_pmu_context of_pmu[2];

	of_pmu[ours] = (struct perf_event_pmu_context){ .pmu = event->pmu, .ctx = &context[ours] };
	event->pmu_ctx = &of_pmu[ours];
#else
	context[ours].pmu = event->pmu;
#endif
}

static bool open_event(long n, long kind_number, long leader)
{
	struct slot *slot = slot_of(n), *led_by = leader >= 0 ? slot_of(leader) : NULL;
	const struct host_kind *kind;
	struct perf_event *event;
	int error;

	if (!slot || slot->phase != CLOSED || kind_number < 0 || kind_number >= HOST_KINDS || (leader >= 0 && (!led_by || led_by->phase == CLOSED)))
		return false;
	kind = &host_kinds[kind_number];
	event = &slot->event;
	fill(event, kind, led_by ? &led_by->event : NULL);
	slot->kind = kind_number;
	slot->leader = leader;
	if (kind->flags & SOFTWARE) {
		/* Of the core's own clock: it leads a group, and is never on this PMU. */
		static struct pmu software = { .type = PERF_TYPE_SOFTWARE, .task_ctx_nr = perf_sw_context };

		event->pmu = &software;
		event->attr.type = PERF_TYPE_SOFTWARE;
		event->event_caps = PERF_EV_CAP_SOFTWARE;
		set_context(event);
		slot->phase = OPEN;
		answer("event_init", n, 0);
		return true;
	}
	event->pmu = hp_pmu;
	hp_enter(hp_process_cpu, PROCESS);
	error = hp_pmu->event_init(event);
	answer("event_init", n, error);
	hp_leave(hp_pmu->event_init);
	if (!error) {
		/* What the core refuses by itself. */
		const char *why = NULL;

		if (hp_pmu->capabilities & PERF_PMU_CAP_NO_EXCLUDE && excludes(event))
			why = "exclude", error = -EINVAL;
		else if (hp_pmu->capabilities & PERF_PMU_CAP_NO_INTERRUPT && sampling(event))
			why = "sampling", error = -EOPNOTSUPP;
		else if (hp_pmu->task_ctx_nr == perf_invalid_context && event->attach_state & PERF_ATTACH_TASK)
			why = "task", error = -EINVAL;
		if (why)
			host_fact(NULL, "\"type\":\"core refuses\",\"event\":%ld,\"why\":\"%s\",\"answer\":%d", n, why, error);
	}
	if (error) {
		destroy(slot, n);
		forget(slot);
		return true;
	}
	if (led_by) {
		list_add_tail(&event->sibling_list, &led_by->event.sibling_list);
		led_by->event.nr_siblings++;
	}
	set_context(event);
	event->state = PERF_EVENT_STATE_INACTIVE;
	slot->phase = OPEN;
	return true;
}

static bool close_event(long n)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase != OPEN)
		return false;
	for (long i = 0; i < HOST_EVENTS && (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].phase != CLOSED && slots[i].leader == n && i != n)
			return false;
	if (slot->leader >= 0) {
		list_del_init(&slot->event.sibling_list);
		slots[slot->leader].event.nr_siblings--;
	}
	slot->event.state = PERF_EVENT_STATE_DEAD;
	if (!slot->event.destroy)
		answer("destroy", n, 0);
	destroy(slot, n);
	forget(slot);
	return true;
}

static int cpu_of(const struct perf_event *event) { return event->cpu >= 0 && event->cpu < CPUS ? event->cpu : 0; }

/* Every pass over events stands between pmu_disable and pmu_enable. */
static void enter_pass(const struct perf_event *event)
{
	hp_enter(cpu_of(event), ATOMIC);
	hp_pmu->pmu_disable(hp_pmu);
	if (hp_is_described() && hp_pmu->pmu_disable != no_callback)
		host_fact(hp_pmu->pmu_disable, "\"type\":\"disabled\",\"counting\":\"%llx\"", counting_now());
}
static void leave_pass(const void *at)
{
	hp_pmu->pmu_enable(hp_pmu);
	hp_leave(at);
}

static int add_one(struct slot *slot, long n)
{
	struct perf_event *event = &slot->event;
	int error;

	event->oncpu = hp_cpu;
	event->state = PERF_EVENT_STATE_ACTIVE;
	hp_nothing_found = 0;
	error = hp_pmu->add(event, PERF_EF_START);
	answer("add", n, error);
	if (hp_nothing_found)
		host_fact(NULL, "\"type\":\"full\",\"event\":%ld,\"size\":%lu", n, hp_nothing_found);
	hp_nothing_found = 0;
	if (error) {
		event->state = PERF_EVENT_STATE_INACTIVE;
		event->oncpu = -1;
	} else {
		slot->phase = ACTIVE;
	}
	return error;
}
static void del_one(struct slot *slot, long n)
{
	struct perf_event *event = &slot->event;

	hp_pmu->del(event, 0);
	answer("del", n, 0);
	event->oncpu = -1;
	event->state = PERF_EVENT_STATE_INACTIVE;
	slot->phase = OPEN;
}

static bool is_ours(const struct slot *slot) { return slot->event.pmu == hp_pmu; }

static bool add_event(long n)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase != OPEN || !is_ours(slot) || slot->stranded)
		return false;
	enter_pass(&slot->event);
	add_one(slot, n);
	leave_pass(hp_pmu->add);
	return true;
}
static bool del_event(long n)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase < ACTIVE)
		return false;
	enter_pass(&slot->event);
	del_one(slot, n);
	leave_pass(hp_pmu->del);
	return true;
}

/* A whole group, in one transaction: all of it, or nothing. */
static bool add_group(long leader)
{
	struct slot *slot = slot_of(leader);
	int error = 0;
	long count = slots_used / sizeof(*slots), at;

	if (!slot || slot->phase != OPEN || slot->leader >= 0)
		return false;
	for (at = 0; at < count; at++)
		if (slots[at].phase > OPEN && (at == leader || slots[at].leader == leader))
			return false;
	enter_pass(&slot->event);
	hp_pmu->start_txn(hp_pmu, PERF_PMU_TXN_ADD);
	if (is_ours(slot))
		error = add_one(slot, leader);
	for (at = 0; at < count && !error; at++)
		if (slots[at].phase == OPEN && slots[at].leader == leader && at != leader && is_ours(&slots[at]))
			error = add_one(&slots[at], at);
	if (!error) {
		error = hp_pmu->commit_txn(hp_pmu);
		if (!error)
			goto done;
	}
	for (long i = 0; i < count; i++)
		if (slots[i].phase >= ACTIVE && slots[i].leader == leader)
			del_one(&slots[i], i);
	if (slot->phase >= ACTIVE)
		del_one(slot, leader);
	hp_pmu->cancel_txn(hp_pmu);
done:
	answer("group", leader, error);
	leave_pass(hp_pmu->add);
	return true;
}

static bool start_event(long n, long flags)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase != STOPPED)
		return false;
	enter_pass(&slot->event);
	slot->event.hw.interrupts = 0;
	hp_pmu->start(&slot->event, flags);
	answer("start", n, 0);
	slot->phase = ACTIVE;
	leave_pass(hp_pmu->start);
	return true;
}
static bool stop_event(long n, long flags)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase < ACTIVE)
		return false;
	enter_pass(&slot->event);
	hp_pmu->stop(&slot->event, flags);
	answer("stop", n, 0);
	slot->phase = STOPPED;
	slot->paused = true;
	leave_pass(hp_pmu->stop);
	return true;
}
static bool read_event(long n, long half)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase < ACTIVE)
		return false;
	comes_round = half;
	hp_enter(cpu_of(&slot->event), ATOMIC);
	hp_pmu->start_txn(hp_pmu, PERF_PMU_TXN_READ);
	hp_pmu->read(&slot->event);
	hp_pmu->commit_txn(hp_pmu);
	answer("read", n, 0);
	hp_leave(hp_pmu->read);
	/* No such half was read. */
	if (comes_round)
		return false;
	return true;
}

#if !SINCE(6, 2)
static bool is_registered(const struct pmu *pmu)
{
	for (int i = 0; i < pmu_count; i++)
		if (pmus[i] == pmu)
			return true;
	return false;
}
#endif
void perf_pmu_migrate_context(struct pmu *pmu, int from, int to)
{
	int here = hp_cpu;

	hp_sleeps(HERE, "perf_pmu_migrate_context");
	migrating = true;
	host_fact(HERE, "\"type\":\"migrate\",\"from\":%d,\"to\":%d", from, to);
	if (pmu != hp_pmu) {
#if !SINCE(6, 2)
		/* Its contexts are memory of its own. */
		if (!is_registered(pmu))
			host_fact(HERE, "\"type\":\"gone\",\"what\":\"the contexts of a PMU\"");
#endif
		migrating = false;
		return;
	}
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++) {
		struct slot *slot = &slots[i];
		bool was = slot->phase >= ACTIVE;

		if (slot->phase == CLOSED || slot->event.cpu != from || !is_ours(slot))
			continue;
		needs_free(from);
		hp_cpu = from;
		hp_set_irqs_off(1);
		hp_pmu->pmu_disable(hp_pmu);
		if (was)
			del_one(slot, i);
		hp_pmu->pmu_enable(hp_pmu);
		hp_set_irqs_off(0);
		slot->event.cpu = to;
		/* Where there is no such CPU, nothing is added. */
		slot->stranded = to < 0 || to >= CPUS || !cpumask_test_cpu(to, &__cpu_online_mask);
		if (slot->stranded)
			continue;
		needs_free(to);
		hp_cpu = to;
		hp_set_irqs_off(1);
		hp_pmu->pmu_disable(hp_pmu);
		if (was)
			add_one(slot, i);
		hp_pmu->pmu_enable(hp_pmu);
		hp_set_irqs_off(0);
	}
	hp_cpu = here;
	migrating = false;
}

/* A CPU goes: what is left on it is taken out, and never comes back. */
static void perf_exit_cpu(int cpu)
{
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++) {
		struct slot *slot = &slots[i];

		if (slot->phase == CLOSED || slot->event.cpu != cpu)
			continue;
		if (slot->phase >= ACTIVE)
			del_event(i);
		slot->stranded = true;
	}
}

/* A CPU sleeps (0), or wakes: with what it lost (1), or without having slept (2). */
static bool power(int cpu, int what)
{
	if (what)
		return wakes(cpu, what == 2);
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].phase == ACTIVE && cpu_of(&slots[i].event) == cpu)
			slots[i].slept = true;
	return falls_asleep(cpu);
}

/* How often time has gone by. */
static int ticks_told;
/* So many ticks: whatever is active has them to count. */
static void pass(u64 ticks)
{
	described_tick(ticks);
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].phase == ACTIVE)
			slots[i].ran += ticks;
}
/* A half of a counter was read, for which this was waiting: its lower half comes round before anything else is read. */
static void half_read(unsigned long address)
{
	int half = address % 8 ? 2 : 1;

	if (half != comes_round || counter_at(CSR, address) == NO_COUNTER)
		return;
	comes_round = 0;
	ticks_told++;
	pass((1ULL << 32) - (u32)described_read(CSR, address & ~7UL, 4));
}
static bool tick(u64 ticks)
{
	if (!hp_is_described())
		return false;
	ticks_told++;
	pass(ticks);
	return true;
}

/* A timer runs out, or all do, where `number` is -1: so many ticks after whatever happened last. */
static bool timer_runs_out(long number, u64 ticks)
{
	if (ticks && !tick(ticks))
		return false;
	return expire(number);
}

static int line_of_device(void) { return table.is_described && table.interrupt >= 0 ? FIRST_LINE + table.interrupt % 16 : -1; }
/* Whether the device asks for its interrupt, as it is described. */
static bool device_raises(void) { return line_of_device() >= 0 && any_raised(); }
/* Until the next counter overflows, and some ticks more. False if none will, or nobody handles it. */
static bool pass_overflow(long late)
{
	u64 ticks = is_open(line_of_device()) ? next_overflow() : 0;

	if (!ticks)
		return false;
	ticks_told++;
	/* Where hardware stops all counters then, nobody counts what comes after. */
	pass(freezes() ? ticks : ticks + late);
	return true;
}
/* What is raised is handled; more than a few times are a line that stays raised. */
static void handle_raised(void)
{
	enum { PATIENCE = 4 };
	int irq = line_of_device(), times;

	for (int cpu = 0; cpu < (table.per_hart ? CPUS : 1); cpu++) {
		int on = table.per_hart ? cpu : cpumask_first_and(&lines[irq].affinity, &__cpu_online_mask);

		for (times = 0; times < PATIENCE; times++) {
			bool raised;

			hp_cpu = on;
			raised = any_raised();
			hp_cpu = 0;
			if (!raised)
				break;
			hp_interrupt(irq, on);
		}
		if (times == PATIENCE)
			host_fact(NULL, "\"type\":\"stays raised\",\"hart\":%d", on);
	}
}
/*
 * What comes of samples while a handler runs: they are taken; one is too many in this tick, so that the handler is to stop the event,
 * or so that the core, as since 6.16, stops its group before it answers; or somebody (a sample of a group's counts, a program of
 * BPF) reads the group.
 */
static enum { TAKEN, THROTTLED, THROTTLED_WITH_GROUP, GROUP_READ } samples;
/* A counter overflows, and the interrupt comes, so many ticks after it. */
static bool overflow(long late, long what)
{
	if (!pass_overflow(late))
		return false;
	samples = what;
	handle_raised();
	samples = TAKEN;
	return true;
}
/* A counter overflows while interrupts are off, and the event is deleted before they are on again. */
static bool del_before_interrupt(long n)
{
	struct slot *slot = slot_of(n);

	if (!slot || slot->phase < ACTIVE || !pass_overflow(0))
		return false;
	del_event(n);
	handle_raised();
	return true;
}

int hp_overflow(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs) NAMED(perf_event_overflow);
static void on_group(const struct perf_event *event, void (*action)(struct slot *))
{
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].phase == ACTIVE && is_ours(&slots[i]) && slots[i].event.group_leader == event->group_leader)
			action(&slots[i]);
}
static void throttle(struct slot *slot)
{
	/* MAX_INTERRUPTS */
	slot->event.hw.interrupts = ~0ULL;
	slot->phase = STOPPED;
	slot->throttled = true;
}
static void throttle_and_stop(struct slot *slot)
{
	throttle(slot);
	hp_pmu->stop(&slot->event, 0);
}
static void read_slot(struct slot *slot) { hp_pmu->read(&slot->event); }
int hp_overflow(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs)
{
	struct slot *slot = (struct slot *)event;

	host_fact(HERE, "\"type\":\"overflow\",\"event\":%ld", (long)(slot - slots));
	/* An event that only counts may use the interrupt as it likes. */
	if (!sampling(event))
		return 0;
	if (samples == GROUP_READ)
		on_group(event, read_slot);
	if (samples == THROTTLED_WITH_GROUP)
		on_group(event, throttle_and_stop);
	if (samples == THROTTLED)
		throttle(slot);
	return samples == THROTTLED || samples == THROTTLED_WITH_GROUP;
}
void perf_sample_event_took(u64 nanoseconds) {}
void perf_event_disable_inatomic(struct perf_event *event) {}
void perf_pmu_disable(struct pmu *pmu) { if (pmu->pmu_disable) pmu->pmu_disable(pmu); }
void perf_pmu_enable(struct pmu *pmu) { if (pmu->pmu_enable) pmu->pmu_enable(pmu); }
/* No task has a context while events of a CPU run. */
void *hp_task_context(void) NAMED(perf_cpu_task_ctx);
void *hp_task_context(void) { return NULL; }
const char *perf_pmu_name(void) { return "pmu"; }
int perf_num_counters(void) { return 0; }

/* How often the driver's own memory points to each event. */
static unsigned int references[HOST_EVENTS];
static void refers(const void *where, const void *value) { references[((const char *)value - (const char *)slots) / sizeof(*slots)]++; }

/* Where no time has gone by, or nobody described the hardware, counts mean nothing: they are reset, as a user may do at any time. */
void hp_reset_counts(void)
{
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (local64_xchg(&slots[i].event.count, 0))
			perf_event_update_userpage(&slots[i].event);
}

static const char *separator;
static void see_counter(const struct counter *counter)
{
	host_view("%s[%d,%d,\"%llx\"]", separator, hp_cpu, counter->number, counter->select.bits ? hp_field(counter->select) : 0ULL);
	separator = ",";
}
static void see_counting(void *unused) { counting(see_counter); }
/* What counts now, as hart, counter and what it selects; and how often time has gone by. */
static void see_device(void)
{
	host_view("\"ticks\":%d,\"counting\":[", ticks_told);
	separator = "";
	on_harts(see_counting, NULL);
	host_view("],");
}

static void see_page(const struct slot *slot);
static void see_readable(void);
void hp_view(void)
{
	static const char *const PHASES[] = { "closed", "open", "active", "stopped" };
	long count = slots_used / sizeof(*slots);

	memset(references, 0, sizeof(references));
	host_pointers(slots, slots + count, refers);
	host_view("{");
	if (hp_is_described())
		see_device();
	see_readable();
	if (paired)
		host_view("\"paired\":true,");
	if (any_armed())
		see_timers();
	host_view("\"online\":%lu,\"asleep\":%lu,\"locks\":%d,\"pmu\":%s,\"events\":[", __cpu_online_mask.bits[0], asleep, hp_locks_held(), hp_pmu ? "true" : "false");
	for (long i = 0; i < count; i++) {
		struct hw_perf_event *hwc = &slots[i].event.hw;

		host_view("%s{\"phase\":\"%s\"", i ? "," : "", PHASES[slots[i].phase]);
		if (slots[i].phase != CLOSED)
			host_view(",\"kind\":%d,\"leader\":%d,\"cpu\":%d,\"idx\":%d,\"state\":%d,\"config\":\"%llx\",\"base\":\"%lx\",\"eventBase\":\"%lx\"",
				  slots[i].kind, slots[i].leader, slots[i].event.cpu, hwc->idx, hwc->state, hwc->config, hwc->config_base, hwc->event_base);
		if (slots[i].phase != CLOSED && hp_is_described())
			host_view(",\"count\":\"%llx\",\"ran\":\"%llx\",\"paused\":%s,\"slept\":%s,\"throttled\":%s", (u64)local64_read(&slots[i].event.count), slots[i].ran, slots[i].paused ? "true" : "false", slots[i].slept ? "true" : "false", slots[i].throttled ? "true" : "false");
		if (slots[i].mapped)
			see_page(&slots[i]);
		host_view(",\"refs\":%u}", references[i]);
	}
	host_view("]}");
	memset(references, 0, sizeof(references));
}
