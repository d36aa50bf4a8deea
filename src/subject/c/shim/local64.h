/* SPDX-License-Identifier: MIT */
/* local64.h: a local64_t of an event is seen by the harness, by its address */
#ifndef HARTPROOF_LOCAL64_H
#define HARTPROOF_LOCAL64_H

#define LOCAL64_INIT(value) { (value) }
#define local64_read(l) shim_local64_read(l)
#define local64_set(l, value) shim_local64_set(l, value)
#define local64_add(value, l) ((void)shim_local64_add(value, l))
#define local64_sub(value, l) ((void)shim_local64_add(-(u64)(value), l))
#define local64_add_return(value, l) shim_local64_add(value, l)
#define local64_sub_return(value, l) shim_local64_add(-(u64)(value), l)
#define local64_inc(l) ((void)shim_local64_add(1, l))
#define local64_cmpxchg(l, expected, value) ({ u64 shim_expected = (expected); shim_local64_exchange(l, &shim_expected, value); })
#define local64_xchg(l, value) shim_local64_exchange(l, NULL, value)

#endif
