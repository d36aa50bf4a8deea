/* What a monitor of the kernel needs of it, in user space: written for the test of the monitor of an event's lifecycle. */
#ifndef SHIM_H
#define SHIM_H
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_RV_REACTORS
#define BIT(nr) (1u << (nr))
#define unlikely(condition) (condition)
#define DEFINE_RAW_SPINLOCK(name) int name
#define raw_spin_lock_irqsave(lock, flags) ((void)(flags = ++*(lock)))
#define raw_spin_unlock_irqrestore(lock, flags) ((void)(*(lock) -= !!(flags)))
#define pr_warn(...) printf(__VA_ARGS__)
#define pr_err(...) printf(__VA_ARGS__)
#define __init
#define __exit
#define module_init(function) int main_init(void) { return function(); }
#define module_exit(function) void main_exit(void) { function(); }
#define MODULE_LICENSE(text)
#define MODULE_AUTHOR(text)
#define MODULE_DESCRIPTION(text)

/* linux/rv.h */
struct da_monitor {
	bool monitoring;
	unsigned int curr_state;
};
struct rv_monitor {
	const char *name, *description;
	bool enabled;
	int (*enable)(void);
	void (*disable)(void);
	void (*reset)(void);
	void (*react)(char *message);
};
static inline bool rv_monitoring_on(void) { return true; }
static inline bool rv_reacting_on(void) { return true; }
int rv_register_monitor(struct rv_monitor *monitor);
void rv_unregister_monitor(struct rv_monitor *monitor);

/* trace/events/rv.h */
static inline void trace_event_lifecycle(char *state, char *event, char *next, bool final)
{
	if (getenv("RV_TELL"))
		printf("%s x %s -> %s%s\n", state, event, next, final ? " (final)" : "");
}
static inline void trace_error_lifecycle(char *state, char *event)
{
	printf("event %s not expected in the state %s\n", event, state);
}

/* linux/perf_event.h */
enum { PERF_TYPE_HARDWARE, PERF_TYPE_HW_CACHE = 3 };
struct perf_event {
	struct { unsigned int type; } attr;
	void (*destroy)(struct perf_event *event);
};

/* linux/kprobes.h */
struct pt_regs {
	unsigned long argument[2], value;
};
struct kretprobe_instance;
struct kretprobe {
	struct { const char *symbol_name; } kp;
	int (*entry_handler)(struct kretprobe_instance *instance, struct pt_regs *regs);
	int (*handler)(struct kretprobe_instance *instance, struct pt_regs *regs);
	size_t data_size;
	int maxactive, nmissed;
};
struct kretprobe_instance {
	struct kretprobe *probe;
	char data[sizeof(void *)];
};
#define get_kretprobe(instance) ((instance)->probe)
#define regs_get_kernel_argument(regs, n) ((regs)->argument[n])
#define regs_return_value(regs) ((regs)->value)
int register_kretprobe(struct kretprobe *probe);
void unregister_kretprobe(struct kretprobe *probe);
#endif
