/* fuzz_request.c: any bytes on the control socket, cut anywhere */
#include "config/source.h"
#include "daemon/request.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request request = {0};
	size_t cut = size > 0 ? data[0] % size : 0;

	request_feed(&request, (const char *)data, cut);
	if (request_feed(&request, (const char *)data + cut, size - cut) == REQUEST_DONE) {
		(void)request_text(&request, "name");
		source_set_free(request_take_sources(&request));
	}
	request_fini(&request);
	return 0;
}
