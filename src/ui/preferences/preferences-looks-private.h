/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "preferences/kalon-preferences-private.h"

G_BEGIN_DECLS

struct _KalonPreferencesLooks
{
  AdwPreferencesPage parent_instance;

  KalonSession *session;
  GListStore *members;       /* GtkAdjustment, its id as data "id" */
  GCancellable *cancellable; /* of all questions */
  GCancellable *scoring;     /* of the run under way */
  guint rest_id;
  gboolean waits;  /* for the index run, which has the library */
  gboolean closed; /* a run that goes on still has the session to tell */

  GtkListBox *members_list;
  GtkListBox *heads_list;
  GtkLabel *state_label;
  GtkButton *import_button;
};

/* looks-scoring.c */
void kalon_preferences_looks_show_state (KalonPreferencesLooks *self, const char *text);
/* A weight was turned: scores anew when it comes to rest. */
void kalon_preferences_looks_turn (KalonPreferencesLooks *self);
void kalon_preferences_looks_score (KalonPreferencesLooks *self);
/* An index run has ended, which may have been what scoring waits for. */
void kalon_preferences_looks_follow_indexing (KalonPreferencesLooks *self);

G_END_DECLS
