/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "indexing/kalon-indexing-operation.h"
#include "kalon-application.h"
#include "kalon-search-provider.h"
#include "session/kalon-session.h"
#include "window/kalon-window.h"

G_BEGIN_DECLS

struct _KalonApplication
{
  AdwApplication parent_instance;

  char *library_directory; /* NULL is the user's own */
  char *model_id;          /* of the command line, else of the settings */
  char *device_name;

  GSettings *settings;
  KalonCatalogue *catalogue;
  KalonIndexing *indexing;
  KalonOperations *operations;
  KalonIndexingOperation *indexing_operation;
  KalonWatching *watching;
  KalonStaying *staying;
  KalonThumbnailQueue *thumbnails;
  KalonThumbs *thumbs;
  KalonWords *words;
  KalonHistory *history;
  KalonAligning *aligning;
  KalonBoards *boards;
  KalonRivals *rivals;
  KalonModelList *models;
  KalonSession *session;
  KalonSearchProvider *search_provider; /* NULL without a session bus */
  char *model_name;
  char *model_directory;
  char *model_problem;
  guint model_strictness;
  gsize context_length; /* the model's, in tokens */
  GPtrArray *devices;   /* KalonDeviceInfo; NULL until listed */
  guint catch_up_id;    /* of what waits until a new window has settled */
};

/* application-model.c: what works with a model. */

/* @model_id: (nullable): as for kalon_models_find(); of one that does not load the services are
 * %NULL, and @self->model_problem says why. */
void kalon_application_create_model_services (KalonApplication *self, const char *model_id,
                                              KalonModelServices *services);
/* A KalonModelServicesFunc; @user_data is the application. */
void kalon_application_make_model_services (const KalonModel *model, const char *device_name,
                                            KalonModelServices *services, gpointer user_data);

/* application-windows.c */
void kalon_application_show_about (KalonApplication *self);
/* (nullable): the window, also while a dialog above it is the active one */
KalonWindow *kalon_application_find_window (KalonApplication *self);
/* Made when there is none. */
KalonWindow *kalon_application_get_window (KalonApplication *self);

/* (transfer none): made when there is none. */
KalonSession *kalon_application_get_session (KalonApplication *self);

/* application-entrances.c: what leads to the window from outside. */

/* Actions of the application: of its desktop file, its notifications, and for “--search”. */
void kalon_application_add_entrances (KalonApplication *self);
/* Answers the desktop's search on @bus. */
gboolean
kalon_application_export_search (KalonApplication *self, GDBusConnection *bus, GError **error);
/* Of “--search”: to the instance that runs, or to this one when it is the first. */
gboolean kalon_application_pass_words (KalonApplication *self, const char *words);

/* application-notify.c: tells the end of a long job to who does not look at the window. */
void kalon_application_notify_of_jobs (KalonApplication *self);
/* Takes them back when @window is looked at. */
void kalon_application_withdraw_when_active (GtkWindow *window);

G_END_DECLS
