/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-picture.h"

/* Small pictures are not blown up beyond this. */
#define MAX_SCALE 3
#define RADIUS 6

struct _KalonLabelPicture
{
  GtkWidget parent_instance;

  char *path;
  char *name;
  GdkTexture *texture; /* (nullable) */
  GCancellable *cancellable;
  GtkWidget *failure; /* (nullable): shown in its place */
};

G_DEFINE_FINAL_TYPE (KalonLabelPicture, kalon_label_picture, GTK_TYPE_WIDGET)

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
activate_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  g_signal_emit (widget, signals[ACTIVATED], 0);
  return GDK_EVENT_STOP;
}

static void
clicked_cb (KalonLabelPicture *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
kalon_label_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonLabelPicture *self = KALON_LABEL_PICTURE (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double texture_width, texture_height, scale;
  graphene_rect_t bounds;
  GskRoundedRect frame;

  GTK_WIDGET_CLASS (kalon_label_picture_parent_class)->snapshot (widget, snapshot);
  if (self->texture == NULL)
    return;
  texture_width = gdk_texture_get_width (self->texture);
  texture_height = gdk_texture_get_height (self->texture);
  scale = MIN (MIN (width / texture_width, height / texture_height), MAX_SCALE);
  texture_width *= scale;
  texture_height *= scale;
  graphene_rect_init (&bounds, (float) ((width - texture_width) / 2),
                      (float) ((height - texture_height) / 2), (float) texture_width,
                      (float) texture_height);
  gsk_rounded_rect_init_from_rect (&frame, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
kalon_label_picture_dispose (GObject *object)
{
  KalonLabelPicture *self = KALON_LABEL_PICTURE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->failure, gtk_widget_unparent);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (kalon_label_picture_parent_class)->dispose (object);
}

static void
kalon_label_picture_class_init (KalonLabelPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const guint keys[]
      = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter, GDK_KEY_space };

  G_OBJECT_CLASS (klass)->dispose = kalon_label_picture_dispose;
  widget_class->snapshot = kalon_label_picture_snapshot;

  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i], 0, activate_pressed, NULL);
  gtk_widget_class_set_css_name (widget_class, "labelpicture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
kalon_label_picture_init (KalonLabelPicture *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "zoom-in");
}

static void
show_failure (KalonLabelPicture *self, const char *reason)
{
  g_autofree char *name = g_strdup_printf (_ ("%s, which cannot be shown: %s"), self->name, reason);

  self->failure = gtk_image_new_from_icon_name ("image-missing-symbolic");
  gtk_image_set_icon_size (GTK_IMAGE (self->failure), GTK_ICON_SIZE_LARGE);
  gtk_widget_set_parent (self->failure, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPicture) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture
      = kalon_label_textures_load_finish (KALON_LABEL_TEXTURES (object), result, &error);

  if (self->cancellable == NULL)
    return;
  if (texture == NULL)
    show_failure (self, error->message);
  g_set_object (&self->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
kalon_label_picture_new (KalonLabelTextures *textures, const char *path, const char *name)
{
  KalonLabelPicture *self;
  GdkTexture *texture;

  g_return_val_if_fail (KALON_IS_LABEL_TEXTURES (textures), NULL);
  g_return_val_if_fail (path != NULL && name != NULL, NULL);

  self = g_object_new (KALON_TYPE_LABEL_PICTURE, NULL);
  self->path = g_strdup (path);
  self->name = g_strdup (name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  texture = kalon_label_textures_peek (textures, path);
  g_set_object (&self->texture, texture);
  if (texture == NULL)
    {
      self->cancellable = g_cancellable_new ();
      kalon_label_textures_load_async (textures, path, self->cancellable, loaded_cb,
                                       g_object_ref (self));
    }
  return GTK_WIDGET (self);
}

const char *
kalon_label_picture_get_path (KalonLabelPicture *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_PICTURE (self), NULL);
  return self->path;
}

const char *
kalon_label_picture_get_name (KalonLabelPicture *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_PICTURE (self), NULL);
  return self->name;
}

gboolean
kalon_label_picture_is_ready (KalonLabelPicture *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_PICTURE (self), FALSE);
  return self->texture != NULL || self->failure != NULL;
}
