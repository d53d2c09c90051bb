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

G_END_DECLS
