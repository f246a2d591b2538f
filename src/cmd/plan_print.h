/* plan_print.h: a plan to standard output, as JSON or for reading */
#ifndef MLBGPD_CMD_PLAN_PRINT_H
#define MLBGPD_CMD_PLAN_PRINT_H

struct diags;
struct json_stream;
struct plan;

/* {node, peers, services, pools, vips, routes, bfd, warnings} */
void plan_print_json(struct json_stream *out, const struct plan *plan, const struct diags *diags);
void plan_print_text(const struct plan *plan);

#endif
