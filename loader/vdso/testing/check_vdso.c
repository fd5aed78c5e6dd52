/*
 * Maps a vDSO image behind a data page, as the kernel does, and compares what it says with the machine's own clocks.
 * Usage: check_vdso IMAGE. Prints one line for each thing that is wrong, and at last `cost NS NATIVE_NS`.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define NS 1000000000ull
#define SHIFT 31

struct line { uint32_t mult, nsec; uint64_t sec; };
struct data { volatile uint32_t generation; uint32_t pad; volatile uint64_t base; struct line line[2]; };
struct timespec64 { int64_t sec, nsec; };

static struct data *data;
static char *image;
static double rate; /* ns per tick */

static void wrong(const char *what) { printf("wrong: %s\n", what); }

static uint64_t native(clockid_t clock) {
  struct timespec t;
  syscall(SYS_clock_gettime, clock, &t);
  return t.tv_sec * NS + t.tv_nsec;
}

static uint64_t ticks(void) {
  _mm_lfence();
  return __rdtsc();
}

static uint64_t show(int clock, uint64_t tsc) {
  struct line *l = &data->line[clock];
  uint64_t d = tsc - data->base;
  return l->sec * NS + l->nsec + (uint64_t)((long double)d * l->mult / (1ull << SHIFT));
}

static void set(int clock, uint64_t ns, double factor) {
  struct line *l = &data->line[clock];
  l->sec = ns / NS;
  l->nsec = ns % NS;
  l->mult = rate * factor * (1ull << SHIFT) + 0.5;
}

/* Both lines go on from where they are. */
static void publish(double factor) {
  data->generation++;
  __sync_synchronize();
  uint64_t tsc = ticks(), m = show(0, tsc), r = show(1, tsc);
  data->base = tsc;
  set(0, m, factor);
  set(1, r, factor);
  __sync_synchronize();
  data->generation++;
}

/* Lines through what the native clocks show, that began so many ns ago. Tried again if somebody else ran meanwhile. */
static void anchor(uint64_t ago) {
  uint64_t tsc, took;
  do {
    tsc = ticks();
    set(0, native(CLOCK_MONOTONIC) - ago, 1);
    set(1, native(CLOCK_REALTIME) - ago, 1);
    took = (ticks() - tsc) * rate;
  } while (took > 5000);
  data->base = tsc - (uint64_t)(ago / rate);
  data->generation |= 1;
}

/* As glibc's dl_vdso_vsym: by name and version; here by both hash tables, which must agree. */
static uint32_t sysv_hash(const char *s) {
  uint32_t h = 0, g;
  for (; *s; s++) { h = (h << 4) + (unsigned char)*s; if ((g = h & 0xf0000000)) h ^= g >> 24; h &= ~g; }
  return h;
}

static uint32_t gnu_hash(const char *s) {
  uint32_t h = 5381;
  for (; *s; s++) h = h * 33 + (unsigned char)*s;
  return h;
}

static void *lookup(const char *name, const char *version) {
  ElfW(Ehdr) *eh = (void *)image;
  ElfW(Phdr) *ph = (void *)(image + eh->e_phoff);
  ElfW(Dyn) *dyn = 0;
  for (int i = 0; i < eh->e_phnum; i++) if (ph[i].p_type == PT_DYNAMIC) dyn = (void *)(image + ph[i].p_vaddr);
  ElfW(Sym) *sym = 0; const char *str = 0; uint32_t *hash = 0, *gnu = 0; uint16_t *ver = 0; char *def = 0;
  for (; dyn->d_tag; dyn++) {
    void *p = image + dyn->d_un.d_ptr;
    if (dyn->d_tag == DT_SYMTAB) sym = p;
    if (dyn->d_tag == DT_STRTAB) str = p;
    if (dyn->d_tag == DT_HASH) hash = p;
    if (dyn->d_tag == DT_GNU_HASH) gnu = p;
    if (dyn->d_tag == DT_VERSYM) ver = p;
    if (dyn->d_tag == DT_VERDEF) def = p;
  }
  uint32_t found = 0, found_gnu = 0;
  for (uint32_t i = hash[2 + sysv_hash(name) % hash[0]]; i; i = hash[2 + hash[0] + i])
    if (!strcmp(str + sym[i].st_name, name)) found = i;
  uint32_t h = gnu_hash(name), *buckets = gnu + 4 + gnu[2] * sizeof(ElfW(Addr)) / 4, *chain = buckets + gnu[0];
  ElfW(Addr) word = ((ElfW(Addr) *)(gnu + 4))[h / __ELF_NATIVE_CLASS % gnu[2]];
  if ((word >> h % __ELF_NATIVE_CLASS & 1) && (word >> (h >> gnu[3]) % __ELF_NATIVE_CLASS & 1))
    for (uint32_t i = buckets[h % gnu[0]]; i; i++) {
      if ((chain[i - gnu[1]] | 1) == (h | 1) && !strcmp(str + sym[i].st_name, name)) found_gnu = i;
      if (chain[i - gnu[1]] & 1) break;
    }
  if (!found || found != found_gnu) return wrong(name), NULL;
  for (ElfW(Verdef) *d = (void *)def;; d = (void *)((char *)d + d->vd_next)) {
    ElfW(Verdaux) *aux = (void *)((char *)d + d->vd_aux);
    if (d->vd_ndx == (ver[found] & 0x7fff) && !(d->vd_flags & VER_FLG_BASE) && d->vd_hash == sysv_hash(version) &&
        !strcmp(str + aux->vda_name, version)) return image + sym[found].st_value;
    if (!d->vd_next) break;
  }
  return wrong(version), NULL;
}

static int (*get)(clockid_t, struct timespec *);

static uint64_t ours(clockid_t clock) {
  struct timespec t;
  if (get(clock, &t) != 0 || t.tv_nsec < 0 || t.tv_nsec >= NS) wrong("clock_gettime's answer");
  return t.tv_sec * NS + t.tv_nsec;
}

/* Between two readings of the native clock, but for `slack`; tried again, because anybody may be preempted. */
static void compare(const char *what, uint64_t (*clock)(clockid_t), clockid_t id, uint64_t slack) {
  for (int i = 0; i < 100; i++) {
    uint64_t before = native(id), is = clock(id), after = native(id);
    if (is + slack >= before && is <= after + slack) return;
    if (i == 99) printf("wrong: %s(%d) %lld %lld\n", what, id, (long long)(is - before), (long long)(after - is));
  }
}

static int (*get64)(clockid_t, struct timespec64 *);
static uint64_t ours64(clockid_t clock) {
  struct timespec64 t = { -1, -1 };
  get64(clock, &t);
  return t.sec * NS + t.nsec;
}

static int (*day)(struct timeval *, struct timezone *);
static uint64_t ours_day(clockid_t clock) {
  struct timeval t;
  struct timezone z = { 7, 7 };
  if (day(&t, &z) != 0 || z.tz_minuteswest || z.tz_dsttime || day(0, 0) != 0) wrong("gettimeofday's answer");
  return t.tv_sec * NS + t.tv_usec * 1000ull;
}

static time_t (*seconds)(time_t *);
static volatile int stop;

static void *writer(void *unused) {
  for (int i = 0; !stop; i++) {
    publish(i & 1 ? 1.5 : 0.5);
    for (int k = 0; k < (i % 50) * 20; k++) _mm_pause();
  }
  return unused;
}

/* While the page is being changed the vDSO asks the kernel, whose clock here is another one: let it say no instead. */
static void refuse_fallback(void) {
#ifdef __i386__
  static const char call[] = "\xb8\x09\x01\0\0\xcd\x80", refuse[] = "\xb8\xff\xff\xff\xff\x66\x90";
#else
  static const char call[] = "\xb8\xe4\0\0\0\x0f\x05", refuse[] = "\xb8\xff\xff\xff\xff\x66\x90";
#endif
  char *at = memmem(image, 4096, call, 7);
  if (!at) { wrong("no system call in clock_gettime"); return; }
  mprotect(image, 4096, PROT_READ | PROT_WRITE);
  memcpy(at, refuse, 7);
  mprotect(image, 4096, PROT_READ | PROT_EXEC);
}

static double cost(int (*f)(clockid_t, struct timespec *)) {
  double best = 1e9;
  struct timespec t;
  for (int r = 0; r < 30; r++) {
    uint64_t start = native(CLOCK_MONOTONIC);
    for (int i = 0; i < 20000; i++) f(CLOCK_MONOTONIC, &t);
    double took = (native(CLOCK_MONOTONIC) - start) / 20000.0;
    if (took < best) best = took;
  }
  return best;
}

static void check_clocks(const char *when, uint64_t slack) {
  compare(when, ours, CLOCK_MONOTONIC, slack);
  compare(when, ours, CLOCK_REALTIME, slack);
  if (get64) compare(when, ours64, CLOCK_MONOTONIC, slack), compare(when, ours64, CLOCK_REALTIME, slack);
  compare(when, ours_day, CLOCK_REALTIME, slack + 1000);
  compare(when, ours, CLOCK_PROCESS_CPUTIME_ID, 0);
  compare(when, ours, CLOCK_THREAD_CPUTIME_ID, 0);
  time_t stored = 0, now = time(0), is = seconds(&stored);
  if (is != stored || is < now - 1 || is > now + 1 || seconds(0) < is) wrong("time");
}

int main(int argc, char **argv) {
  int fd = open(argv[argc - 1], O_RDONLY);
  char *at = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  data = (void *)at;
  image = at + 4096;
  if (read(fd, image, 4096) != 4096) return 2;
  mprotect(image, 4096, PROT_READ | PROT_EXEC);

  get = lookup("__vdso_clock_gettime", "LINUX_2.6");
  day = lookup("__vdso_gettimeofday", "LINUX_2.6");
  seconds = lookup("__vdso_time", "LINUX_2.6");
  int (*res)(clockid_t, struct timespec *) = lookup("__vdso_clock_getres", "LINUX_2.6");
  int (*cpu)(unsigned *, unsigned *, void *) = lookup("__vdso_getcpu", "LINUX_2.6");
#ifdef __i386__
  get64 = lookup("__vdso_clock_gettime64", "LINUX_2.6");
  void *vsyscall = lookup("__kernel_vsyscall", "LINUX_2.5");
  lookup("__kernel_sigreturn", "LINUX_2.5");
  lookup("__kernel_rt_sigreturn", "LINUX_2.5");
  int pid;
  asm volatile("call *%1" : "=a"(pid) : "r"(vsyscall), "a"(SYS_getpid));
  if (pid != getpid()) wrong("__kernel_vsyscall");
#else
  if (lookup("clock_gettime", "LINUX_2.6") != (void *)get) wrong("the alias");
#endif

  check_clocks("asked of the kernel", 0);
  uint64_t t0 = ticks(), n0 = native(CLOCK_MONOTONIC);
  usleep(50000);
  rate = (double)(native(CLOCK_MONOTONIC) - n0) / (ticks() - t0);
  anchor(0);
  check_clocks("over the TSC", 10000);
  /* Lines that began long ago: the quotient and the high words count. */
  for (int i = 0; i < 4; i++) {
    anchor((uint64_t)(1 + i * i * 30) * NS);
    check_clocks("from long ago", 10000);
  }
  struct timespec t;
  uint64_t saved = data->base;
  data->base = ~0ull >> 1;
  if (ours(CLOCK_MONOTONIC) != data->line[0].sec * NS + data->line[0].nsec) wrong("a TSC before the line");
  data->base = saved;

  for (int clock = -3; clock < 14; clock++) {
    struct timespec a = { -1, -1 }, b = { -1, -1 };
    int native_result = syscall(SYS_clock_getres, clock, &b) == 0, result = res(clock, &a) == 0;
    if (clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE) b.tv_nsec = 4000000; /* HZ = 250 */
    if (native_result != result || a.tv_sec != b.tv_sec || a.tv_nsec != b.tv_nsec) printf("wrong: getres %d\n", clock);
    if ((get(clock, &t) == 0) != (syscall(SYS_clock_gettime, clock, &t) == 0)) printf("wrong: gettime %d\n", clock);
  }
  unsigned c = ~0u, n = ~0u;
  if (cpu(&c, &n, 0) != 0 || c > 4096 || n > 4096) wrong("getcpu");

  anchor(0);
  refuse_fallback();
  pthread_t thread;
  pthread_create(&thread, 0, writer, 0);
  uint64_t last[2] = { 0, 0 };
  int compared = 0;
  for (int i = 0; i < 1000000; i++) {
    if (get(i & 1 ? CLOCK_MONOTONIC : CLOCK_REALTIME, &t) != 0) continue;
    uint64_t is = t.tv_sec * NS + t.tv_nsec;
    if (is < last[i & 1]) { printf("wrong: back by %llu\n", (unsigned long long)(last[i & 1] - is)); break; }
    last[i & 1] = is;
    compared++;
  }
  if (compared < 10000) wrong("too few times were compared");
  stop = 1;
  pthread_join(thread, 0);
  double mine = cost(get), theirs = cost(clock_gettime);
  printf("cost %.1f %.1f\n", mine, theirs);
  return 0;
}
