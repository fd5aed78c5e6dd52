# For native_test.ts: a gate that makes the system call itself, but keeps the thread pointer in slot 61 of a fake
# TEB behind %gs. Assembled at the start of the trampoline area; `start` is the program's entry.
gate:	mov %rcx, %gs:0x1480+8*60
	lea -15(%rax), %ecx		# rt_sigreturn wants its own %rsp
	jecxz 1f
	lea -158(%rax), %ecx		# arch_prctl(ARCH_SET_FS, base)
	jecxz 2f
3:	lea -128(%rsp), %rsp		# not into the red zone
	push %gs:0x1480+8*60		# where a signal handler cannot change it
	syscall
	pop %rcx
	lea 128(%rsp), %rsp
	jmp *%rcx
1:	syscall
2:	lea -0x1002(%rdi), %ecx
	jecxz 4f
	jmp 3b
4:	mov %rsi, %gs:0x1480+8*61
	mov $0, %eax
	jmp *%gs:0x1480+8*60
start:	mov $158, %eax
	mov $0x1001, %edi		# ARCH_SET_GS
	lea teb(%rip), %rsi
	syscall
	xor %edi, %edi
	xor %edx, %edx
	jmp *entry(%rip)
	.balign 16
entry:	.quad 0x1122334455667788	# filled in
	.balign 16
teb:	.fill 0x2000
	.org 0x3000
