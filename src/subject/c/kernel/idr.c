/* SPDX-License-Identifier: MIT */
#include "hp.h"
#include <linux/idr.h>

int hp_ida_alloc(struct ida *ida, unsigned int least, unsigned int most, gfp_t flags) NAMED(ida_alloc_range);
int hp_ida_alloc(struct ida *ida, unsigned int least, unsigned int most, gfp_t flags)
{
	unsigned long *taken = (unsigned long *)&ida->xa.xa_head;

	if (hp_fails("ida_alloc", HERE))
		return -ENOMEM;
	for (unsigned int n = least; n <= most && n < 63; n++)
		if (!(*taken >> n & 1)) {
			*taken |= 1UL << n;
			hp_hold("a number of an IDA", (char *)ida + n, HERE);
			return n;
		}
	return -ENOSPC;
}
void ida_free(struct ida *ida, unsigned int id)
{
	unsigned long *taken = (unsigned long *)&ida->xa.xa_head;

	if (id < 63)
		*taken &= ~(1UL << id);
	hp_let_go("a number of an IDA", (char *)ida + id);
}
void ida_destroy(struct ida *ida) {}
