/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "training/kalon-profile-panel-private.h"

/* Of the model's hash: enough to tell two apart. */
#define HASH_DIGITS 8

G_DEFINE_FINAL_TYPE (KalonProfilePanel, kalon_profile_panel, ADW_TYPE_PREFERENCES_GROUP)

static void
selected_cb (KalonProfilePanel *self)
{
  guint i = adw_combo_row_get_selected (self->profile_row);

  if (self->updating || self->profiles == NULL || i >= g_strv_length (self->profiles)
      || g_str_equal (self->profiles[i], self->profile))
    return;
  kalon_profile_panel_use (self, self->profiles[i]);
}

static void
kalon_profile_panel_dispose (GObject *object)
{
  KalonProfilePanel *self = KALON_PROFILE_PANEL (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_profile_panel_parent_class)->dispose (object);
}

static void
kalon_profile_panel_finalize (GObject *object)
{
  KalonProfilePanel *self = KALON_PROFILE_PANEL (object);

  g_free (self->profile);
  g_strfreev (self->profiles);
  G_OBJECT_CLASS (kalon_profile_panel_parent_class)->finalize (object);
}

static void
kalon_profile_panel_class_init (KalonProfilePanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_profile_panel_dispose;
  object_class->finalize = kalon_profile_panel_finalize;

  kalon_profile_panel_install_actions (widget_class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-profile-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonProfilePanel, profile_row);
  gtk_widget_class_bind_template_child (widget_class, KalonProfilePanel, model_row);
  gtk_widget_class_bind_template_child (widget_class, KalonProfilePanel, import_row);
  gtk_widget_class_bind_template_child (widget_class, KalonProfilePanel, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
kalon_profile_panel_init (KalonProfilePanel *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  kalon_profile_panel_update_actions (self);
}

static void
show_model (KalonProfilePanel *self, const char *hash)
{
  const char *id = kalon_session_get_services (self->session)->model_id;
  g_autofree char *text = NULL;

  if (hash != NULL)
    /* Translators: a model's name, and the beginning of its checksum. */
    text = g_strdup_printf (_ ("%s · %.*s"), id != NULL ? id : _ ("Without a name"), HASH_DIGITS,
                            hash);
  adw_action_row_set_subtitle (self->model_row, text != NULL ? text : id != NULL ? id : _ ("None"));
}

void
kalon_profile_panel_set_session (KalonProfilePanel *self, KalonSession *session)
{
  g_return_if_fail (KALON_IS_PROFILE_PANEL (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  show_model (self, NULL);
}

void
kalon_profile_panel_set_state (KalonProfilePanel *self, const KalonThumbsState *state)
{
  guint active = 0;

  g_return_if_fail (KALON_IS_PROFILE_PANEL (self));
  g_return_if_fail (state != NULL);

  self->updating = TRUE;
  if (self->profiles == NULL
      || !g_strv_equal ((const char *const *) self->profiles,
                        (const char *const *) state->profiles))
    {
      g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *const *) state->profiles);

      g_strfreev (self->profiles);
      self->profiles = g_strdupv (state->profiles);
      adw_combo_row_set_model (self->profile_row, G_LIST_MODEL (names));
    }
  g_free (self->profile);
  self->profile = g_strdup (state->profile);
  while (state->profiles[active] != NULL && !g_str_equal (state->profiles[active], state->profile))
    active++;
  adw_combo_row_set_selected (self->profile_row, active);
  self->updating = FALSE;
  kalon_profile_panel_update_actions (self);
}

void
kalon_profile_panel_set_report (KalonProfilePanel *self, const KalonTasteReport *report)
{
  g_return_if_fail (KALON_IS_PROFILE_PANEL (self));

  gtk_widget_set_visible (GTK_WIDGET (self->import_row), report != NULL && report->has_import);
  show_model (self, report != NULL ? report->model_hash : NULL);
}
