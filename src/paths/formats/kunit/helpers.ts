/**
 * What the cases of every suite call, in C: once in a file, however many suites are included there. What is looked at is named
 * by macros; what has no name is not looked at.
 */
export const HELPERS = `#ifndef HARTPROOF_PATHS
#define HARTPROOF_PATHS

/* The counters by themselves, to hold counts against: 0 is cycle, 1 is instret. */
#if !defined(PATHS_COUNTER) && defined(CONFIG_RISCV)
#ifdef CONFIG_64BIT
#define PATHS_COUNTER(counter) ((counter) == 0 ? csr_read(CSR_CYCLE) : csr_read(CSR_INSTRET))
#else
#define PATHS_COUNTER(counter) paths_halves(counter)
static u64 __maybe_unused paths_halves(int counter)
{
	u32 high, low;

	do {
		high = counter == 0 ? csr_read(CSR_CYCLEH) : csr_read(CSR_INSTRETH);
		low = counter == 0 ? csr_read(CSR_CYCLE) : csr_read(CSR_INSTRET);
	} while (high != (counter == 0 ? csr_read(CSR_CYCLEH) : csr_read(CSR_INSTRETH)));
	return (u64)high << 32 | low;
}
#endif
#endif

struct paths_event {
	struct perf_event event;
	/* Where it is added; -1: nowhere. */
	int hart;
	bool is_open, is_running;
	/* What it counts; -1: what cannot be read here. */
	int counter;
	/* Its counter before and after the call that started it. */
	u64 began[2];
	/* What it counted at least and at most: until it was stopped last, and until now. */
	u64 stopped[2], least, most;
};

struct paths {
	int events;
	struct paths_event event[];
};

enum paths_callback { PATHS_ADD, PATHS_DEL, PATHS_START, PATHS_STOP, PATHS_READ };

struct paths_call {
	enum paths_callback callback;
	struct paths_event *of;
	int flags, answer;
	u64 before, after;
};

static u64 paths_counter(int counter)
{
#ifdef PATHS_COUNTER
	if (counter >= 0)
		return PATHS_COUNTER(counter);
#endif
	return 0;
}

/* As the perf core calls: on the event's hart, with interrupts off, and the PMU disabled around what changes it. */
static void paths_call(void *argument)
{
	struct paths_call *call = argument;
	struct perf_event *event = &call->of->event;

	call->before = paths_counter(call->of->counter);
	if (call->callback != PATHS_READ && PATHS_PMU->pmu_disable)
		PATHS_PMU->pmu_disable(PATHS_PMU);
	switch (call->callback) {
	case PATHS_ADD:
		event->oncpu = smp_processor_id();
		event->state = PERF_EVENT_STATE_ACTIVE;
		call->answer = PATHS_PMU->add(event, call->flags);
		if (!call->answer)
			break;
		event->oncpu = -1;
		event->state = PERF_EVENT_STATE_INACTIVE;
		break;
	case PATHS_DEL:
		PATHS_PMU->del(event, call->flags);
		event->oncpu = -1;
		event->state = PERF_EVENT_STATE_INACTIVE;
		break;
	case PATHS_START:
		PATHS_PMU->start(event, call->flags);
		break;
	case PATHS_STOP:
		PATHS_PMU->stop(event, call->flags);
		break;
	case PATHS_READ:
		PATHS_PMU->read(event);
		break;
	}
	if (call->callback != PATHS_READ && PATHS_PMU->pmu_enable)
		PATHS_PMU->pmu_enable(PATHS_PMU);
	call->after = paths_counter(call->of->counter);
}

static int __maybe_unused paths_on(int hart, enum paths_callback callback, struct paths_event *of, int flags)
{
	struct paths_call call = { .callback = callback, .of = of, .flags = flags };
	bool starts = callback == PATHS_START || (callback == PATHS_ADD && (flags & PERF_EF_START));

	/* Time passes between two calls: far more than a call takes. */
	udelay(50);
	smp_call_function_single(hart, paths_call, &call, 1);
	if (of->is_running) {
		of->least = of->stopped[0] + (call.before - of->began[1]);
		of->most = of->stopped[1] + (call.after - of->began[0]);
	}
	if (of->is_running && (callback == PATHS_STOP || callback == PATHS_DEL)) {
		of->is_running = false;
		of->stopped[0] = of->least;
		of->stopped[1] = of->most;
	}
	if (callback == PATHS_DEL)
		of->hart = -1;
	if (callback == PATHS_ADD && call.answer == 0)
		of->hart = hart;
	if (starts && call.answer == 0) {
		of->is_running = true;
		of->began[0] = call.before;
		of->began[1] = call.after;
	}
	return call.answer;
}

/* Whether the event has counted what its counter went on by while it ran. */
static bool __maybe_unused paths_counted(struct paths_event *of)
{
	u64 count = local64_read(&of->event.count);

#ifdef PATHS_COUNTER
	return of->counter < 0 || (of->least <= count && count <= of->most);
#else
	return count == count;
#endif
}

#define paths_counts(of) (u64)local64_read(&(of)->event.count), (of)->least, (of)->most

/* A new event, as the perf core leaves it to event_init: by itself in its group, of a task, and in no list. */
static void paths_new(struct paths_event *of)
{
	struct perf_event *event = &of->event;

	memset(of, 0, sizeof(*of));
	of->hart = -1;
	of->counter = -1;
	event->group_leader = event;
	INIT_LIST_HEAD(&event->sibling_list);
	INIT_LIST_HEAD(&event->active_list);
	INIT_LIST_HEAD(&event->child_list);
	INIT_LIST_HEAD(&event->event_entry);
	INIT_LIST_HEAD(&event->active_entry);
	INIT_HLIST_NODE(&event->hlist_entry);
	mutex_init(&event->child_mutex);
	event->attr.size = sizeof(event->attr);
	event->cpu = -1;
	event->oncpu = -1;
	event->state = PERF_EVENT_STATE_INACTIVE;
	event->attach_state = PERF_ATTACH_TASK;
	event->hw.target = current;
}

static int __maybe_unused paths_open(struct paths_event *of, u32 type, u64 config, bool samples, int counter)
{
	struct perf_event *event = &of->event;
	int answer;

	event->attr.type = type;
	event->attr.config = config;
	event->attr.sample_period = samples ? 100000 : 0;
	event->hw.sample_period = event->attr.sample_period;
	event->hw.last_period = event->hw.sample_period;
	local64_set(&event->hw.period_left, event->hw.sample_period);
	event->pmu = PATHS_PMU;
	answer = PATHS_PMU->event_init(event);
	of->is_open = answer == 0;
	of->counter = counter;
	return answer;
}

static void __maybe_unused paths_destroy(struct paths_event *of)
{
	of->is_open = false;
	if (of->event.destroy)
		of->event.destroy(&of->event);
}

#ifdef PATHS_SLOTS
static int __maybe_unused paths_occupied(int hart)
{
	int slot, occupied = 0;

	for (slot = 0; slot < PATHS_N_SLOTS; slot++)
		occupied += PATHS_SLOTS(hart)[slot] != NULL;
	return occupied;
}
#endif

#ifdef PATHS_PERF_IRQ
/* Another owner of the PMC. */
static PATHS_HANDLER __maybe_unused paths_foreign = (PATHS_HANDLER)paths_call;
#endif

/* A case begins with a driver that is idle. */
static int __maybe_unused paths_begin(struct kunit *test, int events, int harts)
{
	struct paths *paths;
	int number;

	if (num_online_cpus() < harts)
		kunit_skip(test, "this needs %d harts", harts);
#ifdef PATHS_ACTIVE_EVENTS
	if (PATHS_ACTIVE_EVENTS)
		kunit_skip(test, "somebody else has events of this PMU");
#endif
	paths = kunit_kzalloc(test, sizeof(*paths) + events * sizeof(paths->event[0]), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, paths != NULL);
	paths->events = events;
	for (number = 0; number < events; number++)
		paths_new(&paths->event[number]);
	test->priv = paths;
	return 0;
}

/* And leaves it so, also after a failed assertion: what the driver forgets then is cleared. */
static void __maybe_unused paths_end(struct kunit *test)
{
	struct paths *paths = test->priv;
	int number, hart __maybe_unused, slot __maybe_unused;

	if (!paths)
		return;
	for (number = 0; number < paths->events; number++) {
		struct paths_event *of = &paths->event[number];

		if (of->hart >= 0)
			paths_on(of->hart, PATHS_DEL, of, 0);
		if (of->is_open)
			paths_destroy(of);
	}
#ifdef PATHS_CLEAR_ACTIVE_EVENTS
	PATHS_CLEAR_ACTIVE_EVENTS;
#endif
	for_each_online_cpu(hart) {
#ifdef PATHS_SLOTS
		for (slot = 0; slot < PATHS_N_SLOTS; slot++)
			PATHS_SLOTS(hart)[slot] = NULL;
#endif
#ifdef PATHS_N_EVENTS
		PATHS_N_EVENTS(hart) = 0;
#endif
	}
#ifdef PATHS_PERF_IRQ
	PATHS_PERF_IRQ = NULL;
#endif
}

#endif
`;
