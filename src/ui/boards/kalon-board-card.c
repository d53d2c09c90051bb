/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-card.h"
#include "boards/kalon-board-covers.h"

struct _KalonBoardCard
{
  GtkWidget parent_instance;

  KalonBoardObject *object;
  GtkWidget *covers;
  GtkLabel *name_label;
  GtkLabel *count_label;
};

G_DEFINE_FINAL_TYPE (KalonBoardCard, kalon_board_card, GTK_TYPE_WIDGET)

enum
{
  DROPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update (KalonBoardCard *self)
{
  const KalonBoard *board
      = self->object != NULL ? kalon_board_object_get_board (self->object) : NULL;
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *count = NULL, *label = NULL;

  kalon_board_covers_set (KALON_BOARD_COVERS (self->covers), board != NULL ? board->covers : NULL);
  if (board == NULL)
    return;
  count = g_strdup_printf (ngettext ("%u picture", "%u pictures", board->n_items), board->n_items);
  gtk_label_set_text (self->name_label, board->name);
  gtk_label_set_text (self->count_label, count);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               *board->description != '\0' ? board->description : NULL);
  /* Translators: a board, to be read aloud: its name, how many pictures it has. */
  label = g_strdup_printf (_ ("%s, %s"), board->name, count);
  /* The view's own wrapper is what gets the focus. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, board->description, -1);
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, KalonBoardCard *self)
{
  g_signal_emit (self, signals[DROPPED], 0, g_value_get_boxed (value));
  return TRUE;
}

static void
kalon_board_card_dispose (GObject *object)
{
  KalonBoardCard *self = KALON_BOARD_CARD (object);
  GtkWidget *child;

  if (self->covers != NULL)
    kalon_board_card_set_object (self, NULL);
  self->covers = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_board_card_parent_class)->dispose (object);
}

static void
kalon_board_card_class_init (KalonBoardCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_board_card_dispose;
  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, GDK_TYPE_FILE_LIST);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "boardcard");
}

static GtkLabel *
add_label (KalonBoardCard *self, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return GTK_LABEL (label);
}

static void
kalon_board_card_init (KalonBoardCard *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GtkWidget *
kalon_board_card_new (KalonBoardThumbnails *thumbnails)
{
  KalonBoardCard *self = g_object_new (KALON_TYPE_BOARD_CARD, NULL);

  self->covers = kalon_board_covers_new (thumbnails);
  gtk_widget_set_parent (self->covers, GTK_WIDGET (self));
  self->name_label = add_label (self, "heading");
  self->count_label = add_label (self, "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->count_label), "caption");
  return GTK_WIDGET (self);
}

void
kalon_board_card_set_object (KalonBoardCard *self, KalonBoardObject *object)
{
  g_return_if_fail (KALON_IS_BOARD_CARD (self));

  if (self->object == object)
    return;
  if (self->object != NULL)
    g_signal_handlers_disconnect_by_func (self->object, update, self);
  g_set_object (&self->object, object);
  if (object != NULL)
    g_signal_connect_swapped (object, "changed", G_CALLBACK (update), self);
  update (self);
}

KalonBoardObject *
kalon_board_card_get_object (KalonBoardCard *self)
{
  g_return_val_if_fail (KALON_IS_BOARD_CARD (self), NULL);
  return self->object;
}
