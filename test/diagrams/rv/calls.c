/*
 * Makes the calls that standard input lists into the probes that the monitor set, a line each:
 *   call FUNCTION EVENT FLAGS TYPE          FUNCTION is called; EVENT is a number, TYPE its attr.type
 *   return FUNCTION EVENT RET DESTROY       it returns; DESTROY tells whether event->destroy is set
 */
#include "lifecycle.c"

#define EVENTS 4096
#define DEEP 64
static struct rv_monitor *monitor;
static struct kretprobe *probes[16];
static struct perf_event events[EVENTS];
static struct { struct kretprobe_instance instance; int event; } open[DEEP];
static int opened;

int rv_register_monitor(struct rv_monitor *one) { monitor = one; return 0; }
void rv_unregister_monitor(struct rv_monitor *one) { (void)one; }
int register_kretprobe(struct kretprobe *probe)
{
	for (int i = 0; i < 16; i++)
		if (!probes[i]) { probes[i] = probe; return 0; }
	return -ENOMEM;
}
void unregister_kretprobe(struct kretprobe *probe)
{
	for (int i = 0; i < 16; i++)
		if (probes[i] == probe) probes[i] = NULL;
}

static void react(char *message) { (void)message; }
static void destroy(struct perf_event *event) { (void)event; }

int main(void)
{
	char what[8], function[64];
	int event;
	long first, second;

	main_init();
	/* What was switched off and on again watches as before. */
	if (monitor->enable()) return 2;
	monitor->disable();
	if (monitor->enable()) return 2;
	monitor->enabled = true;
	monitor->react = react;
	for (int line = 1; scanf("%7s %63s %d %ld %ld", what, function, &event, &first, &second) == 5; line++) {
		struct pt_regs regs = { { (unsigned long)&events[event], (unsigned long)first }, (unsigned long)first };
		struct kretprobe *probe = NULL;
		int i;

		for (i = 0; i < 16; i++)
			if (probes[i] && !strcmp(probes[i]->kp.symbol_name, function)) probe = probes[i];
		if (!probe || event < 0 || event >= EVENTS) return 3;
		if (!strcmp(what, "call")) {
			events[event].attr.type = (unsigned int)second;
			if (opened == DEEP) return 4;
			open[opened].instance.probe = probe;
			open[opened].event = event;
			probe->entry_handler(&open[opened++].instance, &regs);
			continue;
		}
		for (i = opened - 1; i >= 0; i--)
			if (open[i].instance.probe == probe && open[i].event == event) break;
		if (i < 0) return 5;
		events[event].destroy = second ? destroy : NULL;
		probe->handler(&open[i].instance, &regs);
		memmove(&open[i], &open[i + 1], (size_t)(--opened - i) * sizeof open[0]);
	}
	monitor->disable();
	main_exit();
	return 0;
}
