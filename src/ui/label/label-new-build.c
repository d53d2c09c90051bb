/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-new-dialog-private.h"
#include "label/label-rephrase.h"
#include "settings/kalon-settings.h"

static void
show_progress (KalonLabelNewDialog *self, const char *text, gsize done, gsize total)
{
  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) MAX (total, 1));
}

static void
rephrasing_cb (guint done, guint total, gpointer user_data)
{
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u of %u query rephrased", "%u of %u queries rephrased", total), done, total);

  show_progress (user_data, text, done, total);
}

static void
building_cb (gsize done, gsize total, gpointer user_data)
{
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u of %u query answered", "%u of %u queries answered", total),
                         (guint) done, (guint) total);

  show_progress (user_data, text, done, total);
}

/* Back to what can be changed. */
static void
fail (KalonLabelNewDialog *self, const GError *error)
{
  self->building = FALSE;
  gtk_label_set_text (self->error_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "options");
  gtk_widget_set_visible (self->create_button, TRUE);
  gtk_widget_set_sensitive (self->create_button, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}

static void
built_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelNewDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gsize n_same;
  g_autofree char *id = kalon_label_set_build_finish (result, &n_same, &error);

  if (self->session == NULL)
    return;
  if (id == NULL)
    {
      fail (self, error);
      return;
    }
  g_signal_emit_by_name (self, "built", id, (guint) n_same);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* @rephrased: (nullable) */
static void
build (KalonLabelNewDialog *self, const char *const *rephrased)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  g_autoptr (KalonSystems) systems = kalon_systems_new (
      services->library_directory, services->device_name, services->model_directory);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  KalonAlignment alignment;
  KalonLabelPlan plan = {
    .name = name,
    .queries = (const char *const *) self->queries,
    .rephrased = rephrased,
    .style = rephrased != NULL ? self->style : NULL,
    .k = (guint) gtk_spin_button_get_value_as_int (self->k_spin),
    .repeats = gtk_spin_button_get_value (self->repeats_spin) / 100,
    .seed = g_random_int (),
  };

  for (guint i = 0; i < 2; i++)
    plan.systems[i] = kalon_label_new_dialog_get_key (self, i);
  kalon_search_fill_alignment (kalon_session_get_search (self->session), &alignment);
  kalon_systems_set_alignment (systems, &alignment);
  building_cb (0, g_strv_length (self->queries), self);
  kalon_label_set_build_async (systems, services->library_directory, &plan, building_cb, self,
                               self->cancellable, built_cb, g_object_ref (self));
}

static void
rephrased_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelNewDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) rephrased = kalon_label_rephrase_finish (result, &error);

  if (self->session == NULL)
    return;
  if (rephrased != NULL)
    build (self, (const char *const *) rephrased);
  else
    fail (self, error);
}

static gboolean
rephrases (const char *key, gboolean is_on)
{
  return g_str_equal (key, "rephrased")
         || (is_on && (g_str_equal (key, "aligned") || g_str_has_prefix (key, "profile:")));
}

void
kalon_label_new_dialog_build (KalonLabelNewDialog *self)
{
  GSettings *settings = kalon_session_get_services (self->session)->settings;
  g_autofree char *set_style = g_settings_get_string (settings, KALON_SETTING_REPHRASE_STYLE);
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;
  gboolean is_on;

  kalon_rephrase_style_from_name (set_style, &style);
  is_on = style != KALON_REPHRASE_ORIGINAL;
  /* Whoever compares with rephrased words wants some. */
  if (!is_on)
    style = KALON_REPHRASE_DEFAULT_STYLE;
  g_free (self->style);
  self->style = g_strdup (kalon_rephrase_style_get_name (style));
  g_strfreev (self->queries);
  self->queries = kalon_label_new_dialog_list_queries (self);
  self->building = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  gtk_widget_set_visible (self->create_button, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "progress");
  if (rephrases (kalon_label_new_dialog_get_key (self, 0), is_on)
      || rephrases (kalon_label_new_dialog_get_key (self, 1), is_on))
    {
      rephrasing_cb (0, g_strv_length (self->queries), self);
      kalon_label_rephrase_async (settings, style, (const char *const *) self->queries,
                                  rephrasing_cb, self, self->cancellable, rephrased_cb,
                                  g_object_ref (self));
    }
  else
    build (self, NULL);
}
