/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/kalon-viewer-private.h"

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

static void
pane_changed_cb (KalonViewer *self)
{
  if (self->item == NULL)
    return;
  kalon_viewer_show_title (self);
  kalon_viewer_show_thumbs (self);
  kalon_viewer_show_zoom (self);
  kalon_viewer_show_details (self);
  kalon_viewer_update_actions (self);
}

static void
thumbs_changed_cb (KalonViewer *self)
{
  kalon_viewer_show_thumbs (self);
  if (self->item != NULL)
    kalon_viewer_show_details (self);
}

void
kalon_viewer_step (KalonViewer *self, gint64 by)
{
  guint position, n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (kalon_viewer_get_position (self, &position))
    kalon_viewer_open (self, (guint) CLAMP (position + by, 0, (gint64) n_items - 1));
}

static void
stepped_cb (KalonViewer *self, int by)
{
  kalon_viewer_step (self, by);
}

static void
model_changed_cb (KalonViewer *self)
{
  if (self->item == NULL)
    return;
  kalon_viewer_show_title (self);
  kalon_viewer_update_actions (self);
}

static void
reveal_changed_cb (KalonViewer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_DETAILS]);
}

static gboolean
kalon_viewer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (KALON_VIEWER (widget)->pane));
}

static void
kalon_viewer_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kalon_viewer_parent_class)->map (widget);
  kalon_viewer_follow_window (KALON_VIEWER (widget));
}

static void
kalon_viewer_unmap (GtkWidget *widget)
{
  kalon_viewer_leave_window (KALON_VIEWER (widget));
  GTK_WIDGET_CLASS (kalon_viewer_parent_class)->unmap (widget);
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
  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (kalon_viewer_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (KALON_TYPE_DETAILS);
  g_type_ensure (KALON_TYPE_PICTURE_PANE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/viewer/kalon-viewer.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, box);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, header);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, title);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, flap);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, details);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, pane);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, screen_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, screen_title);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, previous_button);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, next_button);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, thumbs_box);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, zoom_box);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, zoom_button);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, up_button);
  gtk_widget_class_bind_template_child (widget_class, KalonViewer, down_button);
  gtk_widget_class_bind_template_callback (widget_class, reveal_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pane_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stepped_cb);
}

static void
kalon_viewer_class_init (KalonViewerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_viewer_dispose;
  object_class->set_property = kalon_viewer_set_property;
  object_class->get_property = kalon_viewer_get_property;
  widget_class->grab_focus = kalon_viewer_grab_focus;
  widget_class->map = kalon_viewer_map;
  widget_class->unmap = kalon_viewer_unmap;

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

  kalon_viewer_install_actions (widget_class);
  bind_template (widget_class);
}

static void
kalon_viewer_init (KalonViewer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kalon_viewer_show_thumbs (self);
  kalon_viewer_update_actions (self);
  kalon_picture_pane_set_skip (self->pane, "viewer.next");
  kalon_viewer_watch_pointer (self);
}

void
kalon_viewer_set_sources (KalonViewer *self, KalonCatalogue *catalogue, KalonResultsModel *model)
{
  g_return_if_fail (KALON_IS_VIEWER (self));
  g_return_if_fail (KALON_IS_CATALOGUE (catalogue));
  g_return_if_fail (KALON_IS_RESULTS_MODEL (model));
  g_return_if_fail (self->model == NULL);

  self->catalogue = g_object_ref (catalogue);
  kalon_picture_pane_set_catalogue (self->pane, catalogue);
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

  g_signal_connect_object (thumbs, "changed", G_CALLBACK (thumbs_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
load_neighbours (KalonViewer *self, guint position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gint64 ids[2];
  guint n = 0;

  if (position + 1 < n_items)
    ids[n++] = kalon_results_model_get_picture_id (self->model, position + 1);
  if (position > 0)
    ids[n++] = kalon_results_model_get_picture_id (self->model, position - 1);
  kalon_picture_pane_set_ahead (self->pane, ids, n);
}

void
kalon_viewer_open (KalonViewer *self, guint position)
{
  g_autoptr (KalonResultItem) item = NULL;

  g_return_if_fail (KALON_IS_VIEWER (self));
  g_return_if_fail (self->model != NULL);

  item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  if (item == NULL || item == self->item)
    return;
  g_set_object (&self->item, item);
  kalon_viewer_ask_scores (self);
  kalon_picture_pane_show (self->pane, kalon_result_item_get_picture_id (item),
                           kalon_result_item_get_picture (item),
                           kalon_result_item_get_texture (item));
  load_neighbours (self, position);
}

void
kalon_viewer_skip_gone (KalonViewer *self)
{
  guint position, n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  g_return_if_fail (KALON_IS_VIEWER (self));

  if (self->item == NULL || kalon_viewer_get_position (self, &position))
    return;
  if (n_items > 0)
    kalon_viewer_open (self, MIN (self->position, n_items - 1));
  else
    g_signal_emit (self, signals[CLOSED], 0);
}

void
kalon_viewer_close (KalonViewer *self)
{
  g_return_if_fail (KALON_IS_VIEWER (self));

  kalon_viewer_forget_scores (self);
  g_clear_object (&self->item);
  kalon_picture_pane_clear (self->pane);
}

gboolean
kalon_viewer_get_position (KalonViewer *self, guint *position)
{
  g_return_val_if_fail (KALON_IS_VIEWER (self), FALSE);
  return self->item != NULL
         && kalon_results_model_find (self->model, kalon_result_item_get_picture_id (self->item),
                                      position);
}
