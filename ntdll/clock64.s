# The kernel's own clock, on x64 Windows: called from JavaScript, which cannot read the time stamp counter itself. It
# reads the page before it exactly as the vDSO reads its own, so the two always agree.
# Microsoft's calling convention: arguments in rcx and rdx; rbx is to be kept.

	.intel_syntax noprefix
	.include "read_clock64.s"

	.text
start:
	.set	vvar, start - 4096

	.macro	function name
	.p2align 4
	.globl	\name
\name:
	.endm

# int monotonic(double rcx[1]): milliseconds, or -1 where the page has no clock. Answers 1: it is called through bsearch
# (clock_code.ts), which then ends.
	function monotonic
	mov	r11, rcx
	lea	r8, [rip + vvar + MONOTONIC]
	read_clock 1f
	cvtsi2sd xmm0, rax
	divsd	xmm0, [rip + million]
	cvtsi2sd xmm1, r10
	mulsd	xmm1, [rip + thousand]
	addsd	xmm0, xmm1
	movsd	[r11], xmm0
	mov	eax, 1
	ret
1:	movsd	xmm0, [rip + minus_one]
	movsd	[r11], xmm0
	mov	eax, 1
	ret

# int realtime(double rcx[2]): seconds, or -1, and nanoseconds.
	function realtime
	mov	r11, rcx
	lea	r8, [rip + vvar + REALTIME]
	read_clock 1f
	cvtsi2sd xmm0, r10
	movsd	[r11], xmm0
	cvtsi2sd xmm0, rax
	movsd	[r11 + 8], xmm0
	mov	eax, 1
	ret
1:	movsd	xmm0, [rip + minus_one]
	movsd	[r11], xmm0
	mov	eax, 1
	ret

# void sample(void (*rcx)(uint64_t *, void *), uint64_t rdx[3]): the TSC before and after a call of the function, and
# what that stored.
	function sample
	push	rbx
	sub	rsp, 32
	mov	rbx, rdx
	mov	r10, rcx
	lfence
	rdtsc
	shl	rdx, 32
	or	rax, rdx
	mov	[rbx], rax
	lea	rcx, [rbx + 16]
	xor	edx, edx
	call	r10
	lfence
	rdtsc
	shl	rdx, 32
	or	rax, rdx
	mov	[rbx + 8], rax
	add	rsp, 32
	pop	rbx
	ret

# uint64_t ticks(): the TSC.
	function ticks
	lfence
	rdtsc
	shl	rdx, 32
	or	rax, rdx
	ret

# uint32_t has_steady_tsc(): whether there is a TSC that neither stops nor changes its rate (Intel SDM 3, "Invariant
# TSC"; AMD has the same bit).
	function has_steady_tsc
	push	rbx
	mov	eax, 0x80000000
	cpuid
	cmp	eax, 0x80000007
	jb	1f
	mov	eax, 0x80000007
	cpuid
	bt	edx, 8
	jnc	1f
	mov	eax, 1
	pop	rbx
	ret
1:	xor	eax, eax
	pop	rbx
	ret

	.p2align 3
million:
	.double	1e6
thousand:
	.double	1e3
minus_one:
	.double	-1.0
