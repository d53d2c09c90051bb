/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "training/kalon-evidence-panel-private.h"

G_DEFINE_FINAL_TYPE (KalonEvidencePanel, kalon_evidence_panel, ADW_TYPE_PREFERENCES_GROUP)

static void
cancel (GCancellable **cancellable)
{
  if (*cancellable != NULL)
    g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
}

/* @text: (nullable): instead of a report */
static void
show_message (KalonEvidencePanel *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
  gtk_widget_set_visible (self->contents, text == NULL);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonEvidencePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonReport) report = kalon_report_read_finish (result, &error);

  if (self->session == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  kalon_evidence_fill (GTK_BOX (self->contents), report);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->contents), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  report != NULL ? kalon_report_get_title (report) : "", -1);
  show_message (self, report != NULL ? NULL : error->message);
}

static void
show_selected (KalonEvidencePanel *self)
{
  guint i = adw_combo_row_get_selected (self->report_row);
  const KalonKeptReport *kept
      = self->kept != NULL && i < self->kept->len ? g_ptr_array_index (self->kept, i) : NULL;

  cancel (&self->reading);
  g_free (self->directory);
  self->directory = kept != NULL ? g_strdup (kept->directory) : NULL;
  gtk_widget_set_visible (self->buttons, kept != NULL);
  if (kept == NULL)
    return;
  self->reading = g_cancellable_new ();
  kalon_report_read_async (kept->directory, self->reading, read_cb, g_object_ref (self));
}

static void
selected_cb (KalonEvidencePanel *self)
{
  if (!self->filling)
    show_selected (self);
}

/* (transfer full): "Retrieval by captions, 26/11/26 00:20" */
static char *
describe (const KalonKeptReport *kept)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (kept->time);
  /* Translators: a date and time, see g_date_time_format(). */
  g_autofree char *date = time != NULL ? g_date_time_format (time, _ ("%-d %B %Y, %H:%M")) : NULL;

  if (date == NULL)
    return g_strdup (kept->title);
  /* Translators: the title of a report, and its date. */
  return g_strdup_printf (kept->is_synthetic ? C_ ("report", "%s, %s (synthetic data)")
                                             : C_ ("report", "%s, %s"),
                          kept->title, date);
}

/* The one that was shown stays, where it is still there. */
static guint
find_shown (KalonEvidencePanel *self)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      const KalonKeptReport *kept = g_ptr_array_index (self->kept, i);

      if (g_strcmp0 (kept->directory, self->directory) == 0)
        return i;
    }
  return 0;
}

static void
fill_row (KalonEvidencePanel *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->kept->len; i++)
    {
      g_autofree char *title = describe (g_ptr_array_index (self->kept, i));

      gtk_string_list_append (titles, title);
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->report_row, G_LIST_MODEL (titles));
  if (self->kept->len > 0)
    adw_combo_row_set_selected (self->report_row, find_shown (self));
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->report_row), self->kept->len > 0);
  show_selected (self);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonEvidencePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) kept = kalon_reports_list_finish (result, &error);

  if (self->session == NULL || g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;
  g_clear_object (&self->listing);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  self->kept = kept != NULL ? g_steal_pointer (&kept) : g_ptr_array_new ();
  fill_row (self);
  if (error != NULL)
    show_message (self, error->message);
  else if (self->kept->len == 0)
    show_message (self, _ ("Nothing was measured yet: “kalon-cli eval retrieval” and its sisters "
                           "leave their report here when they are run with “--keep”."));
}

void
kalon_evidence_panel_reload (KalonEvidencePanel *self)
{
  cancel (&self->listing);
  self->listing = g_cancellable_new ();
  kalon_reports_list_async (kalon_session_get_services (self->session)->library_directory,
                            self->listing, listed_cb, g_object_ref (self));
}

static void
kalon_evidence_panel_map (GtkWidget *widget)
{
  KalonEvidencePanel *self = KALON_EVIDENCE_PANEL (widget);

  GTK_WIDGET_CLASS (kalon_evidence_panel_parent_class)->map (widget);
  if (self->session != NULL)
    kalon_evidence_panel_reload (self);
}

static void
kalon_evidence_panel_dispose (GObject *object)
{
  KalonEvidencePanel *self = KALON_EVIDENCE_PANEL (object);

  cancel (&self->listing);
  cancel (&self->reading);
  g_clear_object (&self->session);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->directory, g_free);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (kalon_evidence_panel_parent_class)->dispose (object);
}

static void
kalon_evidence_panel_class_init (KalonEvidencePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_evidence_panel_dispose;
  widget_class->map = kalon_evidence_panel_map;
  kalon_evidence_panel_install_actions (widget_class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-evidence-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonEvidencePanel, report_row);
  gtk_widget_class_bind_template_child (widget_class, KalonEvidencePanel, message_label);
  gtk_widget_class_bind_template_child (widget_class, KalonEvidencePanel, contents);
  gtk_widget_class_bind_template_child (widget_class, KalonEvidencePanel, buttons);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
kalon_evidence_panel_init (KalonEvidencePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_evidence_panel_set_session (KalonEvidencePanel *self, KalonSession *session)
{
  g_return_if_fail (KALON_IS_EVIDENCE_PANEL (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
}
