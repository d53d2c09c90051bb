/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-result-cell-private.h"
#include "results/kalon-thumb-button.h"

/* Milliseconds that thumbs stay after the pointer has left. On X11 a tooltip that comes or goes
 * takes the pointer away for a moment: buttons that were hidden and shown again below a pointer at
 * rest do not get the next press.
 */
#define LINGER 150

/* The view's own wrapper of the cell knows of pointer, focus and selection. */
static gboolean
is_looked_at (KalonResultCell *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  return parent != NULL
         && (gtk_widget_get_state_flags (parent)
             & (GTK_STATE_FLAG_PRELIGHT | GTK_STATE_FLAG_FOCUSED | GTK_STATE_FLAG_SELECTED))
                != 0;
}

static GtkWidget *
append_thumb (KalonResultCell *self)
{
  GtkWidget *button = gtk_button_new ();

  /* The focus is the picture's; from the keyboard there are keys and the menu. */
  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_add_css_class (button, "thumb");
  gtk_box_append (GTK_BOX (self->thumbs), button);
  return button;
}

static void
show_thumb (KalonResultCell *self, GtkWidget *button, KalonVerdict of_button, KalonVerdict verdict)
{
  kalon_show_thumb (GTK_BUTTON (button), of_button, verdict);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(xb)",
                                    kalon_result_item_get_picture_id (self->item),
                                    of_button == KALON_VERDICT_LIKED);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "results.thumb");
  gtk_widget_set_visible (button, verdict == of_button || is_looked_at (self));
}

static gboolean
thumbs_left (gpointer user_data)
{
  KalonResultCell *self = user_data;

  self->linger_id = 0;
  kalon_result_cell_update_thumbs (self);
  return G_SOURCE_REMOVE;
}

void
kalon_result_cell_follow_state (KalonResultCell *self)
{
  if (is_looked_at (self))
    kalon_result_cell_update_thumbs (self);
  else if (self->thumbs != NULL && self->linger_id == 0)
    self->linger_id = g_timeout_add (LINGER, thumbs_left, self);
}

void
kalon_result_cell_update_thumbs (KalonResultCell *self)
{
  KalonVerdict verdict = KALON_VERDICT_NONE;
  gboolean shown = FALSE;

  g_clear_handle_id (&self->linger_id, g_source_remove);
  if (self->item != NULL)
    {
      verdict = kalon_result_item_get_verdict (self->item);
      shown = kalon_result_item_takes_thumbs (self->item)
              && (verdict != KALON_VERDICT_NONE || is_looked_at (self));
    }
  if (shown && self->thumbs == NULL)
    {
      self->thumbs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_widget_add_css_class (self->thumbs, "thumbs");
      self->up_button = append_thumb (self);
      self->down_button = append_thumb (self);
      gtk_widget_set_parent (self->thumbs, GTK_WIDGET (self));
    }
  if (self->thumbs == NULL)
    return;
  gtk_widget_set_visible (self->thumbs, shown);
  if (!shown)
    return;
  show_thumb (self, self->up_button, KALON_VERDICT_LIKED, verdict);
  show_thumb (self, self->down_button, KALON_VERDICT_DISLIKED, verdict);
}

/* On the result how many are folded behind it, on one of those that are shown what it is: pressed,
 * either unfolds or folds them. Beside another ranking they stay folded, for rank stands by rank.
 */
static void
show_duplicates (KalonResultCell *self)
{
  guint n = kalon_result_item_get_n_duplicates (self->item);
  gboolean unfolded = kalon_result_item_is_unfolded (self->item);
  gboolean compared = kalon_result_item_is_compared (self->item);
  g_autofree char *text = NULL, *label = NULL;

  if (kalon_result_item_is_behind (self->item))
    text = g_strdup ("≈");
  else
    text = g_strdup_printf ("%s%u", unfolded ? "−" : "+", n);
  if (compared)
    label = g_strdup_printf (ngettext ("%u near-duplicate", "%u near-duplicates", n), n);
  else if (unfolded)
    label = g_strdup (_ ("Fold the Near-Duplicates"));
  else
    label = g_strdup_printf (ngettext ("Show %u Near-Duplicate", "Show %u Near-Duplicates", n), n);
  gtk_button_set_label (GTK_BUTTON (self->duplicates), text);
  gtk_widget_set_tooltip_text (self->duplicates, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->duplicates), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_can_target (self->duplicates, !compared);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->duplicates), "x",
                                    kalon_result_item_get_picture_id (self->item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->duplicates), "results.unfold");
}

void
kalon_result_cell_update_duplicates (KalonResultCell *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  gboolean shown = self->item != NULL
                   && (kalon_result_item_get_n_duplicates (self->item) > 0
                       || kalon_result_item_is_behind (self->item));

  /* The group is seen as one. */
  if (parent != NULL && shown && kalon_result_item_is_unfolded (self->item))
    gtk_widget_add_css_class (parent, "unfolded");
  else if (parent != NULL)
    gtk_widget_remove_css_class (parent, "unfolded");
  if (shown && self->duplicates == NULL)
    {
      self->duplicates = gtk_button_new ();
      /* The focus is the picture's; from the keyboard there are a key and the menu. */
      gtk_widget_set_focusable (self->duplicates, FALSE);
      gtk_widget_add_css_class (self->duplicates, "badge");
      gtk_widget_add_css_class (self->duplicates, "numeric");
      gtk_widget_set_parent (self->duplicates, GTK_WIDGET (self));
    }
  if (self->duplicates == NULL)
    return;
  gtk_widget_set_visible (self->duplicates, shown);
  if (shown)
    show_duplicates (self);
}
