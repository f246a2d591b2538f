/* validate.c: the rules that look at several documents */
#include "config/validate.h"

void validate(struct model *model, const struct source_set *sources, struct diags *diags)
{
	(void)model;
	(void)sources;
	(void)diags;
}
