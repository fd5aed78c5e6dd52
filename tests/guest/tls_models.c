/* All four TLS models in one program. */
#include <stdio.h>
#include "parts/tls_part.h"

int main(void) {
	struct tls_part (*parts[])(int) = {tls_global_dynamic, tls_local_dynamic, tls_initial_exec, tls_local_exec};
	for (int add = 0; add < 12; add++)
		for (int i = 0; i < 4; i++) {
			struct tls_part part = parts[i](add);
			*part.where() += 1;
			printf("%s %d %d %llx %d %d\n", part.model, part.initial, part.zero, part.wide, *part.where(), tls_shared);
		}
	return 0;
}
