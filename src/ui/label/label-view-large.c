/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/kalon-label-view-private.h"

static void
stop (KalonLabelView *self)
{
  if (self->enlarging != NULL)
    g_cancellable_cancel (self->enlarging);
  g_clear_object (&self->enlarging);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture
      = kalon_label_textures_load_finish (KALON_LABEL_TEXTURES (object), result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->enlarging)
    return;
  g_clear_object (&self->enlarging);
  if (texture != NULL)
    gtk_picture_set_paintable (self->large_picture, GDK_PAINTABLE (texture));
  else
    g_signal_emit_by_name (self, "message", error->message);
}

void
kalon_label_view_open_large (KalonLabelView *self, guint row, guint position)
{
  KalonLabelPicture *picture = kalon_label_strip_get_picture (self->rows[row], position);
  const char *path, *name;

  if (picture == NULL)
    return;
  stop (self);
  path = kalon_label_picture_get_path (picture);
  name = kalon_label_picture_get_name (picture);
  self->large_row = row;
  self->large_position = position;
  gtk_label_set_text (self->large_label, name);
  gtk_picture_set_paintable (self->large_picture,
                             GDK_PAINTABLE (kalon_label_textures_peek (self->textures, path)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->large_picture),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  self->enlarging = g_cancellable_new ();
  kalon_label_textures_load_async (self->large_textures, path, self->enlarging, loaded_cb,
                                   g_object_ref (self));
  gtk_stack_set_visible_child (self->stack, self->large_page);
  gtk_widget_grab_focus (GTK_WIDGET (self->large_picture));
}

gboolean
kalon_label_view_close_large (KalonLabelView *self)
{
  KalonLabelPicture *picture;

  if (gtk_stack_get_visible_child (self->stack) != self->large_page)
    return FALSE;
  stop (self);
  gtk_picture_set_paintable (self->large_picture, NULL);
  gtk_stack_set_visible_child_name (self->stack, "task");
  picture = kalon_label_strip_get_picture (self->rows[self->large_row], self->large_position);
  if (picture != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (picture));
  return TRUE;
}

gboolean
kalon_label_view_step_large (KalonLabelView *self, int step, int row)
{
  int to_row = (int) self->large_row + row;
  int to = (int) self->large_position + step;

  if (to_row < 0 || to_row > 1)
    return FALSE;
  to = MIN (to, (int) kalon_label_strip_get_n_pictures (self->rows[to_row]) - (row != 0 ? 1 : 0));
  if (to < 0 || kalon_label_strip_get_picture (self->rows[to_row], (guint) to) == NULL)
    return FALSE;
  kalon_label_view_open_large (self, (guint) to_row, (guint) to);
  return TRUE;
}
