/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "preferences/kalon-preferences-private.h"
#include "settings/kalon-settings.h"

struct _KalonPreferencesModels
{
  AdwPreferencesPage parent_instance;

  KalonSession *session;
  gsize n_pictures;
  GCancellable *cancellable;

  GtkButton *import_button;
  GtkListBox *installed_list;
  GtkListBox *available_list;
  GtkLabel *problem_label;
  AdwPreferencesGroup *available_group;
  KalonPreferencesDevice *device_group;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesModels, kalon_preferences_models, ADW_TYPE_PREFERENCES_PAGE)

static KalonModelList *
get_models (KalonPreferencesModels *self)
{
  return kalon_session_get_services (self->session)->models;
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  KalonPreferencesModels *self = user_data;
  GtkWidget *row = kalon_preferences_model_row_new (self->session, item);

  kalon_preferences_model_row_set_n_pictures (KALON_PREFERENCES_MODEL_ROW (row), self->n_pictures);
  return row;
}

static void
show_available (KalonPreferencesModels *self)
{
  if (self->session != NULL)
    gtk_widget_set_visible (
        GTK_WIDGET (self->available_group),
        g_list_model_get_n_items (kalon_model_list_get_available (get_models (self))) > 0);
}

static void
update (KalonPreferencesModels *self)
{
  const char *problem;

  if (self->session == NULL)
    return;
  kalon_session_get_model_change (self->session, NULL, &problem);
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->import_button),
                            !kalon_model_list_is_importing (get_models (self)));
}

static void
show_hub (KalonPreferencesModels *self)
{
  GSettings *settings = kalon_session_get_services (self->session)->settings;
  g_autofree char *address = g_settings_get_string (settings, KALON_SETTING_MODEL_HUB);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  g_autofree char *text = g_strdup_printf (
      _ ("From %s, when you press the button and not before. A bigger model finds more, and takes "
         "more space and time. The percentage is what its makers measured: how often it names what "
         "a photo shows, out of 1,000 kinds of things."),
      uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : address);

  adw_preferences_group_set_description (self->available_group, text);
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesModels) self = user_data;
  g_autoptr (KalonCatalogueState) state
      = kalon_catalogue_get_state_finish (KALON_CATALOGUE (object), result, NULL);
  GtkListBox *const lists[] = { self->installed_list, self->available_list };

  if (state == NULL || self->session == NULL)
    return;
  self->n_pictures = state->counts.pictures;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (lists[i])); row != NULL;
         row = gtk_widget_get_next_sibling (row))
      if (KALON_IS_PREFERENCES_MODEL_ROW (row))
        kalon_preferences_model_row_set_n_pictures (KALON_PREFERENCES_MODEL_ROW (row),
                                                    self->n_pictures);
}

static void
import_problem_cb (KalonPreferencesModels *self, const char *message)
{
  kalon_preferences_show_message (GTK_WIDGET (self), message);
}

static void
folder_chosen_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  KalonPreferencesModels *self = user_data;
  g_autoptr (GFile) folder = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = g_file_get_path (folder);
  if (path == NULL)
    {
      kalon_preferences_show_message (GTK_WIDGET (self),
                                      _ ("Models are imported from folders on this computer."));
      return;
    }
  kalon_model_list_import (get_models (self), path);
  update (self);
}

static void
import_cb (KalonPreferencesModels *self)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new (_ ("Folder of a Hugging Face CLIPModel"),
                                     GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                     GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Import"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_chosen_cb), self, 0);
  /* The dialog is its own until it was answered. */
  g_signal_connect (chooser, "response", G_CALLBACK (g_object_unref), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
kalon_preferences_models_unroot (GtkWidget *widget)
{
  KalonPreferencesModels *self = KALON_PREFERENCES_MODELS (widget);

  g_cancellable_cancel (self->cancellable);
  /* The lists outlive the page, and their rows would hold the session. */
  gtk_list_box_bind_model (self->installed_list, NULL, NULL, NULL, NULL);
  gtk_list_box_bind_model (self->available_list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->session);
  GTK_WIDGET_CLASS (kalon_preferences_models_parent_class)->unroot (widget);
}

static void
kalon_preferences_models_finalize (GObject *object)
{
  g_clear_object (&KALON_PREFERENCES_MODELS (object)->cancellable);
  G_OBJECT_CLASS (kalon_preferences_models_parent_class)->finalize (object);
}

static void
kalon_preferences_models_class_init (KalonPreferencesModelsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_preferences_models_finalize;
  widget_class->unroot = kalon_preferences_models_unroot;
  g_type_ensure (KALON_TYPE_PREFERENCES_DEVICE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-models.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModels, import_button);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModels, installed_list);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModels, available_list);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModels, problem_label);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModels, available_group);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModels, device_group);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
}

static void
kalon_preferences_models_init (KalonPreferencesModels *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_preferences_models_set_session (KalonPreferencesModels *self, KalonSession *session)
{
  const KalonSessionServices *services = kalon_session_get_services (session);
  GListModel *installed = kalon_model_list_get_installed (services->models);
  GListModel *available = kalon_model_list_get_available (services->models);

  self->session = g_object_ref (session);
  kalon_preferences_device_set_session (self->device_group, session);
  gtk_list_box_bind_model (self->installed_list, installed, create_row, self, NULL);
  gtk_list_box_bind_model (self->available_list, available, create_row, self, NULL);
  g_signal_connect_object (available, "items-changed", G_CALLBACK (show_available), self,
                           G_CONNECT_SWAPPED);
  /* An import that has ended is in the list, or a problem. */
  g_signal_connect_object (installed, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (services->models, "problem", G_CALLBACK (import_problem_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (services->models, "problem", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changing", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  show_available (self);
  show_hub (self);
  update (self);
  kalon_model_list_refresh (services->models);
  kalon_catalogue_get_state_async (services->catalogue, self->cancellable, counted_cb,
                                   g_object_ref (self));
}
