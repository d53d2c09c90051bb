/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-strip.h"

/* Logical pixels that a picture has at least: below that the row scrolls. */
#define MIN_WIDTH 84
#define MIN_HEIGHT 84
#define SPACING 6

struct _KalonLabelStrip
{
  GtkWidget parent_instance;

  guint number;
  GtkWidget *label;
  GtkWidget *scrolled;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (KalonLabelStrip, kalon_label_strip, GTK_TYPE_WIDGET)

enum
{
  OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
activated_cb (KalonLabelStrip *self, KalonLabelPicture *picture)
{
  guint position = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self->box); child != GTK_WIDGET (picture);
       child = gtk_widget_get_next_sibling (child))
    position++;
  g_signal_emit (self, signals[OPENED], 0, position);
}

static void
kalon_label_strip_dispose (GObject *object)
{
  KalonLabelStrip *self = KALON_LABEL_STRIP (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_label_strip_parent_class)->dispose (object);
}

static void
kalon_label_strip_class_init (KalonLabelStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_label_strip_dispose;
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "labelstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
kalon_label_strip_init (KalonLabelStrip *self)
{
  self->label = gtk_label_new (NULL);
  gtk_widget_set_valign (self->label, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->label, "row-number");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  self->box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST,
                            "homogeneous", TRUE, "spacing", SPACING, NULL);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->box);
  gtk_widget_set_hexpand (self->scrolled, TRUE);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}

void
kalon_label_strip_set_number (KalonLabelStrip *self, guint number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autofree char *name = g_strdup_printf (_ ("Row %u"), number);

  g_return_if_fail (KALON_IS_LABEL_STRIP (self));

  self->number = number;
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

/* (transfer full) */
static char *
dup_name (KalonLabelStrip *self, const char *path, guint position, guint n)
{
  g_autofree char *file = g_filename_display_basename (path);

  /* Translators: a picture's file, the row that it is in (1 or 2), its place there, how many the
   * row has. */
  return g_strdup_printf (_ ("%s, row %u, picture %u of %u"), file, self->number, position + 1, n);
}

void
kalon_label_strip_set_pictures (KalonLabelStrip *self, KalonLabelTextures *textures,
                                GPtrArray *paths)
{
  GtkWidget *child;

  g_return_if_fail (KALON_IS_LABEL_STRIP (self));
  g_return_if_fail (KALON_IS_LABEL_TEXTURES (textures));
  g_return_if_fail (paths != NULL);

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_autofree char *name = dup_name (self, path, i, paths->len);

      child = kalon_label_picture_new (textures, path, name);
      gtk_widget_set_size_request (child, MIN_WIDTH, MIN_HEIGHT);
      g_signal_connect_object (child, "activated", G_CALLBACK (activated_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->box), child);
    }
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), 0);
}

guint
kalon_label_strip_get_n_pictures (KalonLabelStrip *self)
{
  guint n = 0;

  g_return_val_if_fail (KALON_IS_LABEL_STRIP (self), 0);

  for (GtkWidget *child = gtk_widget_get_first_child (self->box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;
  return n;
}

KalonLabelPicture *
kalon_label_strip_get_picture (KalonLabelStrip *self, guint position)
{
  GtkWidget *child;

  g_return_val_if_fail (KALON_IS_LABEL_STRIP (self), NULL);

  child = gtk_widget_get_first_child (self->box);
  while (child != NULL && position-- > 0)
    child = gtk_widget_get_next_sibling (child);
  return child != NULL ? KALON_LABEL_PICTURE (child) : NULL;
}
