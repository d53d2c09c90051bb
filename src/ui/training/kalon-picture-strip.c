/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "results/kalon-result-cell.h"
#include "training/kalon-picture-strip.h"
#include "training/kalon-training-private.h"

#define SIZE 116

struct _KalonPictureStrip
{
  GtkWidget parent_instance;

  GArray *pictures; /* gint64 */
  GCancellable *cancellable;
  GtkFlowBox *box;
};

G_DEFINE_FINAL_TYPE (KalonPictureStrip, kalon_picture_strip, GTK_TYPE_WIDGET)

static void
activated_cb (KalonPictureStrip *self, GtkFlowBoxChild *child)
{
  guint i = (guint) gtk_flow_box_child_get_index (child);

  kalon_training_open (GTK_WIDGET (self), g_array_index (self->pictures, gint64, i));
}

static void
cancel (KalonPictureStrip *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
kalon_picture_strip_dispose (GObject *object)
{
  KalonPictureStrip *self = KALON_PICTURE_STRIP (object);
  GtkWidget *child;

  cancel (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->pictures, g_array_unref);
  G_OBJECT_CLASS (kalon_picture_strip_parent_class)->dispose (object);
}

static void
kalon_picture_strip_class_init (KalonPictureStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_picture_strip_dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
kalon_picture_strip_init (KalonPictureStrip *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->pictures = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (self->box, 2);
  g_signal_connect_swapped (self->box, "child-activated", G_CALLBACK (activated_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->box));
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
}

void
kalon_picture_strip_set_name (KalonPictureStrip *self, const char *name)
{
  g_return_if_fail (KALON_IS_PICTURE_STRIP (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
append (KalonPictureStrip *self, gint64 picture, KalonThumbnailQueue *thumbnails)
{
  g_autoptr (KalonResultItem) item = kalon_training_make_item (picture);
  GtkWidget *cell = kalon_result_cell_new ();

  kalon_result_cell_set_size (KALON_RESULT_CELL (cell), SIZE);
  gtk_flow_box_append (self->box, cell);
  kalon_result_cell_set_item (KALON_RESULT_CELL (cell), item);
  kalon_thumbnail_queue_load (thumbnails, item, self->cancellable);
}

void
kalon_picture_strip_set_pictures (KalonPictureStrip *self, GArray *pictures,
                                  KalonThumbnailQueue *thumbnails)
{
  GtkFlowBoxChild *child;

  g_return_if_fail (KALON_IS_PICTURE_STRIP (self));
  g_return_if_fail (pictures != NULL);
  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (thumbnails));

  if (pictures->len == self->pictures->len
      && memcmp (pictures->data, self->pictures->data, pictures->len * sizeof (gint64)) == 0)
    return;
  cancel (self);
  self->cancellable = g_cancellable_new ();
  while ((child = gtk_flow_box_get_child_at_index (self->box, 0)) != NULL)
    gtk_flow_box_remove (self->box, GTK_WIDGET (child));
  g_array_unref (self->pictures);
  self->pictures = g_array_ref (pictures);
  /* One row, however narrow. */
  gtk_flow_box_set_max_children_per_line (self->box, MAX (pictures->len, 1));
  gtk_flow_box_set_min_children_per_line (self->box, MAX (pictures->len, 1));
  for (guint i = 0; i < pictures->len; i++)
    append (self, g_array_index (pictures, gint64, i), thumbnails);
}
