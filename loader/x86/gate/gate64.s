# The x86-64 system-call gate. A trampoline enters with the return address in %rcx; everything else is the guest's.
# Position independent, and without a byte of the guest's stack: its red zone is in use.
#
# Protocol with the kernel (loader/x86/gate/channel.ts says what the words are; gate.md would say no more):
#   post    registers -> channel; state = POSTED; pending[index] = 1; xchg summary, 1; look at kernel_sleeps
#   wait    until state != POSTED: spin, then NtYieldExecution between looks (more threads than processors), then
#           guest_sleeps = 1 by xchg, look again, NtWaitForSingleObject; at once, without yielding, while rests is not 0
#   reply   the kernel writes the registers, then state by xchg, then looks at guest_sleeps
# A thread is halted by the answer SAVE, or by being sent to `halt`: its vector and x87 state lies in XSAVE_AREA, which
# is the kernel's to read and write until it answers ALL; meanwhile the live state is nobody's. The thread's slots that
# belong to the guest's state are put aside, too.
# Both "announce, then look" pairs are locked operations, so that one side always sees the other's announcement.

	.intel_syntax noprefix
	.text
gate:
	mov	r11, gs:[CHANNEL_SLOT]
	mov	[r11 + C_RAX], rax
	mov	[r11 + C_RDI], rdi
	mov	[r11 + C_RSI], rsi
	mov	[r11 + C_RDX], rdx
	mov	[r11 + C_R10], r10
	mov	[r11 + C_R8], r8
	mov	[r11 + C_R9], r9
	mov	[r11 + C_RBX], rbx
	mov	[r11 + C_RCX], rcx
	mov	[r11 + C_RBP], rbp
	mov	[r11 + C_RSP], rsp
	mov	[r11 + C_R12], r12
	mov	[r11 + C_R13], r13
	mov	[r11 + C_R14], r14
	mov	[r11 + C_R15], r15
	mov	[r11 + C_RIP], rcx
	lea	rsp, [r11 + C_RFLAGS + 8]
	pushfq				# into the flags' own slot
	cmp	dword ptr [r11 + LENDS], 0
	jne	lent
post:
	mov	dword ptr [r11 + STATE], POSTED
	mov	rax, [r11 + SHARED]
	mov	ecx, [r11 + INDEX]
	mov	byte ptr [rax + rcx + PENDING], 1
	mov	ecx, 1
	xchg	[rax + SUMMARY], ecx
	cmp	dword ptr [rax + KERNEL_SLEEPS], 0
	jne	ring
spin:
	mov	ecx, [rax + GUEST_SPINS]
1:	mov	eax, [r11 + STATE]
	cmp	eax, POSTED
	jne	answered
	pause
	dec	ecx
	jnz	1b
	jmp	sleep
answered:
	cmp	eax, RESULT
	jne	other
return:
	popfq				# the flags' slot is where rsp points
	mov	rsp, [r11 + C_RSP]
	mov	rax, [r11 + C_RAX]
	mov	rcx, [r11 + C_RIP]
	mov	r11, [r11 + C_RFLAGS]
	jmp	rcx

# What the kernel has stored lies in its processor's cache: fetched line by line, each would cost the guest the whole
# way where nothing hides it.
fetch:
	mov	rax, [r11 + FETCH_START]
	mov	ecx, [r11 + FETCH_LINES]
1:	prefetcht0 [rax]
	add	rax, 64
	dec	ecx
	jnz	1b
	jmp	return

# From here on Windows' functions are called: on the thread's own stack, with the vector and x87 state put aside.
# rbx keeps the channel.
sleep:
	call	enter_host
	mov	rax, [rbx + SHARED]
	mov	r12d, [rax + GUEST_YIELDS]
4:	cmp	dword ptr [rbx + STATE], POSTED
	jne	2f
	cmp	dword ptr [rbx + RESTS], 0
	jne	5f
	call	[rbx + NT_YIELD_EXECUTION]
	mov	rax, [rbx + SHARED]
	mov	ecx, [rax + GUEST_PAUSES]
3:	pause
	cmp	dword ptr [rbx + STATE], POSTED
	jne	2f
	dec	ecx
	jnz	3b
	dec	r12d
	jnz	4b
5:	mov	ecx, 1
	xchg	[rbx + GUEST_SLEEPS], ecx
	cmp	dword ptr [rbx + STATE], POSTED
	jne	2f
	mov	rcx, [rbx + EVENT]
	xor	edx, edx
	xor	r8d, r8d
	call	[rbx + NT_WAIT_FOR_SINGLE_OBJECT]
2:	mov	dword ptr [rbx + GUEST_SLEEPS], 0
	call	leave_host
	mov	rax, [r11 + SHARED]
	jmp	spin

	.include "lent64.s"

ring:
	xor	ecx, ecx
	xchg	[rax + KERNEL_SLEEPS], ecx
	test	ecx, ecx
	jz	spin			# somebody else rings
	call	enter_host
	mov	rcx, [rbx + DOORBELL]
	xor	edx, edx
	call	[rbx + NT_SET_EVENT]
	call	leave_host
	mov	rax, [r11 + SHARED]
	jmp	spin

# The kernel has put the general registers into the channel itself.
halt:
	mov	r11, gs:[CHANNEL_SLOT]
	lea	rsp, [r11 + C_RFLAGS]
save:
	cmp	dword ptr [r11 + HALTED], 0
	jne	post
	mov	rax, gs:[CANARY_SLOT]
	mov	[r11 + CANARY], rax
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xsave64	[r11 + XSAVE_AREA]
	mov	rax, gs:[SPILL_SLOT]
	mov	[r11 + SAVED_SPILL], rax
	mov	dword ptr [r11 + HALTED], 1
	jmp	post

other:
	cmp	eax, CALLS
	je	calls
	cmp	eax, FETCH
	je	fetch
	cmp	eax, SAVE
	je	save
restore_all:				# every register as the kernel set it; the stack pointer last but one
	cmp	dword ptr [r11 + HALTED], 0
	je	4f
	mov	dword ptr [r11 + HALTED], 0
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xrstor64 [r11 + XSAVE_AREA]
4:	mov	rax, [r11 + THREAD_POINTER]
	mov	gs:[THREAD_POINTER_SLOT], rax
	cmp	dword ptr [r11 + SETS_CANARY], 0
	je	7f
	mov	rax, [r11 + NEW_CANARY]
	mov	gs:[CANARY_SLOT], rax
	mov	dword ptr [r11 + SETS_CANARY], 0
7:	mov	rdi, [r11 + C_RDI]
	mov	rsi, [r11 + C_RSI]
	mov	rdx, [r11 + C_RDX]
	mov	r10, [r11 + C_R10]
	mov	r8, [r11 + C_R8]
	mov	r9, [r11 + C_R9]
	mov	rbx, [r11 + C_RBX]
	mov	rbp, [r11 + C_RBP]
	mov	r12, [r11 + C_R12]
	mov	r13, [r11 + C_R13]
	mov	r14, [r11 + C_R14]
	mov	r15, [r11 + C_R15]
	mov	rax, [r11 + C_RIP]
	mov	gs:[SPILL_SLOT], rax
	popfq
	mov	rsp, [r11 + C_RSP]
	mov	rax, [r11 + C_RAX]
	mov	rcx, [r11 + C_RCX]
	mov	r11, [r11 + C_R11]
	jmp	gs:[SPILL_SLOT]

# The kernel wants Windows' functions called here: CALL_COUNT records of function, ten arguments and the answer.
calls:
	call	enter_host
	mov	r12d, [rbx + CALL_COUNT]
	lea	r13, [rbx + CALL_RECORDS]
3:	mov	rcx, [r13 + 8]
	mov	rdx, [r13 + 16]
	mov	r8, [r13 + 24]
	mov	r9, [r13 + 32]
	mov	rax, [r13 + 40]
	mov	[rsp + 32], rax
	mov	rax, [r13 + 48]
	mov	[rsp + 40], rax
	mov	rax, [r13 + 56]
	mov	[rsp + 48], rax
	mov	rax, [r13 + 64]
	mov	[rsp + 56], rax
	mov	rax, [r13 + 72]
	mov	[rsp + 64], rax
	mov	rax, [r13 + 80]
	mov	[rsp + 72], rax
	call	[r13]
	mov	[r13 + 88], rax
	add	r13, CALL_SIZE
	dec	r12d
	jnz	3b
	call	leave_host
	mov	eax, [r11 + AFTER_CALLS]
	cmp	eax, POSTED
	je	post
	mov	[r11 + STATE], eax
	jmp	answered

# Takes the return address of its caller from the channel's scratch stack (below RFLAGS' slot lies RIP's, which must
# not be overwritten: so the switch to the host's stack comes first). Preserves nothing of the guest's: it is stored.
enter_host:
	mov	rbx, r11
	pop	rcx
	mov	rsp, [rbx + HOST_STACK]
	sub	rsp, 0x80		# shadow space, stack arguments, alignment
	cmp	dword ptr [rbx + HALTED], 0
	jne	5f
	mov	rax, gs:[CANARY_SLOT]
	mov	[rbx + CANARY], rax
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xsave64	[rbx + XSAVE_AREA]
5:	cld
	push	rcx
	ret

leave_host:
	pop	rcx
	cmp	dword ptr [rbx + HALTED], 0
	jne	6f
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xrstor64 [rbx + XSAVE_AREA]
6:	mov	r11, rbx
	lea	rsp, [r11 + C_RFLAGS]
	mov	rdx, [r11 + C_RDX]
	mov	rbx, [r11 + C_RBX]
	mov	r8, [r11 + C_R8]
	mov	r9, [r11 + C_R9]
	mov	r10, [r11 + C_R10]
	mov	r12, [r11 + C_R12]
	mov	r13, [r11 + C_R13]
	jmp	rcx
