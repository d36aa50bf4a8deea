/* SPDX-License-Identifier: MIT */
/* A driver that is linked in here, and may be a module elsewhere: what it says of itself is the same as there. */
#include_next <linux/init.h>
#undef THIS_MODULE
extern struct module hp_this_module;
#define THIS_MODULE (&hp_this_module)
