/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BASE_TRI_H
#define BASE_TRI_H

/* Yes, no, or nothing says it.  Unknown is never taken for no. */
enum kho_tri { KHO_TRI_UNKNOWN = -1, KHO_TRI_NO = 0, KHO_TRI_YES = 1 };

#endif
