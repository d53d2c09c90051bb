/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "compare/kalon-compare-page-private.h"

static void
show_message (KalonComparePage *self, const char *icon, const char *title, const char *text,
              gboolean search)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (self->message_page, icon);
  adw_status_page_set_title (self->message_page, title);
  adw_status_page_set_description (self->message_page, escaped);
  gtk_widget_set_visible (self->search_button, search);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
update_figure (KalonComparePage *self, guint pane, guint place)
{
  KalonRanking *ranking = kalon_compare_page_get_ranking (self, place);
  guint k = kalon_compare_page_get_k (self);
  g_autofree char *text = NULL;
  double mean;

  mean = ranking != NULL && !kalon_compare_page_hides (self)
             ? kalon_ranking_get_mean_aesthetic (ranking, k)
             : NAN;
  if (isnan (mean))
    {
      kalon_compare_pane_set_figure (self->panes[pane], "", NULL);
      return;
    }
  /* Translators: how good the pictures at the top of a ranking look to a model, about 0 to 10. */
  text = g_strdup_printf (_ ("Mean aesthetic score %.2f"), mean);
  kalon_compare_pane_set_figure (
      self->panes[pane], text,
      _ ("Mean of the top pictures’ aesthetic scores, about 0 to 10. It is the score that the "
         "aligned ranking itself adds: it says what that did, and not that it looks better."));
}

static void
show_absence (KalonComparePage *self, guint pane, guint place)
{
  guint side = self->order[place];

  /* Which of them is late, or fails, would tell. */
  if (kalon_compare_page_hides (self))
    {
      if (kalon_contest_get_state (self->contest, 0) == KALON_CONTEST_FAILED
          || kalon_contest_get_state (self->contest, 1) == KALON_CONTEST_FAILED)
        kalon_compare_pane_show_problem (
            self->panes[pane], _ ("Nothing to Compare"),
            _ ("One of the two rankings cannot be made. Turn the blind test off to see why."));
      else
        kalon_compare_pane_show_waiting (self->panes[pane], _ ("Waiting for both rankings…"));
    }
  else if (kalon_contest_get_state (self->contest, side) == KALON_CONTEST_FAILED)
    kalon_compare_pane_show_problem (self->panes[pane], _ ("Cannot Be Ranked So"),
                                     kalon_contest_get_problem (self->contest, side));
  else if (kalon_search_waits_for_words (self->search))
    kalon_compare_pane_show_waiting (self->panes[pane], _ ("Waiting for the rephrased words…"));
  else
    kalon_compare_pane_show_waiting (self->panes[pane], _ ("Ranking…"));
}

static void
update_pane (KalonComparePage *self, guint pane)
{
  guint place = kalon_compare_page_get_place (self, pane);
  KalonRanking *ranking = kalon_compare_page_get_ranking (self, place);
  KalonRanking *other = kalon_compare_page_get_ranking (self, 1 - place);
  gboolean hides = kalon_compare_page_hides (self);
  const KalonRival *rival = kalon_contest_get_rival (self->contest, self->order[place]);
  g_autofree char *title = kalon_compare_page_dup_title (self, place);
  g_autofree char *other_title = kalon_compare_page_dup_title (self, 1 - place);
  g_autofree char *key = kalon_rival_dup_key (rival);

  kalon_compare_pane_set_title (self->panes[pane], title, !self->blind);
  if (!self->blind)
    kalon_compare_pane_set_rivals (self->panes[pane], kalon_contest_get_rivals (self->contest),
                                   key);
  update_figure (self, pane, place);
  if (ranking == NULL || (hides && other == NULL))
    {
      show_absence (self, pane, place);
      return;
    }
  kalon_results_model_set_plain (self->models[pane], hides);
  kalon_results_model_set_other (self->models[pane], hides ? NULL : other, other_title);
  kalon_results_model_set_ranking (self->models[pane], ranking->results,
                                   kalon_search_get_text (self->search));
  if (ranking->results->len > 0)
    kalon_compare_pane_show_pictures (self->panes[pane]);
  else
    kalon_compare_pane_show_problem (self->panes[pane], _ ("No Results"),
                                     _ ("Try other words, or a lower strictness."));
}

static void
update_overlap (KalonComparePage *self)
{
  KalonRanking *left = kalon_compare_page_get_ranking (self, 0);
  KalonRanking *right = kalon_compare_page_get_ranking (self, 1);
  g_autofree char *text = NULL;
  guint n = 0, common = 0;

  if (left != NULL && right != NULL)
    common = kalon_ranking_count_common (left, right, kalon_compare_page_get_k (self), &n);
  if (n > 0 && self->narrow)
    /* Translators: the same where there is little room. */
    text = g_strdup_printf (_ ("%u of %u"), common, n);
  else if (n > 0)
    /* Translators: of the top pictures of two rankings, how many are in both. */
    text = g_strdup_printf (ngettext ("%u of %u in common", "%u of %u in common", n), common, n);
  gtk_label_set_text (self->overlap_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->legend_label, !self->narrow && !kalon_compare_page_hides (self));
}

/* The switch between the two, where one is shown. */
static void
update_flip_bar (KalonComparePage *self)
{
  for (guint place = 0; place < 2; place++)
    {
      g_autofree char *title = kalon_compare_page_dup_title (self, place);
      GtkWidget *label = gtk_button_get_child (GTK_BUTTON (self->place_buttons[place]));

      gtk_label_set_text (GTK_LABEL (label), title);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->place_buttons[place]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    }
  gtk_toggle_button_set_active (self->place_buttons[self->place], TRUE);
  gtk_widget_set_visible (self->flip_bar, kalon_compare_page_is_single (self));
}

static void
update_actions (KalonComparePage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean shown = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "panes") == 0;
  gboolean complete = kalon_compare_page_get_ranking (self, 0) != NULL
                      && kalon_compare_page_get_ranking (self, 1) != NULL;
  gboolean asks = shown && kalon_compare_page_hides (self) && self->frozen[0] != NULL;
  gboolean exports = shown && complete && !kalon_compare_page_hides (self);

  gtk_widget_action_set_enabled (widget, "compare.flip", shown);
  gtk_widget_action_set_enabled (widget, "compare.swap", shown && !self->blind);
  gtk_widget_action_set_enabled (widget, "compare.answer-left", asks);
  gtk_widget_action_set_enabled (widget, "compare.answer-neither", asks);
  gtk_widget_action_set_enabled (widget, "compare.answer-right", asks);
  gtk_widget_action_set_enabled (widget, "compare.export-png", exports);
  gtk_widget_action_set_enabled (widget, "compare.export-html", exports);
}

/* Whoever came here by a key goes on in the pictures, unless she has begun to type. */
static void
give_focus (KalonComparePage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (self->awaits_focus && root != NULL && !GTK_IS_TEXT (focus))
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
update_panes (KalonComparePage *self)
{
  gboolean single = kalon_compare_page_is_single (self);

  if (!single && !gtk_widget_get_visible (GTK_WIDGET (self->panes[1])))
    {
      self->leader = 0;
      self->scroll_wanted = TRUE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->panes[1]), !single);
  gtk_widget_set_visible (self->mode_box, !self->narrow);
  gtk_toggle_button_set_active (single ? self->flip_button : self->both_button, TRUE);
  gtk_toggle_button_set_active (self->blind_button, self->blind);
  update_flip_bar (self);
  for (guint pane = 0; pane < (single ? 1 : 2); pane++)
    update_pane (self, pane);
  update_overlap (self);
  kalon_compare_page_update_blind (self);
  kalon_compare_page_update_link (self);
  kalon_compare_page_update_rows (self);
  give_focus (self);
}

void
kalon_compare_page_update (KalonComparePage *self)
{
  if (self->contest == NULL)
    return;
  if (kalon_session_get_services (self->session)->searcher == NULL)
    show_message (self, "dialog-error-symbolic", _ ("Nothing to Compare With"),
                  kalon_session_get_services (self->session)->model_problem, FALSE);
  else if (!kalon_search_has_query (self->search))
    show_message (self, "view-dual-symbolic", _ ("Search for Something to Compare"),
                  _ ("Here the ranking of your words as typed stands beside the aligned one, or "
                     "beside any other."),
                  TRUE);
  else
    {
      kalon_compare_page_follow_round (self);
      gtk_stack_set_visible_child_name (self->stack, "panes");
      update_panes (self);
    }
  update_actions (self);
}
