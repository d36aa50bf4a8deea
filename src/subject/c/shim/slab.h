/* SPDX-License-Identifier: MIT */
/* slab.h: all that is allocated is part of the state */
#ifndef HARTPROOF_SLAB_H
#define HARTPROOF_SLAB_H

#ifndef GFP_KERNEL
#define GFP_KERNEL 0x1u
#define GFP_ATOMIC 0x2u
#define GFP_NOWAIT 0x4u
#define __GFP_ZERO 0x100u
#define vzalloc(size) kzalloc(size, GFP_KERNEL)
#endif
static inline void *shim_kmalloc(size_t size, gfp_t flags) { return shim_alloc(size, (flags & __GFP_ZERO) != 0); }
static inline void *shim_kzalloc(size_t size, gfp_t flags) { return shim_kmalloc(size, flags | __GFP_ZERO); }
static inline void *shim_kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return __builtin_mul_overflow(n, size, &size) ? NULL : shim_kmalloc(size, flags);
}
static inline void *shim_kcalloc(size_t n, size_t size, gfp_t flags) { return shim_kmalloc_array(n, size, flags | __GFP_ZERO); }
static inline void shim_kfree(const void *address) { shim_free(address); }
#define kmalloc(size, flags) shim_kmalloc(size, flags)
#define kzalloc(size, flags) shim_kzalloc(size, flags)
#define kmalloc_array(n, size, flags) shim_kmalloc_array(n, size, flags)
#define kcalloc(n, size, flags) shim_kcalloc(n, size, flags)
#define kfree(address) shim_kfree(address)
#define kvmalloc kmalloc
#define kvzalloc kzalloc
#define kvcalloc kcalloc
#define kvfree kfree
#define vzalloc(size) kzalloc(size, GFP_KERNEL)
#define vfree kfree
#define devm_kmalloc(device, size, flags) ((void)(device), kmalloc(size, flags))
#define devm_kzalloc(device, size, flags) ((void)(device), kzalloc(size, flags))
#define devm_kcalloc(device, n, size, flags) ((void)(device), kcalloc(n, size, flags))
#define devm_kfree(device, address) ((void)(device), kfree(address))

#endif
