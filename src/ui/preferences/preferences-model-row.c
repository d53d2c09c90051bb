/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "preferences/kalon-preferences-private.h"

struct _KalonPreferencesModelRow
{
  AdwActionRow parent_instance;

  KalonSession *session;
  KalonModelItem *item;
  gsize n_pictures;

  GtkImage *used_icon;
  GtkSpinner *spinner;
  GtkButton *button;
  GtkMenuButton *menu_button;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesModelRow, kalon_preferences_model_row, ADW_TYPE_ACTION_ROW)

/* What the row's one button does. */
typedef enum
{
  DEED_NONE,
  DEED_USE,
  DEED_DOWNLOAD,
  DEED_STOP,
  DEED_KEEP, /* the model at hand */
} Deed;

static KalonModelList *
get_models (KalonPreferencesModelRow *self)
{
  return kalon_session_get_services (self->session)->models;
}

static gboolean
is_used (KalonPreferencesModelRow *self)
{
  return g_strcmp0 (kalon_session_get_services (self->session)->model_id,
                    kalon_model_item_get_id (self->item))
         == 0;
}

/* A head is stamped with the very model that it is for, so that one must be here. */
static gboolean
has_encoder (KalonPreferencesModelRow *self)
{
  GListModel *installed = kalon_model_list_get_installed (get_models (self));
  const KalonOffer *offer = kalon_model_item_get_offer (self->item);
  gboolean found = !kalon_preferences_is_head (self->item);

  for (guint i = 0; !found && i < g_list_model_get_n_items (installed); i++)
    {
      g_autoptr (KalonModelItem) item = g_list_model_get_item (installed, i);

      found = g_str_equal (kalon_model_item_get_id (item), offer->encoder);
    }
  return found;
}

static Deed
get_deed (KalonPreferencesModelRow *self)
{
  switch (kalon_model_item_get_state (self->item))
    {
    case KALON_MODEL_AVAILABLE:
    case KALON_MODEL_BEGUN:
      return DEED_DOWNLOAD;
    case KALON_MODEL_DOWNLOADING:
      return DEED_STOP;
    case KALON_MODEL_INSTALLED:
      break;
    }
  if (kalon_model_item_is_measuring (self->item))
    return DEED_STOP;
  if (kalon_preferences_is_head (self->item) || is_used (self))
    return DEED_NONE;
  return kalon_preferences_get_model_change (self->session, self->item) != KALON_MODEL_CHANGE_NONE
             ? DEED_KEEP
             : DEED_USE;
}

/* State */

static void
set_button (KalonPreferencesModelRow *self, Deed deed)
{
  static const struct
  {
    const char *label, *name;
  } texts[] = {
    [DEED_NONE] = { "", "" },
    /* Translators: the lines with “%s” are read out: what the button does to which model. */
    [DEED_USE] = { N_ ("Use"), N_ ("Use %s") },
    [DEED_DOWNLOAD] = { N_ ("Download"), N_ ("Download %s") },
    [DEED_STOP] = { N_ ("Stop"), N_ ("Stop, %s") },
    [DEED_KEEP] = { N_ ("Cancel"), N_ ("Do Not Change to %s") },
  };
  gboolean begun = kalon_model_item_get_state (self->item) == KALON_MODEL_BEGUN;
  const char *id = kalon_model_item_get_id (self->item);
  g_autofree char *name = NULL;
  g_autofree char *menu_name = g_strdup_printf (_ ("More Actions for %s"), id);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  menu_name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->button), deed != DEED_NONE);
  if (deed == DEED_NONE)
    return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  name = begun ? g_strdup_printf (_ ("Continue to Download %s"), id)
               : g_strdup_printf (_ (texts[deed].name), id);
#pragma GCC diagnostic pop
  gtk_button_set_label (self->button, begun ? _ ("Continue") : _ (texts[deed].label));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
update (KalonPreferencesModelRow *self)
{
  const KalonModel *model = kalon_model_item_get_model (self->item);
  KalonModelItemState state = kalon_model_item_get_state (self->item);
  KalonModelChange change = kalon_preferences_get_model_change (self->session, self->item);
  Deed deed = get_deed (self);
  gboolean measurable = state == KALON_MODEL_INSTALLED && !kalon_preferences_is_head (self->item)
                        && !kalon_model_item_is_measuring (self->item);
  gboolean removable
      = state == KALON_MODEL_BEGUN
        || (state == KALON_MODEL_INSTALLED && !is_used (self) && change == KALON_MODEL_CHANGE_NONE
            && deed != DEED_STOP
            && (kalon_preferences_is_head (self->item) || (model != NULL && model->removable)));
  g_autofree char *text
      = kalon_preferences_dup_model_text (self->session, self->item, self->n_pictures);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_visible (GTK_WIDGET (self->used_icon),
                          state == KALON_MODEL_INSTALLED
                              && (kalon_preferences_is_head (self->item) || is_used (self)));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner),
                          deed == DEED_STOP || change != KALON_MODEL_CHANGE_NONE);
  gtk_spinner_set_spinning (self->spinner, gtk_widget_get_visible (GTK_WIDGET (self->spinner)));
  set_button (self, deed);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), deed != DEED_DOWNLOAD || has_encoder (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "model.measure", measurable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "model.remove", removable);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), measurable || removable);
}

/* Deeds */

static void
button_clicked_cb (KalonPreferencesModelRow *self)
{
  switch (get_deed (self))
    {
    case DEED_NONE:
      break;
    case DEED_USE:
      kalon_session_use_model (self->session, kalon_model_item_get_id (self->item));
      break;
    case DEED_DOWNLOAD:
      kalon_model_list_download (get_models (self), self->item);
      break;
    case DEED_STOP:
      kalon_model_list_stop (get_models (self), self->item);
      break;
    case DEED_KEEP:
      kalon_session_keep_model (self->session);
      break;
    }
}

static void
measure_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonPreferencesModelRow *self = KALON_PREFERENCES_MODEL_ROW (widget);

  kalon_model_list_measure (get_models (self), self->item,
                            kalon_session_get_services (self->session)->device_name);
}

static void
removal_answered_cb (KalonPreferencesModelRow *self, const char *response)
{
  if (g_str_equal (response, "remove"))
    kalon_model_list_remove (get_models (self), self->item);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonPreferencesModelRow *self = KALON_PREFERENCES_MODEL_ROW (widget);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkWidget *dialog = adw_message_dialog_new (parent, NULL, NULL);

  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Remove “%s”?"),
                                     kalon_model_item_get_id (self->item));
  adw_message_dialog_set_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("Its files are deleted. What was indexed with it stays, in case it comes back."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "remove",
                                    _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (removal_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
kalon_preferences_model_row_dispose (GObject *object)
{
  KalonPreferencesModelRow *self = KALON_PREFERENCES_MODEL_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_preferences_model_row_parent_class)->dispose (object);
}

static void
kalon_preferences_model_row_class_init (KalonPreferencesModelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_preferences_model_row_dispose;
  gtk_widget_class_install_action (widget_class, "model.measure", NULL, measure_action);
  gtk_widget_class_install_action (widget_class, "model.remove", NULL, remove_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-model-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModelRow, used_icon);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModelRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModelRow, button);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesModelRow, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, button_clicked_cb);
}

static void
kalon_preferences_model_row_init (KalonPreferencesModelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kalon_preferences_model_row_new (KalonSession *session, KalonModelItem *item)
{
  KalonPreferencesModelRow *self
      = g_object_new (KALON_TYPE_PREFERENCES_MODEL_ROW, "use-markup", FALSE, "title",
                      kalon_model_item_get_id (item), NULL);

  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changing", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  if (kalon_preferences_is_head (self->item))
    g_signal_connect_object (kalon_model_list_get_installed (get_models (self)), "items-changed",
                             G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  else
    g_signal_connect_object (kalon_session_get_services (session)->indexing, "changed",
                             G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

void
kalon_preferences_model_row_set_n_pictures (KalonPreferencesModelRow *self, gsize n_pictures)
{
  g_return_if_fail (KALON_IS_PREFERENCES_MODEL_ROW (self));
  self->n_pictures = n_pictures;
  update (self);
}
