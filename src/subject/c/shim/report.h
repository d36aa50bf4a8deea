/* SPDX-License-Identifier: MIT */
/* bug.h, printk.h */
#ifndef HARTPROOF_REPORT_H
#define HARTPROOF_REPORT_H

/* Reported each time, also the ONCE: the state of a system should not depend on what its log has seen. */
#define shim_warn_on(condition, text)                                                                                 \
	({                                                                                                            \
		int shim_fires = !!(condition);                                                                       \
		if (shim_fires)                                                                                       \
			shim_warn(__func__, text);                                                                    \
		shim_fires;                                                                                           \
	})
#define WARN_ON(condition) shim_warn_on(condition, #condition)
#define WARN_ON_ONCE(condition) shim_warn_on(condition, #condition)
#define WARN(condition, ...) shim_warn_on(condition, #condition)
#define WARN_ONCE(condition, ...) shim_warn_on(condition, #condition)
#define BUG_ON(condition) ((void)((condition) && (__builtin_trap(), 0)))
#define BUG() __builtin_trap()
#define pr_warn(...) shim_pr_warn()
#define pr_warn_once(...) shim_pr_warn()
#define pr_warning(...) shim_pr_warn()
#define pr_warn_ratelimited(...) shim_pr_warn()
/* What is only printed is looked at by the compiler, as the kernel has it, and by nobody else. */
#define shim_printed(...) ((void)sizeof(shim_print(__VA_ARGS__)))
int shim_print();
#define pr_emerg(...) shim_printed(__VA_ARGS__)
#define pr_alert(...) shim_printed(__VA_ARGS__)
#define pr_crit(...) shim_printed(__VA_ARGS__)
#define pr_err(...) shim_printed(__VA_ARGS__)
#define pr_err_once(...) shim_printed(__VA_ARGS__)
#define pr_err_ratelimited(...) shim_printed(__VA_ARGS__)
#define pr_info(...) shim_printed(__VA_ARGS__)
#define pr_info_once(...) shim_printed(__VA_ARGS__)
#define pr_notice(...) shim_printed(__VA_ARGS__)
#define pr_debug(...) shim_printed(__VA_ARGS__)
#define pr_devel(...) shim_printed(__VA_ARGS__)
#define pr_cont(...) shim_printed(__VA_ARGS__)
#define dev_err(...) shim_printed(__VA_ARGS__)
#define dev_warn(...) shim_printed(__VA_ARGS__)
#define dev_info(...) shim_printed(__VA_ARGS__)
#define dev_notice(...) shim_printed(__VA_ARGS__)
#define dev_dbg(...) shim_printed(__VA_ARGS__)
#define dev_err_probe(device, error, ...) (shim_printed(device, __VA_ARGS__), (error))
#define printk(...) shim_printed(__VA_ARGS__)
#define printk_once(...) shim_printed(__VA_ARGS__)
#define KERN_EMERG ""
#define KERN_ALERT ""
#define KERN_CRIT ""
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define KERN_CONT ""

#endif
