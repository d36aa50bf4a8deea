/* SPDX-License-Identifier: MIT */
#ifndef HP_CURRENT_H
#define HP_CURRENT_H
struct task_struct;
extern struct task_struct *hp_current(void);
#define get_current() hp_current()
#define current get_current()
#define current_stack_pointer ((unsigned long)__builtin_frame_address(0))
#endif
