/* SPDX-License-Identifier: MIT */
/* arm64's system registers: one that has a name alone gets a number made of it. */
#include "hp.h"

static unsigned long sysreg_of(const char *name, unsigned long number)
{
	unsigned int hash = 2166136261u;

	if (!name)
		return number * 8;
	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (1UL << 32 | hash) * 8;
}
u64 hp_sysreg_read(const char *name, unsigned long number) { return hp_device_read(SYSREG, sysreg_of(name, number), 8, HERE); }
void hp_sysreg_write(u64 value, const char *name, unsigned long number) { hp_device_write(SYSREG, sysreg_of(name, number), 8, value, HERE); }
/* Qualcomm's L2 cache has registers of its own behind two of these. */
u64 kryo_l2_get_indirect_reg(u64 number) { return hp_device_read(SYSREG, (2UL << 32 | number) * 8, 8, HERE); }
void kryo_l2_set_indirect_reg(u64 number, u64 value) { hp_device_write(SYSREG, (2UL << 32 | number) * 8, 8, value, HERE); }
/* No guest runs. */
void hp_kvm_clear(u64 mask) NAMED(kvm_clr_pmu_events);
void hp_kvm_clear(u64 mask) {}
void hp_kvm_set(u64 mask, void *attr) NAMED(kvm_set_pmu_events);
void hp_kvm_set(u64 mask, void *attr) {}
bool hp_kvm_deferred(void *attr) NAMED(kvm_pmu_counter_deferred);
bool hp_kvm_deferred(void *attr) { return false; }
void hp_kvm_init(void *pmu) NAMED(kvm_host_pmu_init);
void hp_kvm_init(void *pmu) {}
void hp_kvm_resync(void) NAMED(kvm_vcpu_pmu_resync_el0);
void hp_kvm_resync(void) {}
bool hp_kvm_user(void) NAMED(kvm_set_pmuserenr);
bool hp_kvm_user(void) { return false; }
