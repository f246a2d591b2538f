/* plan_nodes.h: which node does what with each VIP, as a table of VIPs by nodes */
#ifndef MLBGPD_CMD_PLAN_NODES_H
#define MLBGPD_CMD_PLAN_NODES_H

#include "plan/plan.h"

struct plan_nodes;

struct plan_nodes *plan_nodes_new(void);
void plan_nodes_free(struct plan_nodes *nodes);
/* One node's plan, with its gates open; nothing of it is kept but texts. */
void plan_nodes_add(struct plan_nodes *nodes, const struct plan *plan);
/* To standard output: the table, in pieces of bounded width, and a line of totals for each node. */
void plan_nodes_print(const struct plan_nodes *nodes);

#endif
