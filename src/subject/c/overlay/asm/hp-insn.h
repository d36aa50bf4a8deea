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
#endif
