// CPU-bound benchmarks: `cpu CASE` times itself and prints `CASE <nanoseconds> ns/op`. The best of several turns
// counts, since whatever else the machine does only adds to one.
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TURNS = 25 };

static volatile uint64_t sink;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static uint64_t random_state;

static uint32_t next_random(void) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 33;
}

// SHA-256 of 1 MiB.
static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void sha256_block(uint32_t state[8], const uint8_t *block, const uint32_t k[64]) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25), ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t t1 = v[7] + s1 + ch + k[i] + w[i];
        uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) state[i] += v[i];
}

static void hash(void) {
    static uint8_t data[1 << 20];
    uint32_t state[8] = {1, 2, 3, 4, 5, 6, 7, 8}, k[64];
    for (int i = 0; i < 64; i++) k[i] = next_random() * 2;
    for (size_t i = 0; i < sizeof data; i += 64) sha256_block(state, data + i, k);
    sink += state[0];
}

// qsort of 300,000 numbers, with a call of the program's own for each comparison.
static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void sort(void) {
    static uint32_t numbers[300000];
    for (size_t i = 0; i < 300000; i++) numbers[i] = next_random();
    qsort(numbers, 300000, sizeof *numbers, compare);
    sink += numbers[150000];
}

// A product of matrices, and a Mandelbrot set.
static void floating(void) {
    enum { N = 192, SIDE = 256 };
    static double a[N][N], b[N][N], c[N][N];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) a[i][j] = i + j, b[i][j] = i - j, c[i][j] = 0;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            for (int j = 0; j < N; j++) c[i][j] += a[i][k] * b[k][j];
    unsigned inside = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double cr = 3.0 * x / SIDE - 2, ci = 2.0 * y / SIDE - 1, r = 0, i = 0;
            int turn = 0;
            for (; turn < 100 && r * r + i * i < 4; turn++) {
                double next = r * r - i * i + cr;
                i = 2 * r * i + ci;
                r = next;
            }
            inside += turn == 100;
        }
    sink += inside + (uint64_t)c[N / 2][N / 3];
}

// Small functions with arrays on the stack: compiled with -fstack-protector-all each looks at its canary twice.
__attribute__((noinline)) static int format(char *out, uint32_t value) {
    char digits[16];
    int count = 0, length = 0;
    do digits[count++] = '0' + value % 10;
    while (value /= 10);
    while (count > 0) out[length++] = digits[--count];
    return length;
}

__attribute__((noinline)) static uint32_t digest(uint32_t value) {
    char text[32];
    int length = format(text, value);
    uint32_t h = 2166136261u;
    for (int i = 0; i < length; i++) h = (h ^ (uint8_t)text[i]) * 16777619u;
    return h;
}

static void protector(void) {
    uint32_t h = 0;
    for (int i = 0; i < 500000; i++) h ^= digest(h + i);
    sink += h;
}

// strtol and checks of errno, as careful programs do.
__attribute__((noinline)) static long parse(const char *text) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno == ERANGE || *end != '\0') return -1;
    return value;
}

static void errors(void) {
    static const char *const texts[] = {"12345", "99999999999999999999", "-42", "77x", "2147483647", "0"};
    long sum = 0;
    for (int i = 0; i < 600000; i++) sum += parse(texts[i % 6]);
    sink += sum;
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {{"hash", hash}, {"sort", sort}, {"float", floating}, {"protector", protector}, {"errno", errors}};

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (argc < 2 || strcmp(argv[1], cases[i].name) != 0) continue;
        double best = 1e18;
        for (int turn = 0; turn < TURNS; turn++) {
            random_state = 1;
            double start = now();
            cases[i].run();
            double took = now() - start;
            if (took < best) best = took;
        }
        printf("%-16s %12.1f ns/op\n", cases[i].name, best);
        return 0;
    }
    fprintf(stderr, "usage: cpu hash|sort|float|protector|errno\n");
    return 2;
}
