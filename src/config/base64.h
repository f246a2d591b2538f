/* base64.h: RFC 4648 base64, as a Secret's data has it */
#ifndef MLBGPD_CONFIG_BASE64_H
#define MLBGPD_CONFIG_BASE64_H

/* The text behind it, to be freed; NULL where it is no base64 or there is a NUL in it.  Blanks and
 * ends of lines are passed over. */
char *base64_decode_text(const char *coded);

#endif
