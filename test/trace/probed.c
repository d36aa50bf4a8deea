/* The functions of the posted driver with the fields that probes fetch, for perf to find in its debug information. */
typedef unsigned long long u64; typedef long long s64; typedef unsigned int u32; typedef int s32; typedef unsigned short u16;
typedef struct { s64 counter; } atomic64_t; typedef struct { atomic64_t a; } local_t; typedef struct { local_t a; } local64_t; typedef struct { int counter; } atomic_t;
struct attr { u32 type, size; u64 config, sample_period, sample_type, read_format; u64 disabled:1, inherit:1, pinned:1, exclusive:1, exclude_user:1, exclude_kernel:1, exclude_hv:1, exclude_idle:1, mmap:7, precise_ip:2; };
struct perf_event { struct perf_event *group_leader, *parent; int state, oncpu; local64_t count; struct attr attr; struct { int state, idx; local64_t prev_count; } hw; };
atomic_t riscv_active_events;
__attribute__((used,noinline)) static int riscv_event_init(struct perf_event *event) { return event->state; }
__attribute__((used,noinline)) static int riscv_pmu_add(struct perf_event *event, int flags) { return flags + event->state; }
__attribute__((used,noinline)) static void riscv_pmu_del(struct perf_event *event, int flags) { event->state = flags; }
__attribute__((used,noinline)) static void riscv_pmu_start(struct perf_event *event, int flags) { event->state = flags; }
__attribute__((used,noinline)) static void riscv_pmu_stop(struct perf_event *event, int flags) { event->state = flags; }
__attribute__((used,noinline)) static void riscv_pmu_read(struct perf_event *event) { event->state = 0; }
__attribute__((used,noinline)) static void riscv_event_destroy(struct perf_event *event) { event->state = 0; }
__attribute__((used,noinline)) void __warn(const char *file, int line) { (void)file; (void)line; }
int main(void) { struct perf_event e = {0}; __warn("", 0); return riscv_event_init(&e) + riscv_pmu_add(&e, riscv_active_events.counter); }
