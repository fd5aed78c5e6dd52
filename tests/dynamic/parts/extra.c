extern void library_says(const char *what);

static int count;
int extra_count(void) { return ++count; }
__attribute__((constructor)) static void start(void) { library_says("extra, start"); }
__attribute__((destructor)) static void end(void) { library_says("extra, end"); }
