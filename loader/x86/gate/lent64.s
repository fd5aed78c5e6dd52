# What gate64.s includes: reading and writing files without the kernel. Called with the guest's registers stored, r11 the
# channel; leaves to `return` or `post`.

# The kernel has lent the thread files: it reads and writes large pieces of them by itself, as it would natively. What
# does not succeed so, as a read at the end, is the kernel's. Every register is stored, but only rax and rcx may change
# before `post`.
lent:
	cmp	rdx, LEAST_LENT
	jb	not_lent
	cmp	rdx, MOST_LENT
	ja	not_lent
	cmp	eax, 1			# read, write
	jbe	1f
	lea	ecx, [rax - 17]		# pread64, pwrite64
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
	jmp	post
3:	mov	rax, rcx
	xchg	[r11 + LENT_FILE], rcx	# announced before its rights are looked at: the kernel does it the other way
	cmp	dword ptr [r11 + C_RAX], 0
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
	mov	rcx, [r11 + SHARED]
	mov	ecx, [rcx + STRETCH]
	cmp	ecx, [r11 + AHEAD_STRETCH]
	jne	direct
# The same read as the last one, and nothing else was called in between: so the buffer can be written to, and the file
# holds what was read ahead.
	add	[rax + LENT_POSITION], rdx
	sub	[r11 + AHEAD_LEFT], rdx
	mov	[r11 + C_RAX], rdx
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
direct:
	call	enter_host
	mov	r12, [rbx + LENT_FILE]
	mov	r13d, [rbx + C_RAX]
	mov	rax, [rbx + C_R10]
	cmp	r13d, 1
	ja	4f
	mov	rax, [r12 + LENT_POSITION]
4:	mov	[rbx + LENT_OFFSET], rax
	test	rax, rax
	js	6f
	mov	ecx, r13d
	lea	eax, [rcx - 17]
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
	cmp	r13d, 1
	ja	7f
	add	[r12 + LENT_POSITION], rcx
	cmp	r13d, 0
	jne	7f
	call	read_ahead
5:	call	leave_host
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	return
7:	and	qword ptr [rbx + AHEAD_FILE], 0
	jmp	5b
6:	call	leave_host
	and	qword ptr [r11 + LENT_FILE], 0
	jmp	not_lent

# After a read of rcx bytes of the lent file r12, at LENT_OFFSET. The first of a kind is remembered; when the next one
# is the same, more are likely to follow.
read_ahead:
	cmp	rcx, [rbx + C_RDX]
	jne	1f
	mov	r13, [rbx + AHEAD_LEFT]
	and	qword ptr [rbx + AHEAD_LEFT], 0
	mov	rax, [rbx + C_RSI]
	cmp	r12, [rbx + AHEAD_FILE]
	jne	2f
	cmp	rax, [rbx + AHEAD_BUFFER]
	jne	2f
	cmp	rcx, [rbx + AHEAD_PIECE]
	jne	2f
	cmp	rcx, MOST_AHEAD
	ja	3f
	cmp	dword ptr [rbx + AHEAD_SKIPS], 0
	jne	4f
	cmp	r13, AHEAD_SIZE / 2
	jae	5f
	mov	rdx, [rbx + SHARED]
	mov	eax, [rdx + STRETCH]
	test	eax, eax
	jz	3f
	mov	[rbx + AHEAD_STRETCH], eax	# before anything is read
	mov	eax, ds:[INTERRUPT_TIME]
	mov	[rbx + AHEAD_TICK], eax
	mov	rax, [rbx + NT_READ_FILE]
	add	[rbx + LENT_OFFSET], rcx
	mov	rcx, [rbx + AHEAD_AREA]
	test	rcx, rcx
	jz	3f
	mov	[rbx + AHEAD_NEXT], rcx
	mov	edx, AHEAD_SIZE
	sub	rsp, 8
	call	transfer
	lea	rsp, [rsp + 8]
	jnz	3f
	mov	[rbx + AHEAD_LEFT], rcx
3:	ret
4:	dec	dword ptr [rbx + AHEAD_SKIPS]
	ret
5:	mov	dword ptr [rbx + AHEAD_SKIPS], VAIN_SKIPS	# most of it was read in vain: there is news all the time
	ret
1:	and	qword ptr [rbx + AHEAD_FILE], 0
	ret
2:	mov	[rbx + AHEAD_FILE], r12
	mov	[rbx + AHEAD_BUFFER], rax
	mov	[rbx + AHEAD_PIECE], rcx
	ret

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
