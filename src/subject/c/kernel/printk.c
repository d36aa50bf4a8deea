/* SPDX-License-Identifier: MIT */
/* What a driver says. A warning is a fact; the rest is kept for whoever asks why a probe failed. */
#include "hp.h"

#define SAYS(of) \
	va_list arguments; \
	va_start(arguments, format); \
	hp_vscnprintf(host_last_words, sizeof(host_last_words), format, arguments); \
	va_end(arguments); \
	for (char *c = host_last_words; *c; c++) \
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\') \
			*c = ' '
int _printk(const char *format, ...) { SAYS(); return 0; }
int hp_printk(const char *format, ...) NAMED(printk);
int hp_printk(const char *format, ...) { SAYS(); return 0; }
#define DEV(name) void name(const struct device *device, const char *format, ...) { SAYS(); }
DEV(_dev_emerg)
DEV(_dev_alert)
DEV(_dev_crit)
DEV(_dev_err)
DEV(_dev_warn)
DEV(_dev_notice)
DEV(_dev_info)
int dev_err_probe(const struct device *device, int error, const char *format, ...) { SAYS(); return error; }
int hp_dev_warn_probe(const struct device *device, int error, const char *format, ...) NAMED(dev_warn_probe);
int hp_dev_warn_probe(const struct device *device, int error, const char *format, ...) { SAYS(); return error; }
int ___ratelimit(struct ratelimit_state *state, const char *function) { return 1; }

static void warn(const char *file, int line, const void *at)
{
	const char *base = strrchr(file, '/');

	host_fact(at, "\"type\":\"warn\",\"file\":\"%s\",\"line\":%d", base ? base + 1 : file, line);
}
void warn_slowpath_fmt(const char *file, int line, unsigned int taint, const char *format, ...) { warn(file, line, HERE); }
void hp_warn_null(const char *file, int line) NAMED(warn_slowpath_null);
void hp_warn_null(const char *file, int line) { warn(file, line, HERE); }
void __warn_printk(const char *format, ...) { warn("", 0, HERE); }
void refcount_warn_saturate(refcount_t *count, enum refcount_saturation_type type) { warn("refcount", 0, HERE); }
void panic(const char *format, ...) { host_crash("panic"); }
void dump_stack(void) {}
