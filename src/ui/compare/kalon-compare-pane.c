/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "compare/kalon-compare-pane.h"
#include "compare/kalon-contest.h"

struct _KalonComparePane
{
  GtkWidget parent_instance;

  KalonResultsModel *model;
  GSimpleAction *choice;
  guint linked;     /* rank; 0: none */
  gboolean outside; /* it is to be told where it is */

  GtkWidget *box;
  GtkMenuButton *menu_button;
  GtkLabel *menu_label;
  GtkLabel *title_label;
  GtkLabel *figure_label;
  GtkStack *stack;
  KalonResultsGrid *grid;
  GtkSpinner *spinner;
  GtkLabel *waiting_label;
  AdwStatusPage *problem_page;
  GtkButton *above_button;
  GtkButton *below_button;
  GtkWidget *missing_label;
};

G_DEFINE_FINAL_TYPE (KalonComparePane, kalon_compare_pane, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
choose_cb (KalonComparePane *self, GVariant *key)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_variant_get_string (key, NULL));
}

static gboolean
shows_pictures (KalonComparePane *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "pictures") == 0;
}

static void
show_edge (GtkButton *button, gboolean shown, guint rank, const char *arrow)
{
  gtk_widget_set_visible (GTK_WIDGET (button), shown);
  if (shown)
    {
      /* Translators: where a picture is that is not on screen: its rank, and an arrow that points
       * there. */
      g_autofree char *text = g_strdup_printf (_ ("Rank %u %s"), rank, arrow);
      g_autofree char *tooltip = g_strdup_printf (_ ("Show the Picture at Rank %u"), rank);

      gtk_button_set_label (button, text);
      gtk_widget_set_tooltip_text (GTK_WIDGET (button), tooltip);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      tooltip, -1);
    }
}

static void
update_edges (KalonComparePane *self)
{
  guint position = self->linked - 1;
  gboolean told = self->linked > 0 && self->outside && shows_pictures (self);
  guint first, n_visible;

  kalon_results_grid_get_visible (self->grid, &first, &n_visible);
  show_edge (self->above_button, told && n_visible > 0 && position < first, self->linked, "↑");
  show_edge (self->below_button, told && n_visible > 0 && position >= first + n_visible,
             self->linked, "↓");
}

static void
edge_clicked_cb (KalonComparePane *self)
{
  if (self->linked > 0)
    kalon_results_grid_select (self->grid, self->linked - 1);
}

static gboolean
kalon_compare_pane_grab_focus (GtkWidget *widget)
{
  KalonComparePane *self = KALON_COMPARE_PANE (widget);

  return shows_pictures (self) && gtk_widget_grab_focus (GTK_WIDGET (self->grid));
}

static void
kalon_compare_pane_dispose (GObject *object)
{
  KalonComparePane *self = KALON_COMPARE_PANE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->model);
  g_clear_object (&self->choice);
  G_OBJECT_CLASS (kalon_compare_pane_parent_class)->dispose (object);
}

static void
kalon_compare_pane_class_init (KalonComparePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_compare_pane_dispose;
  widget_class->grab_focus = kalon_compare_pane_grab_focus;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KALON_TYPE_RESULTS_GRID);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/compare/kalon-compare-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, box);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, menu_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, menu_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, title_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, figure_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, grid);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, problem_page);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, above_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, below_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePane, missing_label);
  gtk_widget_class_bind_template_callback (widget_class, edge_clicked_cb);
}

static void
kalon_compare_pane_init (KalonComparePane *self)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->choice = g_simple_action_new_stateful ("ranking", G_VARIANT_TYPE_STRING,
                                               g_variant_new_string ("baseline"));
  /* The state follows what was chosen, which is not asked for in vain. */
  g_signal_connect_object (self->choice, "change-state", G_CALLBACK (choose_cb), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (self->choice));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "pane", G_ACTION_GROUP (actions));
  g_signal_connect_object (self->grid, "laid-out", G_CALLBACK (update_edges), self,
                           G_CONNECT_SWAPPED);
}

void
kalon_compare_pane_set_sources (KalonComparePane *self, KalonResultsModel *model,
                                KalonThumbnailQueue *thumbnails)
{
  g_return_if_fail (KALON_IS_COMPARE_PANE (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  kalon_results_grid_set_sources (self->grid, model, thumbnails);
}

KalonResultsGrid *
kalon_compare_pane_get_grid (KalonComparePane *self)
{
  g_return_val_if_fail (KALON_IS_COMPARE_PANE (self), NULL);
  return self->grid;
}

void
kalon_compare_pane_set_rivals (KalonComparePane *self, GPtrArray *rivals, const char *key)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  GMenu *section = NULL;
  KalonRivalKind last = KALON_RIVAL_BASELINE;

  g_return_if_fail (KALON_IS_COMPARE_PANE (self));
  g_return_if_fail (rivals != NULL && key != NULL);

  for (guint i = 0; i < rivals->len; i++)
    {
      const KalonRival *rival = g_ptr_array_index (rivals, i);
      g_autofree char *own_key = kalon_rival_dup_key (rival);
      g_autofree char *title = kalon_contest_dup_title (rival);
      g_autoptr (GMenuItem) item = g_menu_item_new (title, NULL);

      if (section == NULL || (rival->kind != last && rival->kind >= KALON_RIVAL_MODEL))
        {
          g_clear_object (&section);
          section = g_menu_new ();
          g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
        }
      last = rival->kind;
      g_menu_item_set_action_and_target (item, "pane.ranking", "s", own_key);
      g_menu_append_item (section, item);
    }
  g_clear_object (&section);
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
  g_simple_action_set_state (self->choice, g_variant_new_string (key));
}

void
kalon_compare_pane_set_title (KalonComparePane *self, const char *title, gboolean menu)
{
  g_autofree char *label = NULL;

  g_return_if_fail (KALON_IS_COMPARE_PANE (self));
  g_return_if_fail (title != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), menu);
  gtk_widget_set_visible (GTK_WIDGET (self->title_label), !menu);
  gtk_label_set_text (self->menu_label, menu ? title : "");
  gtk_label_set_text (self->title_label, menu ? "" : title);
  label = g_strdup_printf (_ ("Ranking: %s"), menu ? title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

void
kalon_compare_pane_set_figure (KalonComparePane *self, const char *figure, const char *explanation)
{
  g_return_if_fail (KALON_IS_COMPARE_PANE (self));

  gtk_label_set_text (self->figure_label, figure);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->figure_label), explanation);
}

static void
show (KalonComparePane *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "waiting"));
  update_edges (self);
}

void
kalon_compare_pane_show_pictures (KalonComparePane *self)
{
  g_return_if_fail (KALON_IS_COMPARE_PANE (self));
  show (self, "pictures");
}

void
kalon_compare_pane_show_waiting (KalonComparePane *self, const char *text)
{
  g_return_if_fail (KALON_IS_COMPARE_PANE (self));

  gtk_label_set_text (self->waiting_label, text);
  show (self, "waiting");
}

void
kalon_compare_pane_show_problem (KalonComparePane *self, const char *title, const char *reason)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (KALON_IS_COMPARE_PANE (self));

  escaped = g_markup_escape_text (reason, -1);
  adw_status_page_set_title (self->problem_page, title);
  adw_status_page_set_description (self->problem_page, escaped);
  show (self, "problem");
}

void
kalon_compare_pane_set_linked (KalonComparePane *self, guint rank, gboolean outside)
{
  guint n_items;

  g_return_if_fail (KALON_IS_COMPARE_PANE (self));

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  self->linked = rank <= n_items ? rank : 0;
  self->outside = outside;
  kalon_results_grid_set_linked (
      self->grid,
      self->linked > 0 ? kalon_results_model_get_picture_id (self->model, self->linked - 1) : 0);
  gtk_widget_set_visible (self->missing_label, FALSE);
  update_edges (self);
}

void
kalon_compare_pane_set_missing (KalonComparePane *self)
{
  g_return_if_fail (KALON_IS_COMPARE_PANE (self));

  kalon_compare_pane_set_linked (self, 0, FALSE);
  gtk_widget_set_visible (self->missing_label, shows_pictures (self));
}
