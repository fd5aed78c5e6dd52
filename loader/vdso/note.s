# Which kernel this is (Linux: arch/x86/entry/vdso/note.S): older C libraries look here before they ask uname(2).
	.section .note.Linux, "a", @note
	.p2align 2
	.long	6, 4, 0			# bytes of the name and of the description; type
	.asciz	"Linux"
	.p2align 2
	.long	LINUX_VERSION_CODE
	.section .note.GNU-stack, "", @progbits
	.text
