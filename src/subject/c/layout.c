/* SPDX-License-Identifier: MIT */
/* Where in the kernel's own structures lies what the harness looks at. Compiled to assembly, out of which it is read. */
#include <linux/perf_event.h>

#define SIZE(type) __asm__ __volatile__(".ascii \"->" #type " %c0\"" ::"i"(sizeof(struct type)))
#define FIELD(type, name, member) __asm__ __volatile__(".ascii \"->" #type " %c0 " name "\"" ::"i"(offsetof(struct type, member)))

void shim_layout(void)
{
	SIZE(hw_perf_event);
	FIELD(hw_perf_event, "u64 config", config);
	FIELD(hw_perf_event, "int idx", idx);
	FIELD(hw_perf_event, "int state", state);
	FIELD(hw_perf_event, "local64_t prev_count", prev_count);
	FIELD(hw_perf_event, "u64 sample_period", sample_period);
	SIZE(pmu);
	FIELD(pmu, "int capabilities", capabilities);
	FIELD(pmu, "int (*event_init)(struct perf_event *event)", event_init);
	FIELD(pmu, "int (*add)(struct perf_event *event, int flags)", add);
	FIELD(pmu, "void (*del)(struct perf_event *event, int flags)", del);
	FIELD(pmu, "void (*start)(struct perf_event *event, int flags)", start);
	FIELD(pmu, "void (*stop)(struct perf_event *event, int flags)", stop);
	FIELD(pmu, "void (*read)(struct perf_event *event)", read);
	SIZE(perf_event);
	FIELD(perf_event, "struct list_head sibling_list", sibling_list);
	FIELD(perf_event, "struct perf_event *group_leader", group_leader);
	FIELD(perf_event, "struct pmu *pmu", pmu);
	FIELD(perf_event, "local64_t count", count);
	FIELD(perf_event, "struct perf_event_attr attr", attr);
	FIELD(perf_event, "struct hw_perf_event hw", hw);
	FIELD(perf_event, "void (*destroy)(struct perf_event *event)", destroy);
}
