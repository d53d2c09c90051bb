/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compare/kalon-row-judge.h"

struct _KalonRowJudge
{
  GtkWidget parent_instance;

  GArray *rows;     /* KalonJudgedRow */
  GPtrArray *boxes; /* GtkWidget, borrowed: one for each row that there ever was at once */
};

G_DEFINE_FINAL_TYPE (KalonRowJudge, kalon_row_judge, GTK_TYPE_WIDGET)

enum
{
  JUDGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (KalonRowJudge *self, GtkButton *button)
{
  GtkWidget *box = gtk_widget_get_parent (GTK_WIDGET (button));
  guint side = gtk_widget_get_prev_sibling (GTK_WIDGET (button)) != NULL;
  guint i;

  if (g_ptr_array_find (self->boxes, box, &i) && i < self->rows->len)
    {
      KalonGridRow row = g_array_index (self->rows, KalonJudgedRow, i).row;

      g_signal_emit (self, signals[JUDGED], 0, row.first, row.n, side);
    }
}

static void
append_button (KalonRowJudge *self, GtkWidget *box, const char *icon)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "small-icon");
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
add_box (KalonRowJudge *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  append_button (self, box, "kalon-row-left-symbolic");
  append_button (self, box, "kalon-row-right-symbolic");
  gtk_widget_set_parent (box, GTK_WIDGET (self));
  g_ptr_array_add (self->boxes, box);
  return box;
}

static void
set_text (GtkWidget *button, const char *text)
{
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update_box (GtkWidget *box, const KalonJudgedRow *row)
{
  GtkWidget *left = gtk_widget_get_first_child (box);
  GtkWidget *right = gtk_widget_get_last_child (box);
  guint first = row->row.first + 1, last = row->row.first + row->row.n;
  g_autofree char *left_text
      = g_strdup_printf (_ ("On the Left, Ranks %u to %u Are Better"), first, last);
  g_autofree char *right_text
      = g_strdup_printf (_ ("On the Right, Ranks %u to %u Are Better"), first, last);

  gtk_widget_set_sensitive (box, row->differs);
  set_text (left, row->differs ? left_text : _ ("Both Rows Have the Same Pictures"));
  set_text (right, row->differs ? right_text : _ ("Both Rows Have the Same Pictures"));
}

static void
kalon_row_judge_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  KalonRowJudge *self = KALON_ROW_JUDGE (widget);

  *minimum = *natural = 0;
  for (guint i = 0; i < self->boxes->len; i++)
    {
      int box_minimum, unused;

      gtk_widget_measure (g_ptr_array_index (self->boxes, i), orientation, -1, &box_minimum,
                          &unused, NULL, NULL);
      if (orientation == GTK_ORIENTATION_HORIZONTAL)
        *minimum = *natural = MAX (*minimum, box_minimum);
    }
}

static void
kalon_row_judge_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonRowJudge *self = KALON_ROW_JUDGE (widget);

  for (guint i = 0; i < self->boxes->len; i++)
    {
      GtkWidget *box = g_ptr_array_index (self->boxes, i);
      const KalonGridRow *row;
      GtkRequisition size;

      if (!gtk_widget_should_layout (box) || i >= self->rows->len)
        continue;
      row = &g_array_index (self->rows, KalonJudgedRow, i).row;
      gtk_widget_get_preferred_size (box, &size, NULL);
      gtk_widget_size_allocate (
          box,
          &(GtkAllocation){ (width - size.width) / 2,
                            (int) (row->y + (row->height - (float) size.height) / 2), size.width,
                            size.height },
          -1);
    }
}

static void
kalon_row_judge_dispose (GObject *object)
{
  KalonRowJudge *self = KALON_ROW_JUDGE (object);
  GtkWidget *child;

  g_ptr_array_set_size (self->boxes, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_row_judge_parent_class)->dispose (object);
}

static void
kalon_row_judge_finalize (GObject *object)
{
  KalonRowJudge *self = KALON_ROW_JUDGE (object);

  g_ptr_array_unref (self->boxes);
  g_array_unref (self->rows);
  G_OBJECT_CLASS (kalon_row_judge_parent_class)->finalize (object);
}

static void
kalon_row_judge_class_init (KalonRowJudgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_row_judge_dispose;
  object_class->finalize = kalon_row_judge_finalize;
  widget_class->measure = kalon_row_judge_measure;
  widget_class->size_allocate = kalon_row_judge_size_allocate;

  signals[JUDGED]
      = g_signal_new ("judged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "rowjudge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
kalon_row_judge_init (KalonRowJudge *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (KalonJudgedRow));
  self->boxes = g_ptr_array_new ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Which Row Is Better"), -1);
}

void
kalon_row_judge_set_rows (KalonRowJudge *self, const GArray *rows)
{
  g_return_if_fail (KALON_IS_ROW_JUDGE (self));
  g_return_if_fail (rows != NULL);

  g_array_set_size (self->rows, 0);
  g_array_append_vals (self->rows, rows->data, rows->len);
  while (self->boxes->len < rows->len)
    add_box (self);
  for (guint i = 0; i < self->boxes->len; i++)
    {
      GtkWidget *box = g_ptr_array_index (self->boxes, i);

      gtk_widget_set_visible (box, i < rows->len);
      if (i < rows->len)
        update_box (box, &g_array_index (rows, KalonJudgedRow, i));
    }
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
