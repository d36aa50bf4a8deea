/* SPDX-License-Identifier: MIT */
/* RISC-V's CSR instructions for an assembler that is not RISC-V's: each becomes a call that changes no register but its result. */
#ifndef HP_INSN_H
#define HP_INSN_H
__asm__(
".local hp_insn_result\n.comm hp_insn_result, 8, 8\n.local hp_insn_operand\n.comm hp_insn_operand, 8, 8\n"
".macro hp_save\n lea -256(%rsp), %rsp\n pushfq\n push %rax\n push %rcx\n push %rdx\n push %rsi\n push %rdi\n push %r8\n push %r9\n push %r10\n push %r11\n push %rbx\n mov %rsp, %rbx\n and $-16, %rsp\n.endm\n"
".macro hp_restore\n mov %rbx, %rsp\n pop %rbx\n pop %r11\n pop %r10\n pop %r9\n pop %r8\n pop %rdi\n pop %rsi\n pop %rdx\n pop %rcx\n pop %rax\n popfq\n lea 256(%rsp), %rsp\n.endm\n"
".macro csrr rd, csr\n hp_save\n mov $\\csr, %edi\n call hp_csr_read@PLT\n mov %rax, hp_insn_result(%rip)\n hp_restore\n mov hp_insn_result(%rip), \\rd\n.endm\n"
".macro hp_csr_op fn, csr, rs\n movq $0, hp_insn_operand(%rip)\n mov \\rs, hp_insn_operand(%rip)\n hp_save\n mov $\\csr, %edi\n mov hp_insn_operand(%rip), %rsi\n call \\fn@PLT\n hp_restore\n.endm\n"
".macro csrw csr, rs\n hp_csr_op hp_csr_swap, \\csr, \\rs\n.endm\n"
".macro csrs csr, rs\n hp_csr_op hp_csr_set, \\csr, \\rs\n.endm\n"
".macro csrc csr, rs\n hp_csr_op hp_csr_clear, \\csr, \\rs\n.endm\n"
);
/*
 * C-SKY's coprocessor registers: `cprgr %0, <0, 0x3>`. The number comes with the bracket behind it, so it is compared as a text;
 * general and control registers are told apart by their offset.
 */
#define HP_CP(n) ".ifc \\reg," n ">\n .set hp_cp_known, 1\n mov $" n "+\\from, %edi\n.endif\n"
#define HP_CP_ALL HP_CP("0x0") HP_CP("0x1") HP_CP("0x2") HP_CP("0x3") HP_CP("0x4") HP_CP("0x5") HP_CP("0x6") HP_CP("0x7") HP_CP("0x8") HP_CP("0x9") HP_CP("0xa") HP_CP("0xb") HP_CP("0xc") HP_CP("0xd") HP_CP("0xe") HP_CP("0xf") HP_CP("0x10") HP_CP("0x11") HP_CP("0x12") HP_CP("0x13") HP_CP("0x14") HP_CP("0x15") HP_CP("0x16") HP_CP("0x17") HP_CP("0x18") HP_CP("0x19") HP_CP("0x1a") HP_CP("0x1b") HP_CP("0x1c") HP_CP("0x1d") HP_CP("0x1e") HP_CP("0x1f") HP_CP("0x20") HP_CP("0x21") HP_CP("0x22") HP_CP("0x23") HP_CP("0x24") HP_CP("0x25") HP_CP("0x26") HP_CP("0x27") HP_CP("0x28") HP_CP("0x29") HP_CP("0x2a") HP_CP("0x2b") HP_CP("0x2c") HP_CP("0x2d") HP_CP("0x2e") HP_CP("0x2f") HP_CP("0x30") HP_CP("0x31") HP_CP("0x32") HP_CP("0x33") HP_CP("0x34") HP_CP("0x35") HP_CP("0x36") HP_CP("0x37")
__asm__(
".macro hp_cp_number reg, from\n.set hp_cp_known, 0\n" HP_CP_ALL ".if hp_cp_known == 0\n.error \"no such register of the coprocessor\"\n.endif\n.endm\n"
".macro hp_cp_get rd, reg, from\n hp_save\n hp_cp_number \\reg, \\from\n call hp_csr_read@PLT\n mov %rax, hp_insn_result(%rip)\n hp_restore\n mov hp_insn_result(%rip), \\rd\n.endm\n"
".macro hp_cp_set rs, reg, from\n movq $0, hp_insn_operand(%rip)\n mov \\rs, hp_insn_operand(%rip)\n hp_save\n hp_cp_number \\reg, \\from\n mov hp_insn_operand(%rip), %rsi\n call hp_csr_swap@PLT\n hp_restore\n.endm\n"
".macro cprgr rd, co, reg\n hp_cp_get \\rd, \\reg, 0x10000\n.endm\n"
".macro cprcr rd, co, reg\n hp_cp_get \\rd, \\reg, 0x10100\n.endm\n"
".macro cpwgr rs, co, reg\n hp_cp_set \\rs, \\reg, 0x10000\n.endm\n"
".macro cpwcr rs, co, reg\n hp_cp_set \\rs, \\reg, 0x10100\n.endm\n"
);
#endif
