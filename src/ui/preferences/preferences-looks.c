/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "preferences/preferences-looks-private.h"
#include "scorer/kalon-scorer.h"

G_DEFINE_FINAL_TYPE (KalonPreferencesLooks, kalon_preferences_looks, ADW_TYPE_PREFERENCES_PAGE)

static const KalonSessionServices *
get_services (KalonPreferencesLooks *self)
{
  return kalon_session_get_services (self->session);
}

/* Rows */

static void
describe (const char *id, const char **title, const char **subtitle)
{
  *title = id;
  *subtitle = _ ("An aesthetic head for the model that searches");
  if (g_str_equal (id, KALON_AESTHETIC_OWN_ID))
    {
      *title = _ ("The Model’s Own");
      *subtitle = _ ("Came with the model, and was trained for it");
    }
  else if (g_str_equal (id, KALON_CLIP_IQA_ID))
    {
      *title = _ ("CLIP-IQA");
      *subtitle = _ ("Asks the model itself: good or bad, sharp or blurry, bright or dark");
    }
}

static GtkWidget *
create_member_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new (item, 0, 1);
  const char *title, *subtitle;
  g_autofree char *name = NULL;

  describe (g_object_get_data (item, "id"), &title, &subtitle);
  /* Translators: read out: of an aesthetic model. */
  name = g_strdup_printf (_ ("Weight of %s"), title);
  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, NULL);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  return row;
}

static GtkWidget *
create_head_row (gpointer item, gpointer user_data)
{
  return kalon_preferences_model_row_new (KALON_PREFERENCES_LOOKS (user_data)->session, item);
}

static double
find_weight (const GArray *shares, const char *id)
{
  for (guint i = 0; shares != NULL && i < shares->len; i++)
    if (g_str_equal (g_array_index (shares, KalonAestheticShare, i).id, id))
      return g_array_index (shares, KalonAestheticShare, i).weight;
  return 0;
}

static void
show_members (KalonPreferencesLooks *self, const KalonScorerState *state)
{
  g_autoptr (GArray) shares
      = state->shares != NULL ? kalon_aesthetic_parse_shares (state->shares, NULL) : NULL;

  g_list_store_remove_all (self->members);
  for (char **id = state->members; *id != NULL; id++)
    {
      g_autoptr (GtkAdjustment) weight
          = g_object_ref_sink (gtk_adjustment_new (find_weight (shares, *id), 0, 1000, 0.1, 1, 0));

      g_object_set_data_full (G_OBJECT (weight), "id", g_strdup (*id), g_free);
      g_signal_connect_object (weight, "value-changed", G_CALLBACK (kalon_preferences_looks_turn),
                               self, G_CONNECT_SWAPPED);
      g_list_store_append (self->members, weight);
    }
}

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesLooks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonScorerState) state = kalon_scorer_get_state_finish (result, &error);

  if (self->closed)
    return;
  if (state != NULL)
    show_members (self, state);
  else
    kalon_preferences_looks_show_state (self, error->message);
}

/* Who can score is another question for each model. */
static void
ask (KalonPreferencesLooks *self)
{
  const KalonSessionServices *services = get_services (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->import_button), services->model_directory != NULL);
  if (services->model_directory == NULL)
    {
      kalon_preferences_looks_show_state (self, services->model_problem);
      return;
    }
  kalon_scorer_get_state_async (services->library_directory, services->model_directory,
                                self->cancellable, state_cb, g_object_ref (self));
}

static void
model_changed_cb (KalonPreferencesLooks *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->waits = FALSE;
  kalon_preferences_looks_show_state (self, NULL);
  ask (self);
}

static void
downloaded_cb (KalonPreferencesLooks *self, KalonModelItem *item)
{
  if (kalon_model_item_get_offer (item)->kind == KALON_OFFER_HEAD)
    ask (self);
}

/* Import */

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesLooks) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_heads_import_finish (result, &error))
    kalon_preferences_looks_show_state (self, error->message);
  else if (!self->closed)
    ask (self);
}

/* (transfer full): what heads may be called. */
static char *
dup_id (const char *path)
{
  char *id = g_path_get_basename (path);
  char *dot = strrchr (id, '.');

  if (dot != NULL && dot != id)
    *dot = '\0';
  return g_strcanon (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '-');
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  KalonPreferencesLooks *self = user_data;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *id = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = g_file_get_path (file);
  if (path == NULL)
    {
      kalon_preferences_looks_show_state (
          self, _ ("Aesthetic heads are imported from files on this computer."));
      return;
    }
  id = dup_id (path);
  kalon_heads_import_async (path, id, get_services (self)->model_directory, self->cancellable,
                            imported_cb, g_object_ref (self));
}

static void
import_cb (KalonPreferencesLooks *self)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new (_ ("Aesthetic Head, a Safetensors or PyTorch File"),
                                     GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (file_chosen_cb), self, 0);
  g_signal_connect (chooser, "response", G_CALLBACK (g_object_unref), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
kalon_preferences_looks_unroot (GtkWidget *widget)
{
  KalonPreferencesLooks *self = KALON_PREFERENCES_LOOKS (widget);

  /* A weight that was set a moment ago counts. A run under way goes on to its end. */
  if (self->rest_id != 0)
    kalon_preferences_looks_score (self);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  /* The list of heads outlives the page, and its rows would hold the session. */
  gtk_list_box_bind_model (self->heads_list, NULL, NULL, NULL, NULL);
  gtk_list_box_bind_model (self->members_list, NULL, NULL, NULL, NULL);
  self->closed = TRUE;
  GTK_WIDGET_CLASS (kalon_preferences_looks_parent_class)->unroot (widget);
}

static void
kalon_preferences_looks_finalize (GObject *object)
{
  KalonPreferencesLooks *self = KALON_PREFERENCES_LOOKS (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->scoring);
  g_clear_object (&self->members);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_preferences_looks_parent_class)->finalize (object);
}

static void
kalon_preferences_looks_class_init (KalonPreferencesLooksClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_preferences_looks_finalize;
  widget_class->unroot = kalon_preferences_looks_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-looks.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLooks, members_list);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLooks, heads_list);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLooks, state_label);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLooks, import_button);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
}

static void
kalon_preferences_looks_init (KalonPreferencesLooks *self)
{
  self->cancellable = g_cancellable_new ();
  self->members = g_list_store_new (GTK_TYPE_ADJUSTMENT);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->members_list, G_LIST_MODEL (self->members), create_member_row,
                           self, NULL);
}

void
kalon_preferences_looks_set_session (KalonPreferencesLooks *self, KalonSession *session)
{
  const KalonSessionServices *services = kalon_session_get_services (session);

  self->session = g_object_ref (session);
  gtk_list_box_bind_model (self->heads_list, kalon_model_list_get_heads (services->models),
                           create_head_row, self, NULL);
  g_signal_connect_object (services->models, "downloaded", G_CALLBACK (downloaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (services->indexing, "finished",
                           G_CALLBACK (kalon_preferences_looks_follow_indexing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changed", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
  ask (self);
}
