# Reading a clock on x86-64: loader/vdso/data.ts says what the words mean. Included by the vDSO (vdso64.s) and by the
# kernel's own clock (ntdll/clock64.s), so that both always tell the same time.

# In: r8, the address of the clock's line; `vvar`, the page. Out: r10 seconds, rax nanoseconds. Uses rcx, rdx and r9;
# leaves for \fail where the page has no clock.
	.macro	read_clock fail
retry\@:
	mov	r9d, [rip + vvar + GENERATION]
	test	r9b, 1
	jz	\fail
	lfence				# what was loaded comes first (Intel SDM 2B, RDTSC); not all machines have RDTSCP
	rdtsc
	shl	rdx, 32
	or	rax, rdx
	xor	edx, edx
	sub	rax, [rip + vvar + BASE_TSC]
	cmovb	rax, rdx		# another processor's counter may be a little behind
	mov	ecx, [r8 + MULT]
	mul	rcx
	shrd	rax, rdx, SHIFT
	mov	ecx, [r8 + NSEC]
	mov	r10, [r8 + SEC]
	cmp	r9d, [rip + vvar + GENERATION]
	jne	retry\@
	add	rax, rcx
	mov	edx, NSEC_PER_SEC
carry\@:
	cmp	rax, rdx
	jb	done\@
	mov	rcx, rax
	shr	rcx, 33
	jnz	divide\@		# the page has not been renewed for more than 8 s
	sub	rax, rdx
	inc	r10
	jmp	carry\@
divide\@:
	mov	ecx, edx
	xor	edx, edx
	div	rcx
	add	r10, rax
	mov	rax, rdx
done\@:
	.endm
