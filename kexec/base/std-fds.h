/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BASE_STD_FDS_H
#define BASE_STD_FDS_H

/*
 * Let no descriptor that is opened later be standard input, output or error: where one
 * of them is closed, put something there from which reading, or to which writing, fails
 * as it does with a closed one.
 */
void kho_std_occupy(void);

#endif
