/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "training/kalon-align-panel.h"
#include "training/kalon-events-panel.h"
#include "training/kalon-evidence-panel.h"
#include "training/kalon-learned-panel.h"
#include "training/kalon-profile-panel.h"
#include "training/kalon-shifts-panel.h"
#include "training/kalon-training-private.h"

/* Logical pixels of width from which there are two columns. */
#define WIDE 880

struct _KalonTrainingPage
{
  GtkWidget parent_instance;

  KalonSession *session;
  gboolean stale;            /* what is shown is not what there is */
  GCancellable *cancellable; /* of the report under way */
  guint n_asked;             /* states that were asked for: the answer to the last one counts */
  KalonThumbsState *state;   /* (nullable) */
  KalonTasteReport *report;  /* (nullable) */
  gboolean wide;
  guint width_id; /* of the idle that follows it */

  GtkWidget *scrolled;
  GtkWidget *columns;
  KalonProfilePanel *profile_panel;
  KalonLearnedPanel *learned_panel;
  KalonShiftsPanel *shifts_panel;
  KalonEventsPanel *events_panel;
  KalonAlignPanel *align_panel;
  KalonEvidencePanel *evidence_panel;
};

G_DEFINE_FINAL_TYPE (KalonTrainingPage, kalon_training_page, GTK_TYPE_WIDGET)

enum
{
  MESSAGE,
  OPEN_PICTURE,
  SEARCH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_events (KalonTrainingPage *self)
{
  if (self->state != NULL)
    kalon_events_panel_set_events (self->events_panel, self->state, self->report);
}

static void
report_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonTrainingPage) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonTasteReport *report
      = kalon_searcher_report_taste_finish (KALON_SEARCHER (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    {
      kalon_taste_report_free (report);
      return;
    }
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->report, kalon_taste_report_free);
  self->report = report;
  if (report != NULL)
    kalon_learned_panel_set_report (self->learned_panel, report);
  else
    kalon_learned_panel_set_problem (self->learned_panel, error->message);
  kalon_profile_panel_set_report (self->profile_panel, report);
  kalon_shifts_panel_set_report (self->shifts_panel, report,
                                 kalon_session_get_services (self->session)->thumbnails);
  kalon_align_panel_set_report (self->align_panel, report);
  show_events (self);
}

typedef struct
{
  KalonTrainingPage *page;
  guint number;
} Question;

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (KalonTrainingPage) self = question->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonThumbsState) state
      = kalon_thumbs_get_state_finish (KALON_THUMBS (object), result, &error);

  if (question->number != self->n_asked || self->session == NULL)
    return;
  if (state == NULL)
    {
      kalon_events_panel_set_problem (self->events_panel, error->message);
      return;
    }
  g_clear_pointer (&self->state, kalon_thumbs_state_free);
  self->state = g_steal_pointer (&state);
  kalon_profile_panel_set_state (self->profile_panel, self->state);
  show_events (self);
}

static void
cancel_report (KalonTrainingPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
load (KalonTrainingPage *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  Question *question = g_new (Question, 1);

  self->stale = FALSE;
  *question = (Question){ g_object_ref (self), ++self->n_asked };
  kalon_thumbs_get_state_async (services->thumbs, state_cb, question);
  cancel_report (self);
  if (services->searcher == NULL)
    {
      kalon_learned_panel_set_problem (self->learned_panel, services->model_problem);
      return;
    }
  self->cancellable = g_cancellable_new ();
  kalon_searcher_report_taste_async (services->searcher, self->cancellable, report_cb,
                                     g_object_ref (self));
}

static void
changed_cb (KalonTrainingPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    load (self);
  else
    self->stale = TRUE;
}

/* While indexing the library changes all the time: the next look at the page is soon enough. */
static void
library_changed_cb (KalonTrainingPage *self)
{
  self->stale = TRUE;
}

static void
search_cb (KalonTrainingPage *self)
{
  g_signal_emit (self, signals[SEARCH], 0);
}

static void
reload_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  load (KALON_TRAINING_PAGE (widget));
}

static void
kalon_training_page_map (GtkWidget *widget)
{
  KalonTrainingPage *self = KALON_TRAINING_PAGE (widget);

  GTK_WIDGET_CLASS (kalon_training_page_parent_class)->map (widget);
  if (self->stale && self->session != NULL)
    load (self);
}

static void
kalon_training_page_unmap (GtkWidget *widget)
{
  KalonTrainingPage *self = KALON_TRAINING_PAGE (widget);

  /* A search does not wait for it. */
  if (self->cancellable != NULL)
    self->stale = TRUE;
  cancel_report (self);
  GTK_WIDGET_CLASS (kalon_training_page_parent_class)->unmap (widget);
}

static gboolean
follow_width (gpointer user_data)
{
  KalonTrainingPage *self = user_data;

  self->width_id = 0;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->columns), self->wide
                                                                      ? GTK_ORIENTATION_HORIZONTAL
                                                                      : GTK_ORIENTATION_VERTICAL);
  gtk_box_set_homogeneous (GTK_BOX (self->columns), self->wide);
  return G_SOURCE_REMOVE;
}

static void
kalon_training_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  gtk_widget_measure (KALON_TRAINING_PAGE (widget)->scrolled, orientation, for_size, minimum,
                      natural, minimum_baseline, natural_baseline);
}

static void
kalon_training_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonTrainingPage *self = KALON_TRAINING_PAGE (widget);
  gboolean wide = width >= WIDE;

  gtk_widget_allocate (self->scrolled, width, height, baseline, NULL);
  if (wide == self->wide)
    return;
  self->wide = wide;
  /* Nothing may change its size in the middle of an allocation. */
  if (self->width_id == 0)
    self->width_id = g_idle_add (follow_width, self);
}

static void
kalon_training_page_dispose (GObject *object)
{
  KalonTrainingPage *self = KALON_TRAINING_PAGE (object);
  GtkWidget *child;

  cancel_report (self);
  g_clear_handle_id (&self->width_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->state, kalon_thumbs_state_free);
  g_clear_pointer (&self->report, kalon_taste_report_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_training_page_parent_class)->dispose (object);
}

static void
kalon_training_page_class_init (KalonTrainingPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = kalon_training_page_dispose;
  widget_class->map = kalon_training_page_map;
  widget_class->unmap = kalon_training_page_unmap;
  widget_class->measure = kalon_training_page_measure;
  widget_class->size_allocate = kalon_training_page_size_allocate;

  signals[MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[OPEN_PICTURE] = g_signal_new ("open-picture", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SEARCH]
      = g_signal_new ("search", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KALON_TYPE_ALIGN_PANEL);
  g_type_ensure (KALON_TYPE_EVENTS_PANEL);
  g_type_ensure (KALON_TYPE_EVIDENCE_PANEL);
  g_type_ensure (KALON_TYPE_LEARNED_PANEL);
  g_type_ensure (KALON_TYPE_PROFILE_PANEL);
  g_type_ensure (KALON_TYPE_SHIFTS_PANEL);
  gtk_widget_class_install_action (widget_class, "training.reload", NULL, reload_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-training-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, columns);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, profile_panel);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, learned_panel);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, shifts_panel);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, events_panel);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, align_panel);
  gtk_widget_class_bind_template_child (widget_class, KalonTrainingPage, evidence_panel);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
}

static void
kalon_training_page_init (KalonTrainingPage *self)
{
  self->stale = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_training_page_set_session (KalonTrainingPage *self, KalonSession *session)
{
  const KalonSessionServices *services;

  g_return_if_fail (KALON_IS_TRAINING_PAGE (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  services = kalon_session_get_services (session);
  kalon_profile_panel_set_session (self->profile_panel, session);
  kalon_events_panel_set_session (self->events_panel, session);
  kalon_align_panel_set_session (self->align_panel, session);
  kalon_evidence_panel_set_session (self->evidence_panel, session);
  g_signal_connect_object (services->thumbs, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (services->catalogue, "changed", G_CALLBACK (library_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static KalonTrainingPage *
find_page (GtkWidget *widget)
{
  GtkWidget *page = gtk_widget_get_ancestor (widget, KALON_TYPE_TRAINING_PAGE);

  return page != NULL ? KALON_TRAINING_PAGE (page) : NULL;
}

void
kalon_training_say (GtkWidget *widget, const char *text, gboolean can_undo)
{
  KalonTrainingPage *page = find_page (widget);

  if (page != NULL)
    g_signal_emit (page, signals[MESSAGE], 0, text, can_undo);
}

void
kalon_training_open (GtkWidget *widget, gint64 picture)
{
  KalonTrainingPage *page = find_page (widget);

  if (page != NULL)
    g_signal_emit (page, signals[OPEN_PICTURE], 0, picture);
}

KalonResultItem *
kalon_training_make_item (gint64 picture)
{
  return kalon_result_item_new (&(KalonResult){ .picture = picture }, 0);
}
