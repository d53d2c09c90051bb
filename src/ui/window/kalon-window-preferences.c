/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/kalon-window-private.h"

static void
show_models_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_window_show_preferences (KALON_WINDOW (widget), "models");
}

/* Of another model, or of the first. */
static void
take_model (KalonWindow *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);

  self->searcher = services->searcher;
  g_object_set (self->strictness_button, "model-strictness", services->model_strictness, NULL);
  kalon_first_run_page_set_folder (
      self->first_run_page, g_get_user_special_dir (G_USER_DIRECTORY_PICTURES), services->model_id);
}

static void
model_changed_cb (KalonWindow *self)
{
  take_model (self);
  kalon_window_load_state (self);
}

void
kalon_window_connect_model (KalonWindow *self)
{
  g_signal_connect_object (self->session, "model-changed", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
  take_model (self);
}

void
kalon_window_install_preferences_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-models", NULL, show_models_action);
}

void
kalon_window_show_preferences (KalonWindow *self, const char *page)
{
  g_return_if_fail (KALON_IS_WINDOW (self));

  if (self->preferences == NULL)
    g_set_weak_pointer (&self->preferences,
                        kalon_preferences_new (self->session, GTK_WINDOW (self)));
  if (page != NULL)
    adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (self->preferences), page);
  gtk_window_present (GTK_WINDOW (self->preferences));
}
