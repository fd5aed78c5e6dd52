/* Every way the compiler, or a programmer, may use a thread-local operand. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define T static __thread volatile
T int i = 100;
T unsigned u = 0x80000001;
T uint8_t b = 200;
T int8_t sb = -100;
T uint16_t w = 50000;
T int16_t sw = -5000;
T uint64_t q = 0x123456789abcdef0;
T float f = 1.25f;
T double d = 2.5;
T long double ld = 3.75L;
T int list[20] = {5, 4, 3, 2, 1};
T struct { char pad[5]; int odd; } __attribute__((packed)) packed = {"", 77};

static int twice(int x) { return 2 * x; }
typedef int (*function)(int);
T function call = twice;

#define SHOW(what) printf("%-24s %lld\n", #what, (long long)(what))

static void integers(int one) {
	i += 7, i -= one, i <<= 2, i >>= 1, i ^= 0x55, i |= 0x1000, i &= ~2, i = -i, i = ~i, i++, --i;
	SHOW(i);
	u = u / 3 + u % 7, u *= 5, u = u << one | u >> 31;
	SHOW(u);
	b += 100, sb -= 100, w *= 3, sw /= 3;
	SHOW(b), SHOW(sb), SHOW(w), SHOW(sw);
	q += 0xffffffffffff, q *= 3, q ^= q >> 13, q -= 1, q = q << 7 | q >> 57;
	SHOW(q >> 1);
	SHOW(q / 1000003), SHOW(q % 1000003);
	list[one] += list[one + 1] * list[one + 2];
	list[list[4] + one] = list[0]--;
	for (int n = 0; n < 20; n++) list[n] += n * one, list[19 - n] ^= list[n];
	long long sum = 0;
	for (int n = 0; n < 20; n++) sum = sum * 31 + list[n];
	SHOW(sum);
	packed.odd += one;
	SHOW(packed.odd);
	SHOW(call(21));
	SHOW(i > 5 ? w : sw);
	SHOW(i == 3), SHOW(b != 44), SHOW(u < 3u), SHOW((i & 8) != 0);
}

static void atomics(void) {
	SHOW(__sync_fetch_and_add(&i, 5));
	SHOW(__sync_val_compare_and_swap(&i, i, 42));
	SHOW(__sync_bool_compare_and_swap(&q, 1, 2));
	SHOW(__atomic_exchange_n(&u, 9, __ATOMIC_SEQ_CST));
	SHOW(__sync_or_and_fetch(&w, 0x8001));
	SHOW(__sync_fetch_and_xor(&b, 0xff));
	SHOW(__sync_sub_and_fetch(&q, 1));
}

static void floats(double x) {
	f += 0.5f, f *= (float)x, f = -f, d += f, d /= x, d = d * d - 1, ld += d, ld *= 1.5L;
	printf("%a %a %La\n", f, d, ld);
	SHOW((int)f), SHOW((int)d), SHOW((int64_t)ld);
	d = i, f = sw, ld = q;
	printf("%a %a %La %d %d\n", d, f, ld, d < ld, f > d);
}

#ifdef __x86_64__
#define OP(text) text " %%fs:"
#else
#define OP(text) text " %%gs:"
#endif

/* Forms a compiler seldom makes, written out: local-exec offsets are constants of the program. */
static void assembly(void) {
	long offset, pushed = 0;
	int value = 5, carry;
	uint64_t wide[2] = {0, 0};
#ifdef __x86_64__
	__asm__("lea i@tpoff, %0" : "=r"(offset));
	__asm__ volatile("sub $256, %%rsp; pushq %%fs:(%1); popq %0; add $256, %%rsp" : "=&r"(pushed) : "r"(offset) : "memory");
	SHOW((int)pushed);
	__asm__ volatile("movq %%fs:q@tpoff, %%xmm1; movdqu %%xmm1, %0" : "=m"(wide) : : "xmm1");
#else
	__asm__("movl $i@ntpoff, %0" : "=r"(offset));
	__asm__ volatile("pushl %%gs:(%1); popl %0" : "=&r"(pushed) : "r"(offset) : "memory");
	SHOW((int)pushed);
	__asm__ volatile("movq %%gs:q@ntpoff, %%xmm1; movdqu %%xmm1, %0" : "=m"(wide) : : "xmm1");
#endif
	SHOW(wide[0] == q && wide[1] == 0);
	__asm__ volatile(OP("xaddl %0,") "(%1)" : "+r"(value) : "r"(offset) : "memory");
	SHOW(value), SHOW(i);
	__asm__ volatile("clc;" OP("btsl $3,") "(%1); sbb %0, %0" : "=r"(carry) : "r"(offset) : "memory");
	SHOW(carry), SHOW(i);
	__asm__ volatile("stc;" OP("adcl $0,") "(%1);" OP("negl") "(%1);" OP("notl") "(%1)" : "=r"(carry) : "r"(offset) : "memory");
	SHOW(i);
	__asm__ volatile(OP("imul $3,") "(%1,%2,4), %0" : "=r"(value) : "r"(offset), "r"(0L));
	SHOW(value);
	__asm__ volatile("lock;" OP("incl") "(%0)" : : "r"(offset) : "memory");
	__asm__ volatile(OP("rolb $3,") "(%0)" : : "r"(offset) : "memory");
	SHOW(i);
}

int main(void) {
	integers(1);
	atomics();
	floats(1.5);
	assembly();
	return 0;
}
