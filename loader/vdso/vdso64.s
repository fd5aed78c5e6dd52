# The vDSO of x86-64 (vdso(7); Linux: arch/x86/entry/vdso). Functions touch no stack: the default unwind rule holds.
# What the page cannot answer is asked of the kernel: a plain `mov $nr,%eax; syscall`, which the rewriter patches.

	.intel_syntax noprefix
	.include "read_clock64.s"
	.hidden	vvar			# the page before the image: vdso64.lds

	.macro	function name
	.globl	__vdso_\name, \name
	.type	__vdso_\name, @function
	.type	\name, @function
	.weak	\name
	.p2align 5
__vdso_\name:
\name:
	.cfi_startproc
	.endm

	.macro	end name
	.cfi_endproc
	.size	__vdso_\name, . - __vdso_\name
	.size	\name, . - \name
	.endm

	.text
# int clock_gettime(clockid_t edi, struct timespec *rsi)
	function clock_gettime
	cmp	edi, LAST_CLOCK
	ja	1f
	lea	r8, [rip + vvar + MONOTONIC]
	mov	eax, MONOTONIC_CLOCKS
	bt	eax, edi
	jc	2f
	lea	r8, [rip + vvar + REALTIME]
	mov	eax, REALTIME_CLOCKS
	bt	eax, edi
	jnc	1f
2:	read_clock 1f
	mov	[rsi], r10
	mov	[rsi + 8], rax
	xor	eax, eax
	ret
1:	mov	eax, 228		# clock_gettime
	syscall
	ret
	end clock_gettime

# int gettimeofday(struct timeval *rdi, struct timezone *rsi)
	function gettimeofday
	test	rdi, rdi
	jz	2f
	lea	r8, [rip + vvar + REALTIME]
	read_clock 1f
	imul	rax, rax, 274877907	# 2^38 / 1000, rounded up: exact below 10^9
	shr	rax, 38
	mov	[rdi], r10
	mov	[rdi + 8], rax
2:	test	rsi, rsi
	jz	3f
	mov	qword ptr [rsi], 0	# UTC
3:	xor	eax, eax
	ret
1:	mov	eax, 96			# gettimeofday
	syscall
	ret
	end gettimeofday

# time_t time(time_t *rdi)
	function time
	lea	r8, [rip + vvar + REALTIME]
	read_clock 1f
	test	rdi, rdi
	jz	2f
	mov	[rdi], r10
2:	mov	rax, r10
	ret
1:	mov	eax, 201		# time
	syscall
	ret
	end time

# int clock_getres(clockid_t edi, struct timespec *rsi)
	function clock_getres
	cmp	edi, LAST_CLOCK
	ja	1f
	mov	ecx, 1
	mov	eax, FINE_CLOCKS
	bt	eax, edi
	jc	2f
	mov	ecx, COARSE_NSEC
	mov	eax, COARSE_CLOCKS
	bt	eax, edi
	jnc	1f
2:	test	rsi, rsi
	jz	3f
	mov	qword ptr [rsi], 0
	mov	[rsi + 8], rcx
3:	xor	eax, eax
	ret
1:	mov	eax, 229		# clock_getres
	syscall
	ret
	end clock_getres

# int getcpu(unsigned *rdi, unsigned *rsi, void *rdx). What RDTSCP's ecx holds is Windows' own affair.
	function getcpu
	mov	eax, 309		# getcpu
	syscall
	ret
	end getcpu
