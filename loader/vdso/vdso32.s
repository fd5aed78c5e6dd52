# The vDSO of i386 (vdso(7); Linux: arch/x86/entry/vdso). What the page cannot answer is asked of the kernel: a plain
# `mov $nr,%eax; int $0x80`, which the rewriter patches.

	.intel_syntax noprefix
	.hidden	vvar			# the page before the image: vdso32.lds

	.macro	function name
	.globl	\name
	.type	\name, @function
	.p2align 5
\name:
	.cfi_startproc
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	save register
	push	\register
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset \register, 0
	.endm

	.macro	restore register
	pop	\register
	.cfi_adjust_cfa_offset -4
	.cfi_restore \register
	.endm

# Around a body that uses the registers a function must keep. Arguments are then at [esp + ARGUMENT + 4 * n].
	.macro	save_all
	save	ebx
	save	esi
	save	edi
	save	ebp
	.cfi_remember_state
	.endm

	.macro	restore_all
	restore	ebp
	restore	edi
	restore	esi
	restore	ebx
	.endm

	.set	ARGUMENT, 20

	.text
# Reads a clock: loader/vdso/data.ts says what the words mean. In: ecx, the offset of its line in the page. Out: ecx:edx
# seconds, eax nanoseconds; or carry, where the page has no clock. Keeps nothing but the stack.
	.type	read_clock, @function
read_clock:
	.cfi_startproc
	call	1f
	.cfi_adjust_cfa_offset 4
1:	pop	esi
	.cfi_adjust_cfa_offset -4
	.att_syntax			# the other one knows no difference with a name from elsewhere
	lea	vvar - 1b(%esi), %esi
	.intel_syntax noprefix
	lea	edi, [esi + ecx]
2:	mov	ebx, [esi + GENERATION]
	test	bl, 1
	jz	7f
	lfence				# what was loaded comes first (Intel SDM 2B, RDTSC); not all machines have RDTSCP
	rdtsc
	sub	eax, [esi + BASE_TSC]
	sbb	edx, [esi + BASE_TSC + 4]
	jnc	3f
	xor	eax, eax		# another processor's counter may be a little behind
	xor	edx, edx
3:	add	eax, eax		# twice the ticks times mult, without the low word: the product >> 31
	adc	edx, edx
	mov	ecx, edx
	mul	dword ptr [edi + MULT]
	mov	ebp, edx
	mov	eax, ecx
	mul	dword ptr [edi + MULT]
	add	eax, ebp
	adc	edx, 0
	add	eax, [edi + NSEC]
	adc	edx, 0
	mov	ecx, [edi + SEC + 4]
	mov	ebp, [edi + SEC]
	cmp	ebx, [esi + GENERATION]
	jne	2b
	mov	ebx, NSEC_PER_SEC
	test	edx, edx
	jnz	5f
4:	cmp	eax, ebx
	jb	6f
	sub	eax, ebx
	add	ebp, 1
	adc	ecx, 0
	jmp	4b
5:	mov	edi, eax		# the page has not been renewed for more than 4 s
	mov	eax, edx
	xor	edx, edx
	div	ebx
	add	ecx, eax
	mov	eax, edi
	div	ebx
	add	ebp, eax
	adc	ecx, 0
	mov	eax, edx
6:	mov	edx, ebp
	clc
	ret
7:	stc
	ret
	.cfi_endproc
	.size	read_clock, . - read_clock

# To ecx: which line the clock in eax has, or else to \fail. Uses edx.
	.macro	choose_line fail
	cmp	eax, LAST_CLOCK
	ja	\fail
	mov	ecx, MONOTONIC
	mov	edx, MONOTONIC_CLOCKS
	bt	edx, eax
	jc	chosen\@
	mov	ecx, REALTIME
	mov	edx, REALTIME_CLOCKS
	bt	edx, eax
	jnc	\fail
chosen\@:
	.endm

# int clock_gettime(clockid_t, struct old_timespec32 *)
	function __vdso_clock_gettime
	save_all
	mov	eax, [esp + ARGUMENT]
	choose_line 1f
	call	read_clock
	jc	1f
	mov	ecx, [esp + ARGUMENT + 4]
	mov	[ecx], edx
	mov	[ecx + 4], eax
	xor	eax, eax
	restore_all
	ret
	.cfi_restore_state
1:	mov	ebx, [esp + ARGUMENT]
	mov	ecx, [esp + ARGUMENT + 4]
	mov	eax, 265		# clock_gettime
	int	0x80
	restore_all
	ret
	end __vdso_clock_gettime

# int clock_gettime64(clockid_t, struct __kernel_timespec *)
	function __vdso_clock_gettime64
	save_all
	mov	eax, [esp + ARGUMENT]
	choose_line 1f
	call	read_clock
	jc	1f
	mov	esi, [esp + ARGUMENT + 4]
	mov	[esi], edx
	mov	[esi + 4], ecx
	mov	[esi + 8], eax
	xor	eax, eax
	mov	[esi + 12], eax
	restore_all
	ret
	.cfi_restore_state
1:	mov	ebx, [esp + ARGUMENT]
	mov	ecx, [esp + ARGUMENT + 4]
	mov	eax, 403		# clock_gettime64
	int	0x80
	restore_all
	ret
	end __vdso_clock_gettime64

# int gettimeofday(struct old_timeval32 *, struct timezone *)
	function __vdso_gettimeofday
	save_all
	cmp	dword ptr [esp + ARGUMENT], 0
	je	2f
	mov	ecx, REALTIME
	call	read_clock
	jc	1f
	mov	ecx, [esp + ARGUMENT]
	mov	[ecx], edx
	mov	edx, 274877907		# 2^38 / 1000, rounded up: exact below 10^9
	mul	edx
	shr	edx, 6
	mov	[ecx + 4], edx
2:	mov	ecx, [esp + ARGUMENT + 4]
	xor	eax, eax
	test	ecx, ecx
	jz	3f
	mov	[ecx], eax		# UTC
	mov	[ecx + 4], eax
3:	restore_all
	ret
	.cfi_restore_state
1:	mov	ebx, [esp + ARGUMENT]
	mov	ecx, [esp + ARGUMENT + 4]
	mov	eax, 78			# gettimeofday
	int	0x80
	restore_all
	ret
	end __vdso_gettimeofday

# time_t time(time_t *)
	function __vdso_time
	save_all
	mov	ecx, REALTIME
	call	read_clock
	jc	1f
	mov	ecx, [esp + ARGUMENT]
	mov	eax, edx
	test	ecx, ecx
	jz	2f
	mov	[ecx], eax
2:	restore_all
	ret
	.cfi_restore_state
1:	mov	ebx, [esp + ARGUMENT]
	mov	eax, 13			# time
	int	0x80
	restore_all
	ret
	end __vdso_time

# int clock_getres(clockid_t, struct old_timespec32 *)
	function __vdso_clock_getres
	mov	eax, [esp + 4]
	cmp	eax, LAST_CLOCK
	ja	1f
	mov	ecx, 1
	mov	edx, FINE_CLOCKS
	bt	edx, eax
	jc	2f
	mov	ecx, COARSE_NSEC
	mov	edx, COARSE_CLOCKS
	bt	edx, eax
	jnc	1f
2:	mov	edx, [esp + 8]
	xor	eax, eax
	test	edx, edx
	jz	3f
	mov	[edx], eax
	mov	[edx + 4], ecx
3:	ret
1:	save	ebx
	mov	ebx, [esp + 8]
	mov	ecx, [esp + 12]
	mov	eax, 266		# clock_getres
	int	0x80
	restore	ebx
	ret
	end __vdso_clock_getres

# int getcpu(unsigned *, unsigned *, void *). What RDTSCP's ecx holds is Windows' own affair.
	function __vdso_getcpu
	save	ebx
	mov	ebx, [esp + 8]
	mov	ecx, [esp + 12]
	mov	edx, [esp + 16]
	mov	eax, 318		# getcpu
	int	0x80
	restore	ebx
	ret
	end __vdso_getcpu

# AT_SYSINFO: every system call of a C library comes through here, with everything in registers. The filler makes room
# for a jump that ends where the int does, so that nothing else has to move. The breakpoints before it end the flow of
# what would else be taken for instructions that lead here.
	.p2align 4, 0xcc
	.byte	0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc
	.byte	0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc
	function __kernel_vsyscall
	.byte	0x0f, 0x1f, 0x00	# nopl (%eax)
	int	0x80
	ret
	end __kernel_vsyscall

# What a signal handler returns to where the program gave no restorer. Their frames are described by hand: every
# register is in the sigcontext (uapi/asm/sigcontext.h), \base bytes above esp. Linux: vdso32/sigreturn.S.
	.macro	saved register, offset
	.cfi_escape 0x10, \register, 3, 0x74, (\offset) & 0x7f | 0x80, (\offset) >> 7 # DW_CFA_expression, breg4
	.endm

	.macro	signal_frame base
	.cfi_escape 0x0f, 4, 0x74, (\base + 28) & 0x7f | 0x80, (\base + 28) >> 7, 6 # DW_CFA_def_cfa_expression, deref
	saved	0, \base + 44		# eax
	saved	1, \base + 40		# ecx
	saved	2, \base + 36		# edx
	saved	3, \base + 32		# ebx
	saved	5, \base + 24		# ebp
	saved	6, \base + 20		# esi
	saved	7, \base + 16		# edi
	saved	8, \base + 56		# eip
	.endm

# An unwinder looks for a caller at its return address less one: the description begins before the function.
	.macro	signal_function name
	.globl	\name
	.type	\name, @function
	.p2align 5
	.cfi_startproc simple
	.cfi_signal_frame
	.endm

	.text
	signal_function __kernel_sigreturn
	signal_frame 4
	nop
__kernel_sigreturn:
	pop	eax
	signal_frame 0
	mov	eax, 119		# sigreturn
	int	0x80
	end __kernel_sigreturn

	signal_function __kernel_rt_sigreturn
	signal_frame 160
	nop
__kernel_rt_sigreturn:
	mov	eax, 173		# rt_sigreturn
	int	0x80
	end __kernel_rt_sigreturn
