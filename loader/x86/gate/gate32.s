# The i386 system-call gate: gate64.s for 32-bit code, where `int $0x80` keeps every register but %eax. The
# trampoline has left the return address in the thread's RETURN_SLOT. Slots of the channel are 8 bytes here too.

	.intel_syntax noprefix
	.text
gate:
	mov	fs:[SPILL_SLOT], ecx
	mov	ecx, fs:[CHANNEL_SLOT]
	mov	[ecx + C_RAX], eax
	mov	[ecx + C_RBX], ebx
	mov	[ecx + C_RDX], edx
	mov	[ecx + C_RSI], esi
	mov	[ecx + C_RDI], edi
	mov	[ecx + C_RBP], ebp
	mov	[ecx + C_RSP], esp
	mov	eax, fs:[SPILL_SLOT]
	mov	[ecx + C_RCX], eax
	mov	eax, fs:[RETURN_SLOT]
	mov	[ecx + C_RIP], eax
	lea	esp, [ecx + C_RFLAGS + 4]
	pushfd				# into the flags' own slot
post:
	mov	dword ptr [ecx + STATE], POSTED
	mov	eax, [ecx + SHARED]
	mov	edx, [ecx + INDEX]
	mov	byte ptr [eax + edx + PENDING], 1
	mov	edx, 1
	xchg	[eax + SUMMARY], edx
	cmp	dword ptr [eax + KERNEL_SLEEPS], 0
	jne	ring
spin:
	mov	edx, [eax + GUEST_SPINS]
1:	mov	eax, [ecx + STATE]
	cmp	eax, POSTED
	jne	answered
	pause
	dec	edx
	jnz	1b
	jmp	sleep
answered:
	cmp	eax, RESULT
	jne	other
return:
	mov	eax, [ecx + C_RIP]
	mov	fs:[RETURN_SLOT], eax
	popfd
	mov	edx, [ecx + C_RDX]
	mov	eax, [ecx + C_RAX]
	mov	esp, [ecx + C_RSP]
	mov	ecx, [ecx + C_RCX]
	jmp	fs:[RETURN_SLOT]

fetch:
	mov	eax, [ecx + FETCH_START]
	mov	edx, [ecx + FETCH_LINES]
1:	prefetcht0 [eax]
	add	eax, 64
	dec	edx
	jnz	1b
	jmp	return

# From here on Windows' functions are called: on the thread's own stack, with the vector and x87 state put aside.
# ebx keeps the channel.
sleep:
	call	enter_host
	mov	eax, [ebx + SHARED]
	mov	edi, [eax + GUEST_YIELDS]
4:	cmp	dword ptr [ebx + STATE], POSTED
	jne	2f
	cmp	dword ptr [ebx + RESTS], 0
	jne	5f
	call	[ebx + NT_YIELD_EXECUTION]
	dec	edi
	jnz	4b
5:	mov	ecx, 1
	xchg	[ebx + GUEST_SLEEPS], ecx
	cmp	dword ptr [ebx + STATE], POSTED
	jne	2f
	push	0
	push	0
	push	dword ptr [ebx + EVENT]
	call	[ebx + NT_WAIT_FOR_SINGLE_OBJECT]
2:	mov	dword ptr [ebx + GUEST_SLEEPS], 0
	call	leave_host
	mov	edi, [ecx + C_RDI]
	mov	eax, [ecx + SHARED]
	jmp	spin

ring:
	xor	edx, edx
	xchg	[eax + KERNEL_SLEEPS], edx
	test	edx, edx
	jz	spin			# somebody else rings
	call	enter_host
	push	0
	push	dword ptr [ebx + DOORBELL]
	call	[ebx + NT_SET_EVENT]
	call	leave_host
	mov	eax, [ecx + SHARED]
	jmp	spin

# The kernel has put the general registers into the channel itself.
halt:
	mov	ecx, fs:[CHANNEL_SLOT]
	lea	esp, [ecx + C_RFLAGS]
save:
	cmp	dword ptr [ecx + HALTED], 0
	jne	post
	mov	eax, fs:[CANARY_SLOT]
	mov	[ecx + CANARY], eax
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xsave	[ecx + XSAVE_AREA]
	mov	eax, fs:[SPILL_SLOT]
	mov	[ecx + SAVED_SPILL], eax
	mov	eax, fs:[FS_SELECTOR_SLOT]
	mov	[ecx + SAVED_FS], eax
	mov	eax, fs:[GS_SELECTOR_SLOT]
	mov	[ecx + SAVED_GS], eax
	mov	dword ptr [ecx + HALTED], 1
	jmp	post

other:
	cmp	eax, CALLS
	je	calls
	cmp	eax, FETCH
	je	fetch
	cmp	eax, SAVE
	je	save
restore_all:				# every register as the kernel set it
	cmp	dword ptr [ecx + HALTED], 0
	je	4f
	mov	dword ptr [ecx + HALTED], 0
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xrstor	[ecx + XSAVE_AREA]
	mov	eax, [ecx + SAVED_FS]
	mov	fs:[FS_SELECTOR_SLOT], eax
	mov	eax, [ecx + SAVED_GS]
	mov	fs:[GS_SELECTOR_SLOT], eax
4:	mov	eax, [ecx + THREAD_POINTER]
	mov	fs:[THREAD_POINTER_SLOT], eax
	cmp	dword ptr [ecx + SETS_CANARY], 0
	je	7f
	mov	eax, [ecx + NEW_CANARY]
	mov	fs:[CANARY_SLOT], eax
	mov	dword ptr [ecx + SETS_CANARY], 0
7:	mov	edi, [ecx + C_RDI]
	mov	esi, [ecx + C_RSI]
	mov	ebx, [ecx + C_RBX]
	mov	ebp, [ecx + C_RBP]
	jmp	return

# The kernel wants Windows' functions called here: CALL_COUNT records of function, ten arguments and the answer.
# They take their arguments off the stack themselves; what they leave of the ten is dropped with esi.
calls:
	call	enter_host
	mov	edi, [ebx + CALL_COUNT]
	lea	ebp, [ebx + CALL_RECORDS]
3:	mov	esi, esp
	push	[ebp + 80]
	push	[ebp + 72]
	push	[ebp + 64]
	push	[ebp + 56]
	push	[ebp + 48]
	push	[ebp + 40]
	push	[ebp + 32]
	push	[ebp + 24]
	push	[ebp + 16]
	push	[ebp + 8]
	call	[ebp]
	mov	esp, esi
	mov	[ebp + 88], eax
	add	ebp, CALL_SIZE
	dec	edi
	jnz	3b
	call	leave_host
	mov	esi, [ecx + C_RSI]
	mov	edi, [ecx + C_RDI]
	mov	ebp, [ecx + C_RBP]
	mov	eax, [ecx + AFTER_CALLS]
	cmp	eax, POSTED
	je	post
	mov	[ecx + STATE], eax
	jmp	answered

# The return address of its caller lies in the slot below RFLAGS', which is spare.
enter_host:
	mov	ebx, ecx
	pop	ecx
	mov	esp, [ebx + HOST_STACK]
	cmp	dword ptr [ebx + HALTED], 0
	jne	5f
	mov	eax, fs:[CANARY_SLOT]
	mov	[ebx + CANARY], eax
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xsave	[ebx + XSAVE_AREA]
	mov	eax, fs:[FS_SELECTOR_SLOT]	# the kernel may halt a sleeper without its help
	mov	[ebx + SAVED_FS], eax
	mov	eax, fs:[GS_SELECTOR_SLOT]
	mov	[ebx + SAVED_GS], eax
5:	cld
	push	ecx
	ret

leave_host:
	pop	eax
	mov	ecx, ebx
	lea	esp, [ecx + C_RFLAGS]
	push	eax			# into the spare slot
	cmp	dword ptr [ecx + HALTED], 0
	jne	6f
	mov	eax, XSAVE_MASK
	xor	edx, edx
	xrstor	[ecx + XSAVE_AREA]
6:	mov	ebx, [ecx + C_RBX]
	ret
