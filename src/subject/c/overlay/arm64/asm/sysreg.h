/* SPDX-License-Identifier: MIT */
/* arm64's system registers: numbers and fields are the tree's, an access is a call. */
#include_next <asm/sysreg.h>
#ifndef HP_ARM64_SYSREG_H
#define HP_ARM64_SYSREG_H
#undef read_sysreg
#undef write_sysreg
#undef read_sysreg_s
#undef write_sysreg_s
extern u64 hp_sysreg_read(const char *name, unsigned long number);
extern void hp_sysreg_write(u64 value, const char *name, unsigned long number);
#define read_sysreg(r) hp_sysreg_read(#r, 0)
#define write_sysreg(v, r) hp_sysreg_write(v, #r, 0)
#define read_sysreg_s(r) hp_sysreg_read(0, r)
#define write_sysreg_s(v, r) hp_sysreg_write(v, 0, r)
#ifndef isb
#define isb() mb()
#define dsb(option) mb()
#endif
#include <asm/cputype.h>
/* Of arm64's cpufeature.h, behind which the one of the base stands: fields of four bits. */
static inline unsigned int cpuid_feature_extract_unsigned_field(u64 features, int field) { return features >> field & 15; }
static inline int cpuid_feature_extract_signed_field(u64 features, int field) { return (s64)(features << (60 - field)) >> 60; }
#endif
