# What gate64.s includes: reading and writing files, and growing the heap, without the kernel. Called with the guest's
# registers stored, r11 the channel; leaves to `return` or `post`.

# The kernel has lent the thread files: it reads and writes them by itself, as it would natively, but for small pieces of
# what it may only read. What does not succeed so, as a read at the end, is the kernel's. Every register is stored, but only rax and rcx may change
# before `post`.
lent:
	cmp	eax, SYS_BRK
	je	heap
	lea	rcx, [rdx - 1]
	cmp	rcx, MOST_LENT
	jae	not_lent
	cmp	eax, SYS_WRITE		# or SYS_READ, before it
	jbe	1f
	lea	ecx, [rax - SYS_PREAD64]	# or SYS_PWRITE64, behind it
	cmp	ecx, 1
	ja	not_lent
1:	lea	rcx, [r11 + LENT_FILES]
	lea	rax, [r11 + LENT_END]
2:	cmp	edi, [rcx + LENT_FD]
	je	3f
	add	rcx, LENT_SIZE
	cmp	rcx, rax
	jne	2b
not_lent:				# what was read ahead may be news by the time the guest goes on
	and	qword ptr [r11 + AHEAD_FILE], 0
	cmp	dword ptr [r11 + PUT_OFF], 0
	je	post
	mov	rcx, r11
	xchg	[r11 + LENT_FILE], rcx	# no matter which
	call	enter_host
	call	write_down			# else the kernel does it
	call	leave_host
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	post
3:	cmp	rdx, LEAST_LENT
	jae	1f
	test	dword ptr [rcx + LENT_RIGHTS], MAY_WRITE
	jz	not_lent		# the kernel reads ahead
1:	mov	rax, rcx
	xchg	[r11 + LENT_FILE], rcx	# announced before its rights are looked at: the kernel does it the other way
	test	dword ptr [rax + LENT_RIGHTS], DROPS
	jnz	dropped
	mov	rcx, r10
	cmp	dword ptr [r11 + C_RAX], SYS_PREAD64
	je	4f
	cmp	dword ptr [r11 + C_RAX], SYS_READ
	jne	put_off
	mov	rcx, [rax + LENT_POSITION]
4:	cmp	rcx, [r11 + AHEAD_OFFSET]
	jne	direct
	cmp	rax, [r11 + AHEAD_FILE]
	jne	direct
	cmp	rdx, [r11 + AHEAD_LEFT]
	ja	direct
	cmp	rsi, [r11 + AHEAD_BUFFER]
	jne	direct
	cmp	rdx, [r11 + AHEAD_PIECE]
	jne	direct
	test	dword ptr [rax + LENT_RIGHTS], MAY_READ
	jz	direct
	mov	ecx, ds:[INTERRUPT_TIME]
	cmp	ecx, [r11 + AHEAD_TICK]
	jne	direct
	mov	rcx, [r11 + AHEAD_WORD]
	mov	ecx, [rcx]
	cmp	ecx, [r11 + AHEAD_STRETCH]
	jne	direct
# The piece after the last one, into the same buffer, and nothing but reads was called in between: so the buffer can be
# written to, and the file holds what was read ahead.
	add	[r11 + AHEAD_OFFSET], rdx
	sub	[r11 + AHEAD_LEFT], rdx
	cmp	dword ptr [r11 + C_RAX], SYS_READ
	jne	5f
	add	[rax + LENT_POSITION], rdx
5:	mov	[r11 + C_RAX], rdx
	mov	rcx, rdx
	mov	rdi, rsi
	mov	rsi, [r11 + AHEAD_NEXT]
	cld
	rep movsb
	mov	[r11 + AHEAD_NEXT], rsi
	mov	rsi, [r11 + C_RSI]
	mov	rdi, [r11 + C_RDI]
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	return

# A piece written after the last one, from the same buffer, to a file that no other guest has: it waits for more of them.
# Only what the kernel does not see was called in between, so the buffer can be read.
put_off:
	test	dword ptr [rax + LENT_RIGHTS], MAY_PUT_OFF
	jz	direct
	cmp	dword ptr [r11 + C_RAX], SYS_WRITE
	jne	1f
	mov	rcx, [rax + LENT_POSITION]
1:	cmp	rcx, [r11 + AHEAD_OFFSET]
	jne	direct
	lea	rcx, [rax + WRITTEN]
	cmp	rcx, [r11 + AHEAD_FILE]
	jne	direct
	cmp	rsi, [r11 + AHEAD_BUFFER]
	jne	direct
	cmp	rdx, [r11 + AHEAD_PIECE]
	jne	direct
	lea	ecx, [rdx - PUT_OFF_SIZE]
	add	ecx, [r11 + PUT_OFF]
	jg	full
2:	mov	rcx, rax
	sub	rcx, r11
	mov	[r11 + PUT_OFF_FILE], ecx
	mov	edi, [r11 + PUT_OFF]
	add	rdi, [r11 + AHEAD_AREA]
	mov	rcx, rdx
	cld
	rep movsb
	mov	[r11 + AHEAD_NEXT], rdi		# the area is not clean
	add	[r11 + PUT_OFF], edx
	add	[r11 + AHEAD_OFFSET], rdx
	cmp	dword ptr [r11 + C_RAX], SYS_WRITE
	jne	3f
	add	[rax + LENT_POSITION], rdx
3:	mov	[r11 + C_RAX], rdx
	mov	rsi, [r11 + C_RSI]
	mov	rdi, [r11 + C_RDI]
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	return
full:
	call	enter_host
	call	write_down
	setnz	[rbx + LENT_STATUS]
	call	leave_host
	mov	rax, [r11 + LENT_FILE]
	cmp	byte ptr [r11 + LENT_STATUS], 0
	je	2b
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	not_lent

# brk(2) up to where there is memory for it: its pages become accessible. The kernel looks at these words before it does
# anything else for the thread.
heap:
	cmp	rdi, [r11 + HEAP_LIMIT]
	jae	not_lent
	cmp	rdi, [r11 + HEAP_END]
	jb	not_lent
	lea	rcx, [rdi + 4095]
	and	rcx, -4096
	mov	rax, [r11 + HEAP_PAGES]
	cmp	rcx, rax
	jbe	1f
	mov	[r11 + CALL_DATA], rax
	mov	[r11 + HEAP_PAGES], rcx	# before they are
	sub	rcx, rax
	mov	[r11 + CALL_DATA + 8], rcx
	call	enter_host
	mov	rcx, -1			# this process
	lea	rdx, [rbx + CALL_DATA]
	lea	r8, [rbx + CALL_DATA + 8]
	mov	r9d, PAGE_READWRITE
	lea	rax, [rbx + CALL_DATA + 16]
	mov	[rsp + 32], rax
	call	[rbx + NT_PROTECT_VIRTUAL_MEMORY]
	mov	[rbx + LENT_STATUS], eax
	call	leave_host
	cmp	dword ptr [r11 + LENT_STATUS], 0
	jne	2f
1:	mov	[r11 + HEAP_END], rdi
	mov	[r11 + C_RAX], rdi
	jmp	return
2:	mov	rcx, [r11 + CALL_DATA]	# the kernel sees to it
	mov	[r11 + HEAP_PAGES], rcx
	jmp	not_lent

# write(2) to a file that takes everything and keeps nothing, whose bytes nobody looks at: they need not even be there.
dropped:
	and	qword ptr [r11 + LENT_FILE], 0
	cmp	dword ptr [r11 + C_RAX], SYS_WRITE
	jne	not_lent
	lea	rcx, [rsi + rdx]
	or	rcx, rsi
	shr	rcx, 47			# not the guest's to name
	jnz	not_lent
	mov	[r11 + C_RAX], rdx
	jmp	return

direct:
	call	enter_host
	call	write_down
	jnz	6f
	mov	r12, [rbx + LENT_FILE]
	mov	r13d, [rbx + C_RAX]
	mov	rax, [rbx + C_R10]
	cmp	r13d, SYS_WRITE
	ja	4f
	mov	rax, [r12 + LENT_POSITION]
4:	mov	[rbx + LENT_OFFSET], rax
	test	rax, rax
	js	6f
	mov	ecx, r13d
	lea	eax, [rcx - SYS_PREAD64]
	cmp	ecx, 1
	cmova	ecx, eax
	bt	dword ptr [r12 + LENT_RIGHTS], ecx
	jnc	6f
	mov	rax, [rbx + rcx * 8 + NT_READ_FILE]
	mov	rcx, [rbx + C_RSI]
	mov	rdx, [rbx + C_RDX]
	call	transfer
	jnz	6f
	mov	[rbx + C_RAX], rcx
	cmp	r13d, SYS_WRITE
	ja	5f
	add	[r12 + LENT_POSITION], rcx
5:	test	r13d, r13d
	jz	8f
	cmp	r13d, SYS_PREAD64
	jne	9f
8:	call	read_ahead
7:	call	leave_host
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	return
9:	and	qword ptr [rbx + AHEAD_FILE], 0
	test	dword ptr [r12 + LENT_RIGHTS], MAY_PUT_OFF
	jz	7b
	cmp	rcx, [rbx + C_RDX]
	jne	7b
	cmp	rcx, MOST_PUT_OFF
	ja	7b
	lea	rax, [r12 + WRITTEN]
	mov	[rbx + AHEAD_FILE], rax
	mov	rax, [rbx + C_RSI]
	mov	[rbx + AHEAD_BUFFER], rax
	mov	[rbx + AHEAD_PIECE], rcx
	add	rcx, [rbx + LENT_OFFSET]
	mov	[rbx + AHEAD_OFFSET], rcx
	jmp	7b
6:	call	leave_host
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	not_lent

# After a read of rcx bytes of the lent file r12, at LENT_OFFSET. The first of a kind is remembered; when the next one
# goes on where it ended, more are likely to follow.
read_ahead:
	mov	rdx, [rbx + AHEAD_LEFT]
	and	qword ptr [rbx + AHEAD_LEFT], 0
	test	edx, edx
	jz	1f
	cmp	edx, [rbx + AHEAD_VAIN]
	jb	1f
	mov	dword ptr [rbx + AHEAD_SKIPS], VAIN_SKIPS	# it was read in vain: there is news all the time
1:	cmp	rcx, [rbx + C_RDX]
	jne	4f
	mov	rax, [rbx + C_RSI]
	mov	rdx, [rbx + LENT_OFFSET]
	cmp	r12, [rbx + AHEAD_FILE]
	jne	5f
	cmp	rax, [rbx + AHEAD_BUFFER]
	jne	5f
	cmp	rcx, [rbx + AHEAD_PIECE]
	jne	5f
	cmp	rdx, [rbx + AHEAD_OFFSET]
	jne	5f
	add	rdx, rcx
	mov	[rbx + AHEAD_OFFSET], rdx
	mov	[rbx + LENT_OFFSET], rdx
	cmp	rcx, MOST_AHEAD
	ja	3f
	cmp	dword ptr [rbx + AHEAD_SKIPS], 0
	jne	6f
	mov	rdx, [rbx + AHEAD_WORD]
	mov	eax, [rdx]
	test	eax, eax
	jz	3f
	mov	[rbx + AHEAD_STRETCH], eax	# before anything is read
	mov	eax, ds:[INTERRUPT_TIME]
	mov	[rbx + AHEAD_TICK], eax
	mov	edx, ecx
	shl	edx, 4
	cmp	edx, AHEAD_SIZE
	jb	2f
	mov	edx, AHEAD_SIZE
2:	mov	eax, edx
	sub	eax, ecx
	mov	[rbx + AHEAD_VAIN], eax		# with no more than one piece taken from it
	mov	rcx, [rbx + AHEAD_AREA]
	test	rcx, rcx
	jz	3f
	mov	[rbx + AHEAD_NEXT], rcx
	mov	rax, [rbx + NT_READ_FILE]
	sub	rsp, 8
	call	transfer
	lea	rsp, [rsp + 8]
	jnz	3f
	mov	[rbx + AHEAD_LEFT], rcx
3:	ret
4:	and	qword ptr [rbx + AHEAD_FILE], 0
	ret
5:	mov	[rbx + AHEAD_FILE], r12
	mov	[rbx + AHEAD_BUFFER], rax
	mov	[rbx + AHEAD_PIECE], rcx
	add	rdx, rcx
	mov	[rbx + AHEAD_OFFSET], rdx
	ret
6:	dec	dword ptr [rbx + AHEAD_SKIPS]
	ret

# Writes what was put off, for a thread that has announced a lent file. Not zero (flags): it was not successful.
write_down:
	mov	edx, [rbx + PUT_OFF]
	test	edx, edx
	jz	1f
	mov	r12d, [rbx + PUT_OFF_FILE]
	add	r12, rbx
	test	dword ptr [r12 + LENT_RIGHTS], MAY_PUT_OFF
	jnz	2f
	test	edx, edx		# the kernel is writing it
	ret
2:	mov	rcx, [rbx + AHEAD_OFFSET]
	sub	rcx, rdx
	mov	[rbx + LENT_OFFSET], rcx
	mov	rcx, [rbx + AHEAD_AREA]
	mov	rax, [rbx + NT_WRITE_FILE]
	sub	rsp, 8
	call	transfer
	lea	rsp, [rsp + 8]
	jnz	1f
	cmp	ecx, [rbx + PUT_OFF]
	jne	1f
	and	dword ptr [rbx + PUT_OFF], 0
1:	ret

# Calls the function rax, which is NtReadFile or NtWriteFile, for the lent file r12 with rdx bytes at rcx from LENT_OFFSET
# on. Then rcx is how many there were; not zero (flags): it was not successful.
transfer:
	sub	rsp, 0x58
	lea	r8, [rbx + LENT_STATUS]
	mov	[rsp + 32], r8
	mov	[rsp + 40], rcx
	mov	[rsp + 48], rdx
	lea	r8, [rbx + LENT_OFFSET]
	mov	[rsp + 56], r8
	and	qword ptr [rsp + 64], 0
	mov	rcx, [r12 + LENT_HANDLE]
	xor	edx, edx
	xor	r8d, r8d
	xor	r9d, r9d
	call	rax
	add	rsp, 0x58
	mov	rcx, [rbx + LENT_STATUS + 8]
	test	eax, eax
	ret
