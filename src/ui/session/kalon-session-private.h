/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/kalon-session.h"

G_BEGIN_DECLS

struct _KalonSession
{
  GObject parent_instance;

  KalonSessionServices services;
  char *library_directory;
  char *device_name;
  char *model_id;
  char *model_directory;
  char *model_problem;
  KalonSearch *search;

  /* The change of the model under way: session-model.c */
  KalonModelChange change;
  char *wanted_id;
  char *change_problem;
  GCancellable *cancellable; /* while the model is looked at */
  KalonModel *model;
  KalonTokenizer *tokenizer;
  KalonModelServices made;
  KalonIndexer *indexer; /* of the model that searches, while another's is at work */
  guint begin_id;
};

/* session-model.c */
void kalon_session_connect_indexing (KalonSession *self);
/* Whatever is under way; emits nothing. */
void kalon_session_drop_change (KalonSession *self);

G_END_DECLS
