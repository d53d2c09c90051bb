/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-result-cell.h"
#include "training/kalon-event-row.h"
#include "training/kalon-training-private.h"
#include "training/training-text.h"

#define CELL_SIZE 76

struct _KalonEventRow
{
  GtkWidget parent_instance;

  KalonEventItem *item;
  GCancellable *cancellable; /* of the picture; NULL before it is asked for */

  KalonResultCell *cell;
  GtkImage *verdict_image;
  GtkLabel *query_label;
  GtkLabel *text_label;
  GtkLabel *time_label;
  GtkWidget *menu_button;
};

G_DEFINE_FINAL_TYPE (KalonEventRow, kalon_event_row, GTK_TYPE_WIDGET)

enum
{
  MENU,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
menu_clicked_cb (KalonEventRow *self)
{
  g_signal_emit (self, signals[MENU], 0);
}

static void
kalon_event_row_dispose (GObject *object)
{
  KalonEventRow *self = KALON_EVENT_ROW (object);
  GtkWidget *child;

  if (self->cell != NULL)
    kalon_event_row_set_item (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->cell = NULL;
  G_OBJECT_CLASS (kalon_event_row_parent_class)->dispose (object);
}

static void
kalon_event_row_class_init (KalonEventRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_event_row_dispose;
  signals[MENU] = g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  g_type_ensure (KALON_TYPE_RESULT_CELL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "event");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-event-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonEventRow, cell);
  gtk_widget_class_bind_template_child (widget_class, KalonEventRow, verdict_image);
  gtk_widget_class_bind_template_child (widget_class, KalonEventRow, query_label);
  gtk_widget_class_bind_template_child (widget_class, KalonEventRow, text_label);
  gtk_widget_class_bind_template_child (widget_class, KalonEventRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, KalonEventRow, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, menu_clicked_cb);
}

static void
kalon_event_row_init (KalonEventRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kalon_result_cell_set_size (self->cell, CELL_SIZE);
}

GtkWidget *
kalon_event_row_new (void)
{
  return g_object_new (KALON_TYPE_EVENT_ROW, NULL);
}

static void
show (KalonEventRow *self, KalonEventItem *item)
{
  const char *query = kalon_event_item_get_query (item);
  gboolean liked = kalon_event_item_is_liked (item);
  g_autofree char *quoted
      = *query != '\0' ? g_strdup_printf (_ ("“%s”"), query) : g_strdup (_ ("Without words"));
  g_autofree char *time = kalon_training_format_time (kalon_event_item_get_time (item));
  g_autofree char *label = NULL;
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_image_set_from_icon_name (self->verdict_image, liked ? "kalon-thumb-up-set-symbolic"
                                                           : "kalon-thumb-down-set-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->verdict_image),
                               liked ? _ ("Thumb Up") : _ ("Thumb Down"));
  gtk_label_set_text (self->query_label, quoted);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->query_label), quoted);
  gtk_label_set_text (self->text_label, kalon_event_item_get_text (item));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->text_label), kalon_event_item_get_text (item));
  gtk_label_set_text (self->time_label, time);
  /* Translators: a thumb, to be read aloud: up or down, the query, what it says, and when. */
  label = g_strdup_printf (_ ("%s, %s, %s, %s"), liked ? _ ("Thumb up") : _ ("Thumb down"), quoted,
                           kalon_event_item_get_text (item), time);
  /* The list's own wrapper gets the focus. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    -1);
}

void
kalon_event_row_set_item (KalonEventRow *self, KalonEventItem *item)
{
  g_return_if_fail (KALON_IS_EVENT_ROW (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_set_object (&self->item, item);
  /* The texture goes with the cell's item. */
  kalon_result_cell_set_item (self->cell, NULL);
  if (item != NULL)
    show (self, item);
}

KalonEventItem *
kalon_event_row_get_item (KalonEventRow *self)
{
  g_return_val_if_fail (KALON_IS_EVENT_ROW (self), NULL);
  return self->item;
}

GtkWidget *
kalon_event_row_get_menu_button (KalonEventRow *self)
{
  g_return_val_if_fail (KALON_IS_EVENT_ROW (self), NULL);
  return self->menu_button;
}

void
kalon_event_row_load (KalonEventRow *self, KalonThumbnailQueue *thumbnails)
{
  g_autoptr (KalonResultItem) item = NULL;

  g_return_if_fail (KALON_IS_EVENT_ROW (self));
  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (thumbnails));

  if (self->item == NULL || self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  item = kalon_training_make_item (kalon_event_item_get_picture (self->item));
  kalon_result_cell_set_item (self->cell, item);
  if (kalon_event_item_get_picture (self->item) != 0)
    kalon_thumbnail_queue_load (thumbnails, item, self->cancellable);
  else
    kalon_result_item_set_loaded (item, NULL, NULL, _ ("The picture is no longer in the library."));
}
