/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "feedback/kalon-feedback.h"
#include "storage/kalon-storage.h"

G_BEGIN_DECLS

struct _KalonFeedback
{
  GObject parent_instance;

  KalonStorage *storage;
  guint n_changes; /* by this connection, which the storage's version does not count */
};

/* Within a transaction of the caller's. @thumb: its id 0 for a new one. @id: (out): its own. One on
 * that picture for that query is taken back. */
gboolean
kalon_feedback_store (KalonFeedback *self, const KalonThumb *thumb, gint64 *id, GError **error);

G_END_DECLS
