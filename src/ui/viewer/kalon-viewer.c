/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "results/kalon-picture-actions.h"
#include "results/kalon-thumb-button.h"
#include "viewer/kalon-details.h"
#include "viewer/kalon-picture-load.h"
#include "viewer/kalon-picture-view.h"
#include "viewer/kalon-viewer.h"

/* The shown picture, one on either side, and where one came from. */
#define MAX_AHEAD 4
#define ZOOM_STEP 1.25
#define PAN_STEP 0.15
/* A picture that comes sooner than this needs no spinner. */
#define SPINNER_MS 300

struct _KalonViewer
{
  GtkWidget parent_instance;

  KalonCatalogue *catalogue;
  KalonResultsModel *model;

  KalonResultItem *item;            /* shown; NULL when closed */
  KalonPicture *picture;            /* what the catalogue says of it, once known */
  GCancellable *cancellable;        /* of everything under way for @item */
  GCancellable *scores_cancellable; /* (nullable): of the details' */
  guint loading_side;               /* being loaded for it; 0 nothing, G_MAXUINT all of it */
  GQueue ahead;                     /* KalonLoadedPicture, screen sized, most recent first */
  guint view_id, spinner_id;

  GtkWidget *box;
  AdwWindowTitle *title;
  AdwFlap *flap;
  KalonDetails *details;
  GtkStack *stack;
  KalonPictureView *picture_view;
  AdwStatusPage *error_page;
  GtkSpinner *spinner;
  GtkButton *zoom_button;
  GtkButton *up_button;
  GtkButton *down_button;
};

G_DEFINE_FINAL_TYPE (KalonViewer, kalon_viewer, GTK_TYPE_WIDGET)

enum
{
  PROP_SHOW_DETAILS = 1,
  N_PROPERTIES
};

enum
{
  CLOSED,
  MORE_LIKE_THIS,
  THUMB,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void load (KalonViewer *self, gint64 id, guint side);

static void
stop_spinner (KalonViewer *self)
{
  g_clear_handle_id (&self->spinner_id, g_source_remove);
  gtk_spinner_stop (self->spinner);
}

static gboolean
start_spinner (gpointer user_data)
{
  KalonViewer *self = user_data;

  self->spinner_id = 0;
  gtk_spinner_start (self->spinner);
  return G_SOURCE_REMOVE;
}

static void
show_title (KalonViewer *self)
{
  guint position, n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *name
      = self->picture != NULL ? g_filename_display_basename (self->picture->path) : g_strdup ("");
  g_autofree char *place = NULL;
  g_autofree char *label = kalon_result_item_dup_label (self->item);
  gboolean found = kalon_viewer_get_position (self, &position);

  if (found)
    {
      /* Translators: which of how many pictures is shown. */
      place = g_strdup_printf (_ ("%u of %u"), position + 1, n_items);
    }
  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, place != NULL ? place : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture_view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.previous", found && position > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.next", found && position + 1 < n_items);
}

static void
update_thumbs (KalonViewer *self)
{
  gboolean takes
      = self->item != NULL && self->picture != NULL && kalon_result_item_takes_thumbs (self->item);
  KalonVerdict verdict
      = self->item != NULL ? kalon_result_item_get_verdict (self->item) : KALON_VERDICT_NONE;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.like", takes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.dislike", takes);
  kalon_show_thumb (self->up_button, KALON_VERDICT_LIKED, verdict);
  kalon_show_thumb (self->down_button, KALON_VERDICT_DISLIKED, verdict);
}

static void
forget_scores (KalonViewer *self)
{
  g_cancellable_cancel (self->scores_cancellable);
  g_clear_object (&self->scores_cancellable);
}

static void
scores_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonViewer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonPictureScores) scores
      = kalon_catalogue_get_scores_finish (KALON_CATALOGUE (object), result, &error);

  if (scores != NULL)
    kalon_details_add_scores (self->details, scores);
  else
    g_debug ("Scores: %s", error->message);
}

static void
set_picture (KalonViewer *self, const KalonPicture *picture)
{
  gboolean known = picture != NULL;

  g_clear_pointer (&self->picture, kalon_picture_free);
  self->picture = known ? kalon_picture_copy (picture) : NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.copy", known);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.show-in-files", known);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.more-like-this", known);
  kalon_details_set_picture (self->details, self->picture, self->item);
  forget_scores (self);
  if (known)
    {
      self->scores_cancellable = g_cancellable_new ();
      kalon_catalogue_get_scores_async (self->catalogue, picture->id, self->scores_cancellable,
                                        scores_looked_up_cb, g_object_ref (self));
    }
  show_title (self);
  update_thumbs (self);
}

static KalonLoadedPicture *
find_ahead (KalonViewer *self, gint64 id)
{
  for (GList *link = self->ahead.head; link != NULL; link = link->next)
    {
      KalonLoadedPicture *loaded = link->data;

      if (loaded->id == id)
        return loaded;
    }
  return NULL;
}

static void
keep (KalonViewer *self, KalonLoadedPicture *loaded)
{
  KalonLoadedPicture *before = find_ahead (self, loaded->id);

  if (before != NULL)
    {
      g_queue_remove (&self->ahead, before);
      kalon_loaded_picture_free (before);
    }
  g_queue_push_head (&self->ahead, loaded);
  while (self->ahead.length > MAX_AHEAD)
    kalon_loaded_picture_free (g_queue_pop_tail (&self->ahead));
}

/* A side that will do for any picture on this screen. */
static guint
get_screen_side (KalonViewer *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self->picture_view));

  return (guint) ((height > 0 ? height : 1080) * gtk_widget_get_scale_factor (GTK_WIDGET (self)));
}

/* One at a time, and only when the shown picture is there. */
static void
load_ahead (KalonViewer *self)
{
  guint position, n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  const int steps[] = { 1, -1 };

  if (!kalon_viewer_get_position (self, &position))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gint64 neighbour = (gint64) position + steps[i];
      gint64 id;

      if (neighbour < 0 || neighbour >= n_items)
        continue;
      id = kalon_results_model_get_picture_id (self->model, (guint) neighbour);
      if (find_ahead (self, id) == NULL)
        {
          load (self, id, get_screen_side (self));
          return;
        }
    }
}

static void
show_loaded (KalonViewer *self, const KalonLoadedPicture *loaded)
{
  gboolean known = self->picture != NULL;

  stop_spinner (self);
  if (!known || loaded->picture == NULL)
    set_picture (self, loaded->picture);
  if (loaded->texture == NULL)
    {
      g_autofree char *description = g_markup_escape_text (loaded->error->message, -1);

      adw_status_page_set_description (self->error_page, description);
      gtk_stack_set_visible_child_name (self->stack, "error");
      kalon_picture_view_set_picture (self->picture_view, 0, 0, NULL);
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "picture");
  if (!kalon_picture_view_has_texture (self->picture_view))
    kalon_picture_view_set_picture (self->picture_view, loaded->picture->width,
                                    loaded->picture->height, loaded->texture);
  else
    kalon_picture_view_add_texture (self->picture_view, loaded->texture);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonViewer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLoadedPicture) loaded
      = kalon_picture_load_finish (KALON_CATALOGUE (object), result, &error);
  gboolean shown, whole;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->item == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (loaded == NULL)
    {
      loaded = g_new0 (KalonLoadedPicture, 1);
      loaded->id = kalon_result_item_get_picture_id (self->item);
      loaded->error = g_steal_pointer (&error);
    }
  shown = loaded->id == kalon_result_item_get_picture_id (self->item);
  whole = shown && self->loading_side == G_MAXUINT;
  if (shown)
    {
      self->loading_side = 0;
      show_loaded (self, loaded);
    }
  /* Failures too, or a neighbour would be tried in circles; but not what a close look needed. */
  if (!whole)
    keep (self, g_steal_pointer (&loaded));
  load_ahead (self);
}

static void
load (KalonViewer *self, gint64 id, guint side)
{
  if (id == kalon_result_item_get_picture_id (self->item))
    self->loading_side = side > 0 ? side : G_MAXUINT;
  kalon_picture_load_async (self->catalogue, id, side, self->cancellable, loaded_cb,
                            g_object_ref (self));
}

/* What is shown may need a sharper texture; the zoom button tells the zoom. */
static gboolean
update_view (gpointer user_data)
{
  KalonViewer *self = user_data;
  guint needed = kalon_picture_view_get_needed_side (self->picture_view);
  double zoom = kalon_picture_view_get_zoom (self->picture_view);
  /* Translators: zoom of a picture, in percent. */
  g_autofree char *text = g_strdup_printf (_ ("%.0f %%"), zoom * 100);

  self->view_id = 0;
  gtk_button_set_label (self->zoom_button, zoom > 0 ? text : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.zoom-out",
                                 !kalon_picture_view_is_fit (self->picture_view));
  if (self->item == NULL || kalon_picture_view_is_sharp (self->picture_view)
      || needed <= self->loading_side)
    return G_SOURCE_REMOVE;

  /* What was loading, for this or a neighbour, is of less use than what is needed now. */
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  load (self, kalon_result_item_get_picture_id (self->item),
        kalon_picture_view_is_fit (self->picture_view) ? needed : 0);
  return G_SOURCE_REMOVE;
}

/* Comes in the middle of an allocation too, when nothing may be changed. */
static void
view_changed_cb (KalonViewer *self)
{
  if (self->view_id == 0)
    self->view_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 1, update_view, self, NULL);
}

static void
step (KalonViewer *self, gint64 by)
{
  guint position, n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (kalon_viewer_get_position (self, &position))
    kalon_viewer_open (self, (guint) CLAMP (position + by, 0, (gint64) n_items - 1));
}

static void
stepped_cb (KalonViewer *self, int by)
{
  step (self, by);
}

static void
model_changed_cb (KalonViewer *self)
{
  if (self->item != NULL)
    show_title (self);
}

static void
reveal_changed_cb (KalonViewer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_DETAILS]);
}

static void
viewer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonViewer *self = KALON_VIEWER (widget);
  const char *action = name + strlen ("viewer.");

  if (g_str_equal (action, "close"))
    g_signal_emit (self, signals[CLOSED], 0);
  else if (g_str_equal (action, "next"))
    step (self, 1);
  else if (g_str_equal (action, "previous"))
    step (self, -1);
  else if (g_str_equal (action, "first"))
    step (self, -(gint64) G_MAXUINT);
  else if (g_str_equal (action, "last"))
    step (self, G_MAXUINT);
  else if (g_str_equal (action, "like") || g_str_equal (action, "dislike"))
    g_signal_emit (self, signals[THUMB], 0, g_str_equal (action, "like"));
  else if (g_str_equal (action, "zoom-in"))
    kalon_picture_view_zoom_by (self->picture_view, ZOOM_STEP);
  else if (g_str_equal (action, "zoom-out"))
    kalon_picture_view_zoom_by (self->picture_view, 1 / ZOOM_STEP);
  else if (g_str_equal (action, "zoom-fit"))
    kalon_picture_view_zoom_fit (self->picture_view);
  else if (g_str_equal (action, "zoom-original"))
    kalon_picture_view_zoom_original (self->picture_view);
  else if (g_str_equal (action, "zoom-toggle"))
    {
      if (kalon_picture_view_is_fit (self->picture_view))
        kalon_picture_view_zoom_original (self->picture_view);
      else
        kalon_picture_view_zoom_fit (self->picture_view);
    }
  else if (g_str_equal (action, "details"))
    adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
  else if (g_str_equal (action, "pan"))
    {
      double x, y;

      g_variant_get (parameter, "(dd)", &x, &y);
      kalon_picture_view_pan (self->picture_view, x, y);
    }
}

static void
file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonViewer *self = KALON_VIEWER (widget);

  if (self->picture == NULL)
    return;
  if (g_str_equal (name, "viewer.copy"))
    kalon_picture_copy_to_clipboard (widget, self->picture->path);
  else if (g_str_equal (name, "viewer.show-in-files"))
    kalon_picture_show_in_files (widget, self->picture->path);
  else
    {
      g_autofree char *path = g_strdup (self->picture->path);

      g_signal_emit (self, signals[MORE_LIKE_THIS], 0, path);
    }
}

/* Forward is where the text runs to. */
static gboolean
arrow_pressed (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  int by = g_variant_get_int32 (args);

  step (KALON_VIEWER (widget), gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? -by : by);
  return GDK_EVENT_STOP;
}

static gboolean
kalon_viewer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (KALON_VIEWER (widget)->picture_view));
}

static void
kalon_viewer_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SHOW_DETAILS:
      adw_flap_set_reveal_flap (KALON_VIEWER (object)->flap, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_viewer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SHOW_DETAILS:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (KALON_VIEWER (object)->flap));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_viewer_dispose (GObject *object)
{
  KalonViewer *self = KALON_VIEWER (object);

  if (self->box != NULL)
    kalon_viewer_close (self);
  g_clear_handle_id (&self->view_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (kalon_viewer_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    { GDK_KEY_Escape, 0, "viewer.close" },
    { GDK_KEY_Left, GDK_ALT_MASK, "viewer.close" },
    { GDK_KEY_Page_Down, 0, "viewer.next" },
    { GDK_KEY_Page_Up, 0, "viewer.previous" },
    { GDK_KEY_Home, 0, "viewer.first" },
    { GDK_KEY_End, 0, "viewer.last" },
    { GDK_KEY_plus, 0, "viewer.zoom-in" },
    { GDK_KEY_equal, 0, "viewer.zoom-in" },
    { GDK_KEY_KP_Add, 0, "viewer.zoom-in" },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "viewer.zoom-in" },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "viewer.zoom-in" },
    { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "viewer.zoom-in" },
    { GDK_KEY_minus, 0, "viewer.zoom-out" },
    { GDK_KEY_KP_Subtract, 0, "viewer.zoom-out" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "viewer.zoom-out" },
    { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "viewer.zoom-out" },
    { GDK_KEY_0, 0, "viewer.zoom-fit" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "viewer.zoom-fit" },
    { GDK_KEY_1, 0, "viewer.zoom-original" },
    { GDK_KEY_F9, 0, "viewer.details" },
    { GDK_KEY_Return, GDK_ALT_MASK, "viewer.details" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "viewer.copy" },
    { GDK_KEY_u, 0, "viewer.like" },
    { GDK_KEY_d, 0, "viewer.dislike" },
    { GDK_KEY_b, 0, "win.add-to-board" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo-thumb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, arrow_pressed, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, arrow_pressed, "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_CONTROL_MASK, "viewer.pan",
                                       "(dd)", -PAN_STEP, 0.0);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_CONTROL_MASK, "viewer.pan",
                                       "(dd)", PAN_STEP, 0.0);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_CONTROL_MASK, "viewer.pan",
                                       "(dd)", 0.0, -PAN_STEP);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_CONTROL_MASK, "viewer.pan",
                                       "(dd)", 0.0, PAN_STEP);
}

static void
kalon_viewer_class_init (KalonViewerClass *klass)
{
  static const char *const actions[] = {
    "viewer.close",   "viewer.next",          "viewer.previous",    "viewer.first",
    "viewer.last",    "viewer.zoom-in",       "viewer.zoom-out",    "viewer.zoom-fit",
    "viewer.details", "viewer.zoom-original", "viewer.zoom-toggle", "viewer.like",
    "viewer.dislike",
  };
  static const char *const file_actions[]
      = { "viewer.copy", "viewer.show-in-files", "viewer.more-like-this" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_viewer_dispose;
  object_class->set_property = kalon_viewer_set_property;
  object_class->get_property = kalon_viewer_get_property;
  widget_class->grab_focus = kalon_viewer_grab_focus;

  properties[PROP_SHOW_DETAILS]
      = g_param_spec_boolean ("show-details", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[MORE_LIKE_THIS]
      = g_signal_new ("more-like-this", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[THUMB] = g_signal_new ("thumb", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, viewer_action);
  gtk_widget_class_install_action (widget_class, "viewer.pan", "(dd)", viewer_action);
  for (guint i = 0; i < G_N_ELEMENTS (file_actions); i++)
    gtk_widget_class_install_action (widget_class, file_actions[i], NULL, file_action);
  add_keys (widget_class);

  g_type_ensure (KALON_TYPE_DETAILS);
  g_type_ensure (KALON_TYPE_PICTURE_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/viewer/kalon-viewer.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, box);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, title);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, flap);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, details);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, picture_view);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, error_page);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, zoom_button);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, up_button);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, down_button);
  gtk_widget_class_bind_template_callback (widget_class, reveal_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stepped_cb);
}

static void
kalon_viewer_init (KalonViewer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_thumbs (self);
}

void
kalon_viewer_set_sources (KalonViewer *self, KalonCatalogue *catalogue, KalonResultsModel *model)
{
  g_return_if_fail (KALON_IS_VIEWER (self));
  g_return_if_fail (KALON_IS_CATALOGUE (catalogue));
  g_return_if_fail (KALON_IS_RESULTS_MODEL (model));
  g_return_if_fail (self->model == NULL);

  self->catalogue = g_object_ref (catalogue);
  kalon_viewer_set_model (self, model);
}

void
kalon_viewer_set_model (KalonViewer *self, KalonResultsModel *model)
{
  g_return_if_fail (KALON_IS_VIEWER (self));
  g_return_if_fail (KALON_IS_RESULTS_MODEL (model));

  if (self->model == model)
    return;
  g_return_if_fail (self->item == NULL);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, model_changed_cb, self);
  g_set_object (&self->model, model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

KalonResultsModel *
kalon_viewer_get_model (KalonViewer *self)
{
  g_return_val_if_fail (KALON_IS_VIEWER (self), NULL);
  return self->model;
}

void
kalon_viewer_set_thumbs (KalonViewer *self, KalonThumbs *thumbs)
{
  g_return_if_fail (KALON_IS_VIEWER (self));
  g_return_if_fail (KALON_IS_THUMBS (thumbs));

  g_signal_connect_object (thumbs, "changed", G_CALLBACK (update_thumbs), self, G_CONNECT_SWAPPED);
}

void
kalon_viewer_open (KalonViewer *self, guint position)
{
  g_autoptr (KalonResultItem) item = NULL;
  const KalonPicture *picture;
  KalonLoadedPicture *loaded;
  gint64 id;

  g_return_if_fail (KALON_IS_VIEWER (self));
  g_return_if_fail (self->model != NULL);

  item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  if (item == NULL || item == self->item)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading_side = 0;
  g_set_object (&self->item, item);

  id = kalon_result_item_get_picture_id (item);
  picture = kalon_result_item_get_picture (item);
  set_picture (self, picture);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  stop_spinner (self);
  loaded = find_ahead (self, id);
  if (picture != NULL)
    kalon_picture_view_set_picture (self->picture_view, picture->width, picture->height,
                                    kalon_result_item_get_texture (item));
  else
    kalon_picture_view_set_picture (self->picture_view, 0, 0, NULL);
  if (loaded != NULL && loaded->texture != NULL)
    show_loaded (self, loaded);
  else
    {
      self->spinner_id = g_timeout_add (SPINNER_MS, start_spinner, self);
      if (picture == NULL)
        load (self, id, get_screen_side (self));
    }
  view_changed_cb (self);
}

void
kalon_viewer_close (KalonViewer *self)
{
  g_return_if_fail (KALON_IS_VIEWER (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  forget_scores (self);
  g_clear_object (&self->item);
  g_clear_pointer (&self->picture, kalon_picture_free);
  g_queue_clear_full (&self->ahead, (GDestroyNotify) kalon_loaded_picture_free);
  stop_spinner (self);
  kalon_picture_view_set_picture (self->picture_view, 0, 0, NULL);
}

gboolean
kalon_viewer_get_position (KalonViewer *self, guint *position)
{
  g_return_val_if_fail (KALON_IS_VIEWER (self), FALSE);
  return self->item != NULL
         && kalon_results_model_find (self->model, kalon_result_item_get_picture_id (self->item),
                                      position);
}
