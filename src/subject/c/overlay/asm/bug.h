/* SPDX-License-Identifier: MIT */
/* BUG and WARN are calls, and no instructions that trap. */
#ifndef HP_BUG_H
#define HP_BUG_H
#include <linux/const.h>
#include <linux/types.h>
#include <asm/asm.h>
#include <asm-generic/bug.h>
struct pt_regs;
struct task_struct;
void __show_regs(struct pt_regs *regs);
void die(struct pt_regs *regs, const char *text);
void do_trap(struct pt_regs *regs, int signal, int code, unsigned long address);
#endif
