/* load.h: from bytes to a checked model */
#ifndef MLBGPD_CONFIG_LOAD_H
#define MLBGPD_CONFIG_LOAD_H

struct diags;
struct model;
struct source_set;

/* Reads all documents of all files and checks each, and all together.  All findings go to diags;
 * NULL where there was an error among them.  node is this node's name (see model_self()); NULL:
 * $MLBGPD_NODE_NAME, then the host's name.  Touches nothing global: may run in any thread. */
struct model *config_load(const struct source_set *sources, const char *node, struct diags *diags);
void model_free(struct model *model);

#endif
