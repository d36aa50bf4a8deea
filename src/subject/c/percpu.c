/* SPDX-License-Identifier: MIT */
/* Memory of each hart that the driver asks for, and where in such memory it keeps its books. */
#include "harness.h"

/* The reserve begins with how much of it is given out, so that this is part of the state as well. */
void *shim_alloc_percpu(unsigned long size, unsigned long align)
{
	u64 *given = (u64 *)subject->percpu_reserve;
	unsigned long from;

	if (given == NULL)
		return NULL;
	if (align < sizeof(u64))
		align = sizeof(u64);
	from = ((*given ? *given : sizeof(*given)) + align - 1) & ~(align - 1);
	if (size > subject->percpu_reserved || from > subject->percpu_reserved - size)
		return NULL;
	*given = from + size;
	return subject->percpu_reserve + from;
}

char *bookkeeping(int hart)
{
	return subject->bookkeeping ? subject->bookkeeping(hart) : NULL;
}
