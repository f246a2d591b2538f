/* validate.h: the rules that look at several documents */
#ifndef MLBGPD_CONFIG_VALIDATE_H
#define MLBGPD_CONFIG_VALIDATE_H

struct diags;
struct model;
struct source_set;

/* Checks a sealed model, and resolves what refers to other documents: communities by name,
 * passwords in Secrets. */
void validate(struct model *model, const struct source_set *sources, struct diags *diags);

#endif
