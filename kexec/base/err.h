/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One error message, made longer on its way up.
 *
 * The function that finds the trouble says what is wrong ("section header table
 * ends at 0x5200, the file at 0x4000"); each caller that knows more puts it in
 * front ("payload: ", "/boot/vmlinuz: ").  Only the command line prints it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define KHO_ERR_BYTES 512

struct kho_err {
	char text[KHO_ERR_BYTES];	/* one line, no newline; "" when nothing was said */
};

/*
 * Say what is wrong.  Returns -code, so that a caller can write
 * "return kho_fail(err, EINVAL, ...)".  @code is a positive errno.  A NULL @err
 * is allowed.  What is not printable ASCII is replaced by '?': parts of
 * the text come from files.
 */
int kho_fail(struct kho_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Put more context in front; does nothing when @err is NULL or empty. */
void kho_err_prefix(struct kho_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Put '?' in place of all but printable ASCII: what comes from files is not trusted. */
void kho_make_printable(char *text);

#endif
