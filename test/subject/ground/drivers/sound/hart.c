// SPDX-License-Identifier: MIT
/*
 * Sound. The PMU of each hart: cycle, instret and four programmable counters, as CSRs of the hart; per-CPU state, transactions,
 * generic, cache and raw events; no interrupt, no filters.
 */
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/perf_event.h>
#include <linux/percpu.h>
#include <asm/csr.h>

#define HART_FIXED 2
#define HART_COUNTERS 6
/* Of the imaginary hart: a select and a value for each programmable counter, and one bit each that lets it count. */
#define CSR_HART_SEL(i) (0x5c0 + (i))
#define CSR_HART_CNT(i) (0x5d0 + (i))
#define CSR_HART_ENABLE 0x5c8

struct hart_events {
	unsigned long used;
	u32 enabled;
	int count;
	struct perf_event *event[HART_COUNTERS];
};
static DEFINE_PER_CPU(struct hart_events, hart_events);

static const int hart_generic[PERF_COUNT_HW_MAX] = {
	[PERF_COUNT_HW_CPU_CYCLES] = 0x100,
	[PERF_COUNT_HW_INSTRUCTIONS] = 0x101,
	[PERF_COUNT_HW_BRANCH_INSTRUCTIONS] = 0x12,
	[PERF_COUNT_HW_BRANCH_MISSES] = 0x13,
};

/* The CSR's number is a part of the instruction. */
static u64 hart_read_counter(int idx)
{
	switch (idx) {
	case 0: return csr_read(CSR_CYCLE);
	case 1: return csr_read(CSR_INSTRET);
	case 2: return csr_read(0x5d2);
	case 3: return csr_read(0x5d3);
	case 4: return csr_read(0x5d4);
	case 5: return csr_read(0x5d5);
	}
	return 0;
}

static void hart_select(int idx, u32 what)
{
	switch (idx) {
	case 2: csr_write(0x5c2, what); break;
	case 3: csr_write(0x5c3, what); break;
	case 4: csr_write(0x5c4, what); break;
	case 5: csr_write(0x5c5, what); break;
	}
}

static int hart_map(struct perf_event *event)
{
	u64 config = event->attr.config;

	switch (event->attr.type) {
	case PERF_TYPE_HARDWARE:
		if (config >= PERF_COUNT_HW_MAX)
			return -EINVAL;
		config = array_index_nospec(config, PERF_COUNT_HW_MAX);
		return hart_generic[config] ? hart_generic[config] : -ENOENT;
	case PERF_TYPE_RAW:
		return config < 0x100 && config ? (int)config : -EINVAL;
	default:
		return -ENOENT;
	}
}

static bool hart_fits(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int fixed[2] = { 0 }, others = 0;

#define COUNT(e) do { \
	if ((e)->hw.config >= 0x100) \
		fixed[(e)->hw.config - 0x100]++; \
	else \
		others++; \
} while (0)
	COUNT(event);
	if (leader != event && leader->pmu == event->pmu)
		COUNT(leader);
	for_each_sibling_event(sibling, leader)
		if (sibling->pmu == event->pmu)
			COUNT(sibling);
#undef COUNT
	return fixed[0] <= 1 && fixed[1] <= 1 && others <= HART_COUNTERS - HART_FIXED;
}

static int hart_event_init(struct perf_event *event)
{
	int code;

	switch (event->attr.type) {
	case PERF_TYPE_HARDWARE:
	case PERF_TYPE_RAW:
		break;
	default:
		return -ENOENT;
	}
	if (has_branch_stack(event) || event->attr.precise_ip)
		return -EOPNOTSUPP;
	code = hart_map(event);
	if (code < 0)
		return code;
	event->hw.config = code;
	event->hw.idx = -1;
	return hart_fits(event) ? 0 : -EINVAL;
}

static void hart_update(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
	u64 now = hart_read_counter(hwc->idx);
	u64 prev = local64_xchg(&hwc->prev_count, now);

	local64_add(now - prev, &event->count);
}

static void hart_start(struct perf_event *event, int flags)
{
	struct hart_events *events = this_cpu_ptr(&hart_events);
	struct hw_perf_event *hwc = &event->hw;

	hwc->state = 0;
	local64_set(&hwc->prev_count, hart_read_counter(hwc->idx));
	if (hwc->idx >= HART_FIXED) {
		events->enabled |= BIT(hwc->idx);
		csr_write(CSR_HART_ENABLE, events->enabled);
	}
	perf_event_update_userpage(event);
}

static void hart_stop(struct perf_event *event, int flags)
{
	struct hart_events *events = this_cpu_ptr(&hart_events);
	struct hw_perf_event *hwc = &event->hw;

	if (hwc->state & PERF_HES_STOPPED)
		return;
	if (hwc->idx >= HART_FIXED) {
		events->enabled &= ~BIT(hwc->idx);
		csr_write(CSR_HART_ENABLE, events->enabled);
	}
	hart_update(event);
	hwc->state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int hart_add(struct perf_event *event, int flags)
{
	struct hart_events *events = this_cpu_ptr(&hart_events);
	struct hw_perf_event *hwc = &event->hw;
	int idx;

	if (hwc->config >= 0x100) {
		idx = hwc->config - 0x100;
		if (test_bit(idx, &events->used))
			return -EAGAIN;
	} else {
		idx = find_next_zero_bit(&events->used, HART_COUNTERS, HART_FIXED);
		if (idx == HART_COUNTERS)
			return -ENOSPC;
		hart_select(idx, hwc->config);
	}
	__set_bit(idx, &events->used);
	events->event[idx] = event;
	events->count++;
	hwc->idx = idx;
	hwc->state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		hart_start(event, PERF_EF_RELOAD);
	return 0;
}

static void hart_del(struct perf_event *event, int flags)
{
	struct hart_events *events = this_cpu_ptr(&hart_events);

	hart_stop(event, PERF_EF_UPDATE);
	events->event[event->hw.idx] = NULL;
	events->count--;
	__clear_bit(event->hw.idx, &events->used);
	perf_event_update_userpage(event);
}

static struct pmu hart_pmu = {
	.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE,
	.event_init = hart_event_init,
	.add = hart_add,
	.del = hart_del,
	.start = hart_start,
	.stop = hart_stop,
	.read = hart_update,
};

static int hart_starting(unsigned int cpu)
{
	csr_write(CSR_HART_ENABLE, 0);
	return 0;
}

static int __init hart_init(void)
{
	int ret = cpuhp_setup_state(CPUHP_AP_PERF_RISCV_STARTING, "perf/hart:starting", hart_starting, NULL);

	if (ret)
		return ret;
	ret = perf_pmu_register(&hart_pmu, "cpu", PERF_TYPE_RAW);
	if (ret)
		cpuhp_remove_state(CPUHP_AP_PERF_RISCV_STARTING);
	return ret;
}
device_initcall(hart_init);
