/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What is known of a picture, or of two beside each other: file, size, date, camera, and its place
 * in the results. Every value can be selected, and all copied at once. */

#include "viewer/kalon-detail-list.h"

G_BEGIN_DECLS

#define KALON_TYPE_DETAILS (kalon_details_get_type ())
G_DECLARE_FINAL_TYPE (KalonDetails, kalon_details, KALON, DETAILS, GtkWidget)

/* (nullable) (element-type KalonDetail): nothing is shown for %NULL */
void kalon_details_set_details (KalonDetails *self, GPtrArray *details);
/* The same lines of two, marked "≠" where they differ; a line that one has not is there, too.
 * (nullable) (element-type KalonDetail) */
void kalon_details_set_pair (KalonDetails *self, GPtrArray *first, GPtrArray *second);

G_END_DECLS
