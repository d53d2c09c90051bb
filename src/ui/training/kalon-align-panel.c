/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "settings/kalon-settings.h"
#include "training/kalon-align-panel.h"
#include "training/kalon-training-private.h"
#include "training/training-text.h"

struct _KalonAlignPanel
{
  AdwPreferencesGroup parent_instance;

  KalonSession *session;
  char *model_hash; /* (nullable): not known yet */
  char *path;       /* of the file of queries; (nullable) */
  gboolean was_running;
  GtkNativeDialog *chooser; /* while it is open */

  GtkWidget *adapter_row;
  GtkSwitch *adapter_switch;
  AdwComboRow *queries_row;
  AdwActionRow *file_row;
  AdwComboRow *kind_row;
  AdwActionRow *start_row;
  GtkWidget *start_button;
  GtkWidget *stop_button;
  GtkProgressBar *progress_bar;
  GtkWidget *result_box;
  GtkLabel *result_label;
  GtkLabel *agreement_label;
  GtkLabel *aesthetic_label;
  GtkLabel *footnote_label;
};

G_DEFINE_FINAL_TYPE (KalonAlignPanel, kalon_align_panel, ADW_TYPE_PREFERENCES_GROUP)

static const KalonSessionServices *
get_services (KalonAlignPanel *self)
{
  return kalon_session_get_services (self->session);
}

static KalonAlignQueries
get_queries (KalonAlignPanel *self)
{
  return (KalonAlignQueries) adw_combo_row_get_selected (self->queries_row);
}

static void
update_choices (KalonAlignPanel *self)
{
  static const char *const queries[] = {
    [KALON_ALIGN_BUILT_IN] = N_ ("Some 200 plain searches"),
    [KALON_ALIGN_HISTORY] = N_ ("Those that you gave thumbs for"),
    [KALON_ALIGN_FILE] = N_ ("A text file with one query a line"),
  };
  static const char *const kinds[] = {
    [KALON_ADAPTER_QUERY] = N_ ("Costs nothing when searching"),
    [KALON_ADAPTER_IMAGE] = N_ ("The same pictures rise in every search"),
    [KALON_ADAPTER_PROJECTIONS]
    = N_ ("The most it can learn, at the cost of a pass over the library"),
  };
  gboolean running, ready;

  if (self->session == NULL)
    return;
  running = kalon_aligning_is_running (get_services (self)->aligning);
  ready = get_services (self)->searcher != NULL
          && (get_queries (self) != KALON_ALIGN_FILE || self->path != NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->queries_row), _ (queries[get_queries (self)]));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind_row),
                               _ (kinds[adw_combo_row_get_selected (self->kind_row)]));
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), get_queries (self) == KALON_ALIGN_FILE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->queries_row), !running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->kind_row), !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "align.choose-file", !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "align.start", !running && ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "align.stop", running);
  gtk_widget_set_visible (self->start_button, !running);
  gtk_widget_set_visible (self->stop_button, running);
}

static void
queries_selected_cb (KalonAlignPanel *self)
{
  update_choices (self);
}

static void
kind_selected_cb (KalonAlignPanel *self)
{
  update_choices (self);
}

static void
show_result (KalonAlignPanel *self, const KalonAlignerResult *result)
{
  g_autofree char *text = NULL, *agreement = NULL, *aesthetic = NULL, *footnote = NULL;

  gtk_widget_set_visible (self->result_box, result != NULL);
  if (result == NULL)
    return;
  text = kalon_training_describe_result (result);
  agreement = kalon_training_format_gain (&result->before.agreement, &result->after.agreement,
                                          &result->gain, TRUE);
  aesthetic = kalon_training_format_gain (&result->before.aesthetic, &result->after.aesthetic,
                                          &result->aesthetic_gain, FALSE);
  /* Translators: below the figures of a training. */
  footnote = g_strdup_printf (
      _ ("Before → after; in brackets the difference with its 95 %% interval. %u queries, %u of "
         "them held out. %.0f %% of their ten best stayed."),
      (guint) result->n_queries, (guint) result->n_held_out, 100 * result->overlap.mean);
  gtk_label_set_text (self->result_label, text);
  gtk_label_set_text (self->agreement_label, agreement);
  gtk_label_set_text (self->aesthetic_label, aesthetic);
  gtk_label_set_text (self->footnote_label, footnote);
}

static void
show_start (KalonAlignPanel *self)
{
  KalonAligning *aligning = get_services (self)->aligning;
  const char *problem = kalon_aligning_get_problem (aligning);
  g_autofree char *text = NULL;

  if (kalon_aligning_is_running (aligning))
    text = kalon_training_describe_progress (kalon_aligning_get_progress (aligning));
  else if (problem != NULL)
    text = g_strdup (problem);
  else if (get_services (self)->searcher == NULL)
    text = g_strdup (get_services (self)->model_problem);
  else if (kalon_aligning_was_stopped (aligning))
    text = g_strdup (_ ("Stopped. What was trained is kept: starting the same again goes on "
                        "there."));
  else
    text = g_strdup (_ ("Takes some minutes; searching goes on meanwhile"));
  {
    g_autofree char *escaped = g_markup_escape_text (text, -1);

    adw_action_row_set_subtitle (self->start_row, escaped);
  }
}

static void
aligning_changed_cb (KalonAlignPanel *self)
{
  KalonAligning *aligning = get_services (self)->aligning;
  gboolean running = kalon_aligning_is_running (aligning);
  const KalonAlignerProgress *now = &kalon_aligning_get_progress (aligning)->now;

  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), running);
  if (running && now->total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar,
                                   MIN (1, (double) now->done / (double) now->total));
  else if (running)
    gtk_progress_bar_pulse (self->progress_bar);
  show_start (self);
  if (running != self->was_running)
    {
      self->was_running = running;
      update_choices (self);
      show_result (self, kalon_aligning_get_result (aligning));
    }
}

static void
aligning_finished_cb (KalonAlignPanel *self)
{
  /* The adapter was written over another connection. */
  kalon_thumbs_check (get_services (self)->thumbs);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonAlignPanel *self = KALON_ALIGN_PANEL (widget);

  kalon_aligning_start (get_services (self)->aligning, get_queries (self), self->path,
                        (KalonAdapterKind) adw_combo_row_get_selected (self->kind_row));
  gtk_widget_grab_focus (self->stop_button);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_aligning_stop (get_services (KALON_ALIGN_PANEL (widget))->aligning);
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, KalonAlignPanel *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    kalon_align_panel_set_file (self, g_file_peek_path (file));
  g_clear_object (&self->chooser);
}

static void
choose_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonAlignPanel *self = KALON_ALIGN_PANEL (widget);
  g_autoptr (GtkFileChooserNative) chooser = gtk_file_chooser_native_new (
      _ ("Choose a File of Queries"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), NULL);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_set_object (&self->chooser, GTK_NATIVE_DIALOG (chooser));
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (self->chooser);
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonAlignPanel) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kalon_thumbs_forget_finish (KALON_THUMBS (object), result, NULL, &error);

  kalon_training_say (GTK_WIDGET (self), done ? _ ("The adapter was removed") : error->message,
                      done);
}

static void
remove_adapter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonAlignPanel *self = KALON_ALIGN_PANEL (widget);

  if (self->model_hash != NULL)
    kalon_thumbs_remove_adapter_async (get_services (self)->thumbs, self->model_hash, removed_cb,
                                       g_object_ref (self));
}

static void
kalon_align_panel_dispose (GObject *object)
{
  KalonAlignPanel *self = KALON_ALIGN_PANEL (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_align_panel_parent_class)->dispose (object);
}

static void
kalon_align_panel_finalize (GObject *object)
{
  KalonAlignPanel *self = KALON_ALIGN_PANEL (object);

  g_free (self->model_hash);
  g_free (self->path);
  G_OBJECT_CLASS (kalon_align_panel_parent_class)->finalize (object);
}

static void
kalon_align_panel_class_init (KalonAlignPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_align_panel_dispose;
  object_class->finalize = kalon_align_panel_finalize;

  gtk_widget_class_install_action (widget_class, "align.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "align.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "align.choose-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "align.remove-adapter", NULL,
                                   remove_adapter_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-align-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, adapter_row);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, adapter_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, queries_row);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, file_row);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, kind_row);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, start_row);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, start_button);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, stop_button);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, result_box);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, result_label);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, agreement_label);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, aesthetic_label);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignPanel, footnote_label);
  gtk_widget_class_bind_template_callback (widget_class, queries_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_selected_cb);
}

static void
kalon_align_panel_init (KalonAlignPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_align_panel_set_session (KalonAlignPanel *self, KalonSession *session)
{
  g_return_if_fail (KALON_IS_ALIGN_PANEL (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_object_bind_property (kalon_session_get_search (session), KALON_SETTING_USE_ADAPTER,
                          self->adapter_switch, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (get_services (self)->aligning, "changed",
                           G_CALLBACK (aligning_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_services (self)->aligning, "finished",
                           G_CALLBACK (aligning_finished_cb), self, G_CONNECT_SWAPPED);
  update_choices (self);
  aligning_changed_cb (self);
}

void
kalon_align_panel_set_report (KalonAlignPanel *self, const KalonTasteReport *report)
{
  g_return_if_fail (KALON_IS_ALIGN_PANEL (self));

  g_free (self->model_hash);
  self->model_hash = report != NULL ? g_strdup (report->model_hash) : NULL;
  gtk_widget_set_visible (self->adapter_row, report != NULL && report->has_adapter);
}

void
kalon_align_panel_set_file (KalonAlignPanel *self, const char *path)
{
  g_autofree char *name = NULL, *escaped = NULL;

  g_return_if_fail (KALON_IS_ALIGN_PANEL (self));
  g_return_if_fail (path != NULL);

  g_free (self->path);
  self->path = g_strdup (path);
  name = g_filename_display_basename (path);
  escaped = g_markup_escape_text (name, -1);
  adw_combo_row_set_selected (self->queries_row, KALON_ALIGN_FILE);
  adw_action_row_set_subtitle (self->file_row, escaped);
  update_choices (self);
}
