/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compare/kalon-compare-page-private.h"
#include "settings/kalon-settings.h"

G_DEFINE_FINAL_TYPE (KalonComparePage, kalon_compare_page, GTK_TYPE_WIDGET)

/* Of the drop-down, in its order. */
static const guint tops[] = { 5, 10, 20, 50 };
#define DEFAULT_TOP 1

gboolean
kalon_compare_page_is_single (KalonComparePage *self)
{
  return self->flip || self->narrow;
}

gboolean
kalon_compare_page_hides (KalonComparePage *self)
{
  return self->blind && !self->revealed;
}

guint
kalon_compare_page_get_place (KalonComparePage *self, guint pane)
{
  return kalon_compare_page_is_single (self) ? self->place : pane;
}

KalonRanking *
kalon_compare_page_get_ranking (KalonComparePage *self, guint place)
{
  if (self->blind && self->frozen[place] != NULL)
    return self->frozen[place];
  return kalon_contest_get_ranking (self->contest, self->order[place]);
}

char *
kalon_compare_page_dup_title (KalonComparePage *self, guint place)
{
  if (kalon_compare_page_hides (self))
    return g_strdup (place == 0 ? _ ("Left") : _ ("Right"));
  return kalon_contest_dup_title (kalon_contest_get_rival (self->contest, self->order[place]));
}

guint
kalon_compare_page_get_k (KalonComparePage *self)
{
  return tops[MIN (gtk_drop_down_get_selected (self->top_drop_down), G_N_ELEMENTS (tops) - 1)];
}

static void
place_toggled_cb (KalonComparePage *self, GtkToggleButton *button)
{
  guint place = button == self->place_buttons[1];

  if (!gtk_toggle_button_get_active (button) || self->place == place)
    return;
  self->place = place;
  kalon_compare_page_update (self);
}

static void
mode_toggled_cb (KalonComparePage *self, GtkToggleButton *button)
{
  gboolean flip = button == self->flip_button;

  if (!gtk_toggle_button_get_active (button) || self->narrow || self->flip == flip)
    return;
  self->flip = flip;
  kalon_compare_page_update (self);
}

static void
blind_toggled_cb (KalonComparePage *self)
{
  kalon_compare_page_set_blind (self, gtk_toggle_button_get_active (self->blind_button));
}

static void
search_clicked_cb (KalonComparePage *self)
{
  g_signal_emit_by_name (self, "search");
}

static void
chosen_cb (KalonComparePage *self, const char *key, KalonComparePane *pane)
{
  guint place = kalon_compare_page_get_place (self, pane == self->panes[1]);
  const KalonRival *rival = kalon_rivals_find (kalon_contest_get_rivals (self->contest), key);

  if (rival != NULL)
    kalon_contest_choose (self->contest, self->order[place], rival);
}

static gboolean
follow_width (gpointer user_data)
{
  KalonComparePage *self = user_data;

  self->width_id = 0;
  kalon_compare_page_update (self);
  return G_SOURCE_REMOVE;
}

static void
kalon_compare_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);
  gboolean narrow = width < KALON_COMPARE_NARROW;

  self->allocating = TRUE;
  gtk_widget_allocate (GTK_WIDGET (self->stack), width, height, baseline, NULL);
  self->allocating = FALSE;
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  /* Nothing may be shown or hidden in the middle of an allocation. */
  if (self->width_id == 0)
    self->width_id = g_idle_add (follow_width, self);
}

static void
kalon_compare_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);

  gtk_widget_measure (GTK_WIDGET (self->stack), orientation, for_size, minimum, natural, NULL,
                      NULL);
  /* Two panes where there is room for one are on their way out. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (*minimum, 320);
}

static void
kalon_compare_page_map (GtkWidget *widget)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);

  GTK_WIDGET_CLASS (kalon_compare_page_parent_class)->map (widget);
  if (self->contest != NULL)
    kalon_contest_set_active (self->contest, TRUE);
  kalon_compare_page_update (self);
}

static void
kalon_compare_page_unmap (GtkWidget *widget)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);

  self->awaits_focus = FALSE;
  if (self->contest != NULL)
    kalon_contest_set_active (self->contest, FALSE);
  GTK_WIDGET_CLASS (kalon_compare_page_parent_class)->unmap (widget);
}

static gboolean
kalon_compare_page_grab_focus (GtkWidget *widget)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "panes") != 0)
    return gtk_widget_grab_focus (self->search_button);
  /* On a page that is hidden now it stays until GTK gives it to whatever it finds; that it goes is
   * not that somebody takes it. */
  if (focus != NULL && !gtk_widget_get_mapped (focus))
    gtk_root_set_focus (root, NULL);
  self->awaits_focus = !gtk_widget_grab_focus (
      GTK_WIDGET (self->panes[kalon_compare_page_is_single (self) ? 0 : self->selected_pane]));
  return !self->awaits_focus;
}

static void
kalon_compare_page_dispose (GObject *object)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_handle_id (&self->width_id, g_source_remove);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->frozen[i], kalon_ranking_unref);
      g_clear_object (&self->models[i]);
    }
  g_clear_pointer (&self->frozen_query, g_free);
  g_clear_object (&self->contest);
  g_clear_object (&self->session);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->stack));
  self->stack = NULL;
  G_OBJECT_CLASS (kalon_compare_page_parent_class)->dispose (object);
}

static void
add_signals (GType type)
{
  g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                KALON_TYPE_RESULTS_MODEL, G_TYPE_UINT);
  g_signal_new ("thumb", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                KALON_TYPE_RESULT_ITEM, G_TYPE_ARRAY, G_TYPE_BOOLEAN);
  g_signal_new ("row-judged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                G_TYPE_ARRAY, G_TYPE_ARRAY);
  g_signal_new ("more-like-this", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("not-like-this", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("exported", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("search", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/compare/kalon-compare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, message_page);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, search_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, bar);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, mode_box);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, both_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, flip_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, blind_button);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, top_drop_down);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, overlap_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, legend_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, flip_bar);
  gtk_widget_class_bind_template_child_full (widget_class, "left_button", FALSE,
                                             G_STRUCT_OFFSET (KalonComparePage, place_buttons[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "right_button", FALSE,
                                             G_STRUCT_OFFSET (KalonComparePage, place_buttons[1]));
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, panes_box);
  gtk_widget_class_bind_template_child_full (widget_class, "left_pane", FALSE,
                                             G_STRUCT_OFFSET (KalonComparePage, panes[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "right_pane", FALSE,
                                             G_STRUCT_OFFSET (KalonComparePage, panes[1]));
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, row_judge);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, blind_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, blind_stack);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, KalonComparePage, tally_label);
  gtk_widget_class_bind_template_callback (widget_class, place_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, mode_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, blind_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
kalon_compare_page_class_init (KalonComparePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_compare_page_dispose;
  widget_class->measure = kalon_compare_page_measure;
  widget_class->size_allocate = kalon_compare_page_size_allocate;
  widget_class->map = kalon_compare_page_map;
  widget_class->unmap = kalon_compare_page_unmap;
  widget_class->grab_focus = kalon_compare_page_grab_focus;

  add_signals (G_TYPE_FROM_CLASS (klass));
  g_type_ensure (KALON_TYPE_COMPARE_PANE);
  g_type_ensure (KALON_TYPE_ROW_JUDGE);
  kalon_compare_page_install_actions (widget_class);
  bind_template (widget_class);
}

static void
kalon_compare_page_init (KalonComparePage *self)
{
  self->cancellable = g_cancellable_new ();
  self->order[1] = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_selected (self->top_drop_down, DEFAULT_TOP);
  /* Left is left, in every language: it is what the user is asked about. */
  gtk_widget_set_direction (self->panes_box, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->flip_bar, GTK_TEXT_DIR_LTR);
  g_signal_connect_object (self->top_drop_down, "notify::selected",
                           G_CALLBACK (kalon_compare_page_update), self, G_CONNECT_SWAPPED);
}

void
kalon_compare_page_set_session (KalonComparePage *self, KalonSession *session)
{
  const KalonSessionServices *services;

  g_return_if_fail (KALON_IS_COMPARE_PAGE (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->search = kalon_session_get_search (session);
  self->contest = kalon_contest_new (session);
  services = kalon_session_get_services (session);
  for (guint i = 0; i < 2; i++)
    {
      self->models[i] = kalon_results_model_new ();
      kalon_results_model_set_thumbs (self->models[i], services->thumbs);
      kalon_compare_pane_set_sources (self->panes[i], self->models[i], services->thumbnails);
      g_settings_bind (services->settings, KALON_SETTING_THUMBNAIL_SIZE,
                       kalon_compare_pane_get_grid (self->panes[i]), "thumbnail-size",
                       G_SETTINGS_BIND_GET);
    }
  kalon_compare_page_connect_panes (self);
  g_signal_connect_object (self->contest, "changed", G_CALLBACK (kalon_compare_page_update), self,
                           G_CONNECT_SWAPPED);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    kalon_contest_set_active (self->contest, TRUE);
  kalon_compare_page_update (self);
}

void
kalon_compare_page_return_to (KalonComparePage *self, KalonResultsModel *model, guint position)
{
  g_return_if_fail (KALON_IS_COMPARE_PAGE (self));

  for (guint i = 0; i < 2; i++)
    if (self->models[i] == model)
      kalon_results_grid_select (kalon_compare_pane_get_grid (self->panes[i]), position);
}
