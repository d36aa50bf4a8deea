/* SPDX-License-Identifier: MIT */
/* init.h: the functions that the kernel calls as it boots, in the order of their links. */
#ifndef HARTPROOF_INITCALL_H
#define HARTPROOF_INITCALL_H

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);
/* Ends with a declaration that wants a semicolon and, in a file that has none, does without. */
#define shim_initcall(fn)                                                                                             \
	__attribute__((section("shim_initcalls"), used)) static initcall_t shim_initcall_##fn = (initcall_t)fn;
#define early_initcall(fn) shim_initcall(fn)
#define pure_initcall(fn) shim_initcall(fn)
#define core_initcall(fn) shim_initcall(fn)
#define core_initcall_sync(fn) shim_initcall(fn)
#define postcore_initcall(fn) shim_initcall(fn)
#define arch_initcall(fn) shim_initcall(fn)
#define arch_initcall_sync(fn) shim_initcall(fn)
#define subsys_initcall(fn) shim_initcall(fn)
#define subsys_initcall_sync(fn) shim_initcall(fn)
#define fs_initcall(fn) shim_initcall(fn)
#define rootfs_initcall(fn) shim_initcall(fn)
#define device_initcall(fn) shim_initcall(fn)
#define device_initcall_sync(fn) shim_initcall(fn)
#define late_initcall(fn) shim_initcall(fn)
#define late_initcall_sync(fn) shim_initcall(fn)
#define console_initcall(fn) shim_initcall(fn)
#define __initcall(fn) shim_initcall(fn)
#define module_init(fn) shim_initcall(fn)
#define module_exit(fn)
#define __exitcall(fn)

#endif
