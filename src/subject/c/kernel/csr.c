/* SPDX-License-Identifier: MIT */
/* RISC-V's CSRs and calls of its firmware. */
#include "hp.h"
#include "device.h"
#include <asm/sbi.h>

/* Where a CSR lies. On RV32 each has 32 bits, and cycleh and the like are the upper halves of cycle and the like. */
enum { XLEN_BYTES = sizeof(long), FIRST_UPPER = 0xc80, LAST_UPPER = 0xc9f };
static unsigned long csr_at(int number)
{
	return BITS_PER_LONG == 32 && number >= FIRST_UPPER && number <= LAST_UPPER ? (number - 0x80) * 8UL + 4 : number * 8UL;
}
static void half_read(unsigned long address);
/* Of a counter that is read in halves, the lower (1) or the upper (2), after whose read the lower one comes round; 0: time stands still. */
static int comes_round;
unsigned long hp_csr_read(int number)
{
	unsigned long value = hp_device_read(CSR, csr_at(number), XLEN_BYTES, HERE);

	if (comes_round)
		half_read(csr_at(number));
	return value;
}
static unsigned long change(int number, unsigned long keep, unsigned long bits, const void *at)
{
	unsigned long old = device_value(CSR, csr_at(number), XLEN_BYTES);

	hp_device_write(CSR, csr_at(number), XLEN_BYTES, (old & keep) | bits, at);
	return old;
}
unsigned long hp_csr_swap(int number, unsigned long value) { return change(number, 0, value, HERE); }
unsigned long hp_csr_set(int number, unsigned long bits) { return change(number, ~0UL, bits, HERE); }
unsigned long hp_csr_clear(int number, unsigned long bits) { return change(number, ~bits, 0, HERE); }

unsigned long sbi_spec_version = 1UL << 24;
static void sbi_describe(void) { sbi_spec_version = has_snapshots() ? 2UL << 24 : 1UL << 24; }

static struct sbiret call(const struct hp_ecall *call, const void *at)
{
	struct sbiret answer = { 0 };
	const unsigned long *a = call->arguments;
	struct held before;

	hp_point(at, "a call of firmware");
	before = held_now();
	if (!hp_firmware(call, &answer.error, (unsigned long *)&answer.value))
		answer.error = SBI_ERR_NOT_SUPPORTED;
	host_fact(at, "\"type\":\"ecall\",\"hart\":%d,\"extension\":%lu,\"function\":%lu,\"arguments\":[\"%lx\",\"%lx\",\"%lx\",\"%lx\"],\"error\":%ld,\"value\":\"%lx\",\"counter\":%d,\"stops\":\"%llx\"",
		  hp_cpu, call->extension, call->function, a[0], a[1], a[2], a[3], answer.error, (unsigned long)answer.value, hp_counter_read_by(call), stopped_since(before));
	return answer;
}
struct sbiret hp_sbi_ecall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5, int function, int extension) NAMED(__sbi_ecall);
struct sbiret hp_sbi_ecall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5, int function, int extension)
{
	return call(&(struct hp_ecall){ extension, function, { a0, a1, a2, a3, a4, a5 } }, HERE);
}
struct sbiret hp_sbi_ecall_old(int extension, int function, unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5) NAMED(sbi_ecall);
struct sbiret hp_sbi_ecall_old(int extension, int function, unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)
{
	return call(&(struct hp_ecall){ extension, function, { a0, a1, a2, a3, a4, a5 } }, HERE);
}
long hp_sbi_probe_extension(int extension) NAMED(sbi_probe_extension);
long hp_sbi_probe_extension(int extension) { return table.has_firmware && extension == SBI_EXT_PMU; }
int hp_sbi_errno(int error) NAMED(sbi_err_map_linux_errno);
int hp_sbi_errno(int error)
{
	switch (error) {
	case SBI_SUCCESS: return 0;
	case SBI_ERR_DENIED: return -EPERM;
	case SBI_ERR_INVALID_PARAM: return -EINVAL;
	case SBI_ERR_INVALID_ADDRESS: return -EFAULT;
	default: return -ENOTSUPP;
	}
}
bool hp_isa_extension(const unsigned long *map, unsigned int bit) NAMED(__riscv_isa_extension_available);
bool hp_isa_extension(const unsigned long *map, unsigned int bit) { return true; }
struct fwnode_handle *riscv_get_intc_hwnode(void)
{
	static struct fwnode_handle node;

	return &node;
}
