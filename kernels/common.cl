/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Put in front of every kernel source; see README.md. */
