/* bgp_clock.h: the timers of src/bgp and monotime_now() by a clock that the test moves
 *
 * They are replaced when a program is linked with bgp_clock_flags (--wrap): time goes on as it
 * does, and by what a test adds.
 */
#ifndef MLBGPD_T_BGP_CLOCK_H
#define MLBGPD_T_BGP_CLOCK_H

#include "bgp_lab.h"

/* Until the loop has nothing to do. */
void run_loop(struct lab *lab);
/* Lets the timers of so many seconds expire, each at its time. */
void pass_seconds(struct lab *lab, double seconds);
/* Until the next timer expires, and a little more. */
double seconds_to_next(void);
/* What it was started with. */
double delay_of_next(void);

#endif
