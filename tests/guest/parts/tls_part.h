/* One thread-local set of variables per TLS model, each in a translation unit of its own. */
struct tls_part {
	const char *model;
	int initial, zero;
	long long wide;
	int *(*where)(void);
};
#define PART(model) extern struct tls_part (tls_##model)(int add)
PART(global_dynamic);
PART(local_dynamic);
PART(initial_exec);
PART(local_exec);

/* Defined in the local-exec unit, used by all. */
extern __thread int tls_shared;
