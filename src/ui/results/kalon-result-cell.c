/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-result-cell-private.h"
G_DEFINE_FINAL_TYPE (KalonResultCell, kalon_result_cell, GTK_TYPE_WIDGET)

static void
parent_changed_cb (KalonResultCell *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (parent != NULL)
    g_signal_connect_object (parent, "state-flags-changed",
                             G_CALLBACK (kalon_result_cell_follow_state), self, G_CONNECT_SWAPPED);
}

static void
set_accessible_text (KalonResultCell *self, GtkAccessibleProperty property, const char *text)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), property, text, -1);
  /* The view's own wrapper is what gets the focus, and so what is read aloud;
   * gtk_list_item_set_accessible_label() comes with GTK 4.12. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), property, text, -1);
}

static void
update_rank (KalonResultCell *self)
{
  guint rank = self->item != NULL ? kalon_result_item_get_rank (self->item) : 0;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->rank_label, rank > 0);
  if (rank == 0)
    return;
  if (kalon_result_item_is_compared (self->item))
    {
      text = g_strdup_printf ("%u", rank);
      gtk_widget_add_css_class (self->rank_label, "compared");
    }
  else
    {
      /* Translators: rank and similarity (0 to 1) of a picture, on its corner. */
      text = g_strdup_printf (_ ("%u · %.2f"), rank, kalon_result_item_get_similarity (self->item));
      gtk_widget_remove_css_class (self->rank_label, "compared");
    }
  gtk_label_set_text (GTK_LABEL (self->rank_label), text);
}

static void
update_mark (KalonResultCell *self)
{
  const char *style = "";
  g_autofree char *mark
      = self->item != NULL ? kalon_result_item_dup_mark (self->item, &style) : NULL;
  g_autofree char *text = NULL;

  if (self->mark_label == NULL)
    {
      if (mark == NULL && !self->linked)
        return;
      self->mark_label = gtk_label_new (NULL);
      gtk_widget_set_parent (self->mark_label, GTK_WIDGET (self));
    }
  gtk_widget_set_visible (self->mark_label, mark != NULL || self->linked);
  text = g_strconcat (self->linked ? "◆" : "", self->linked && mark != NULL ? " " : "", mark, NULL);
  gtk_label_set_text (GTK_LABEL (self->mark_label), text);
  gtk_widget_set_css_classes (
      self->mark_label,
      (const char *[]){ "badge", "mark", "numeric", style, self->linked ? "linked" : NULL, NULL });
}

static void
update (KalonResultCell *self)
{
  g_autofree char *label = NULL, *reason = NULL;

  if (self->item != NULL)
    {
      label = kalon_result_item_dup_label (self->item);
      reason = kalon_result_item_dup_reason (self->item);
    }
  gtk_widget_set_visible (self->failure_icon,
                          self->item != NULL && kalon_result_item_get_failure (self->item) != NULL);
  kalon_result_cell_update_duplicates (self);
  update_rank (self);
  update_mark (self);
  if (label != NULL)
    {
      set_accessible_text (self, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
      set_accessible_text (self, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason != NULL ? reason : "");
    }
  kalon_result_cell_update_thumbs (self);
  /* The labels sit on the picture's corners. */
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Made when it is asked for: setting one takes longer than all else that binding a cell does. */
static gboolean
kalon_result_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                                 GtkTooltip *tooltip)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  g_autofree char *label = NULL, *reason = NULL, *text = NULL;

  if (self->item == NULL)
    return FALSE;
  label = kalon_result_item_dup_label (self->item);
  reason = kalon_result_item_dup_reason (self->item);
  text = g_strconcat (label, reason != NULL ? "\n" : NULL, reason, NULL);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
kalon_result_cell_dispose (GObject *object)
{
  KalonResultCell *self = KALON_RESULT_CELL (object);
  GtkWidget *child;

  kalon_result_cell_set_item (self, NULL);
  g_clear_handle_id (&self->linger_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_result_cell_parent_class)->dispose (object);
}

static void
kalon_result_cell_class_init (KalonResultCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_result_cell_dispose;
  widget_class->measure = kalon_result_cell_measure;
  widget_class->size_allocate = kalon_result_cell_size_allocate;
  widget_class->snapshot = kalon_result_cell_snapshot;
  widget_class->query_tooltip = kalon_result_cell_query_tooltip;

  gtk_widget_class_set_css_name (widget_class, "result");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/results/kalon-result-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, failure_icon);
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, rank_label);
}

static void
kalon_result_cell_init (KalonResultCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::parent", G_CALLBACK (parent_changed_cb), NULL);
}

GtkWidget *
kalon_result_cell_new (void)
{
  return g_object_new (KALON_TYPE_RESULT_CELL, NULL);
}

void
kalon_result_cell_set_size (KalonResultCell *self, int size)
{
  g_return_if_fail (KALON_IS_RESULT_CELL (self));
  if (self->size == size)
    return;
  self->size = size;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
kalon_result_cell_set_item (KalonResultCell *self, KalonResultItem *item)
{
  g_return_if_fail (KALON_IS_RESULT_CELL (self));

  if (self->item == item)
    return;
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (item != NULL)
    {
      g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
      update (self);
    }
}

KalonResultItem *
kalon_result_cell_get_item (KalonResultCell *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_CELL (self), NULL);
  return self->item;
}

gboolean
kalon_result_cell_contains (KalonResultCell *self, double x, double y)
{
  graphene_rect_t area;

  g_return_val_if_fail (KALON_IS_RESULT_CELL (self), FALSE);

  kalon_result_cell_get_area (self, &area);
  return graphene_rect_contains_point (&area, &GRAPHENE_POINT_INIT ((float) x, (float) y));
}

void
kalon_result_cell_set_linked (KalonResultCell *self, gboolean linked)
{
  g_return_if_fail (KALON_IS_RESULT_CELL (self));

  if (self->linked == linked)
    return;
  self->linked = linked;
  update_mark (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
