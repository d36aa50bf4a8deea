/* SPDX-License-Identifier: MIT */
/*
 * Read before a driver that is compiled with a kernel tree: types, constants and inline functions are the kernel's own, and
 * what happens (a lock, an atomic, a register, a warning) is a call of the harness, as without a tree.
 */
#ifndef HARTPROOF_TREE_H
#define HARTPROOF_TREE_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/percpu.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/csr.h>
/* What else of the tree the driver includes: once behind the macros, it would be read as the driver is. */
#include "hartproof_included.h"

#include "shim.h"
#include "shim/module.h"
#include "shim/initcall.h"
#include "shim/report.h"
#include "shim/percpu.h"
#include "shim/atomic.h"
#include "shim/local64.h"
#include "shim/slab.h"
#include "shim/locks.h"
#include "shim/interrupt.h"
#include "shim/perf.h"
#include "shim/csr.h"

/* No device tree, as without a kernel tree. */
#define of_find_node_by_type(from, type) ((void)(from), (void)(type), (struct device_node *)NULL)
#define of_match_node(ids, node) ((void)(ids), (void)(node), (const struct of_device_id *)NULL)
#define of_node_put(node) ((void)(node))

#if SHIM_XLEN == 32
#undef CONFIG_64BIT
#undef __riscv_xlen
#define CONFIG_32BIT 1
#define __riscv_xlen 32
#endif

#endif
