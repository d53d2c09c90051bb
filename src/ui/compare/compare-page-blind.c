/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "compare/kalon-compare-page-private.h"
#include "search/kalon-question-text.h"

/* (transfer full): another one is another round. */
static char *
dup_query (KalonComparePage *self)
{
  return kalon_question_to_text (kalon_search_get_question (self->search));
}

static void
thaw (KalonComparePage *self)
{
  for (guint place = 0; place < 2; place++)
    g_clear_pointer (&self->frozen[place], kalon_ranking_unref);
  g_clear_pointer (&self->frozen_query, g_free);
}

static void
begin_round (KalonComparePage *self)
{
  thaw (self);
  self->revealed = FALSE;
  self->order[0] = g_random_boolean ();
  self->order[1] = 1 - self->order[0];
  self->place = 0;
}

void
kalon_compare_page_follow_round (KalonComparePage *self)
{
  g_autofree char *query = NULL;

  if (!self->blind)
    return;
  query = dup_query (self);
  if (self->frozen_query != NULL && !g_str_equal (self->frozen_query, query))
    begin_round (self);
  if (self->frozen_query != NULL || kalon_search_is_busy (self->search)
      || kalon_contest_get_state (self->contest, 0) != KALON_CONTEST_READY
      || kalon_contest_get_state (self->contest, 1) != KALON_CONTEST_READY)
    return;
  self->frozen_query = g_steal_pointer (&query);
  for (guint place = 0; place < 2; place++)
    self->frozen[place]
        = kalon_ranking_ref (kalon_contest_get_ranking (self->contest, self->order[place]));
}

void
kalon_compare_page_set_blind (KalonComparePage *self, gboolean blind)
{
  if (self->blind == blind)
    return;
  self->blind = blind;
  if (blind)
    begin_round (self);
  else
    {
      thaw (self);
      self->order[0] = 0;
      self->order[1] = 1;
    }
  kalon_compare_page_update (self);
}

static void
show_tally (KalonComparePage *self, GPtrArray *judgements)
{
  const KalonRival *first = kalon_contest_get_rival (self->contest, 1);
  const KalonRival *second = kalon_contest_get_rival (self->contest, 0);
  g_autofree char *first_key = kalon_rival_dup_key (first);
  g_autofree char *second_key = kalon_rival_dup_key (second);
  g_autofree char *title = kalon_contest_dup_title (first);
  g_autoptr (GString) text = g_string_new (NULL);
  KalonTally tally;
  guint n;

  kalon_judgements_count (judgements, first_key, second_key, &tally);
  n = tally.first + tally.second;
  if (n > 0)
    {
      /* Translators: how often the first of two rankings was judged better, the share, and between
       * which shares the true one lies with 95 % certainty. */
      g_string_append_printf (
          text,
          ngettext ("“%s” was preferred in %u of %u blind test: %.0f %%, 95 %% interval %.0f to "
                    "%.0f %%.",
                    "“%s” was preferred in %u of %u blind tests: %.0f %%, 95 %% interval %.0f to "
                    "%.0f %%.",
                    n),
          title, tally.first, n, 100 * tally.share.mean, 100 * tally.share.low,
          100 * tally.share.high);
    }
  if (tally.neither > 0)
    {
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              ngettext ("In %u no difference could be told.",
                                        "In %u no difference could be told.", tally.neither),
                              tally.neither);
    }
  gtk_label_set_text (self->tally_label, text->str);
}

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonComparePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) judgements = kalon_judgements_list_finish (result, &error);

  if (self->session == NULL)
    return;
  if (judgements != NULL)
    show_tally (self, judgements);
  else
    g_signal_emit_by_name (self, "message", error->message);
}

/* (transfer full) (element-type gint64) */
static GArray *
list_pictures (const KalonRanking *ranking)
{
  GArray *pictures = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < MIN (ranking->results->len, KALON_JUDGEMENT_PICTURES); i++)
    {
      gint64 picture = g_array_index (ranking->results, KalonResult, i).picture;

      g_array_append_val (pictures, picture);
    }
  return pictures;
}

static void
show_verdict (KalonComparePage *self, KalonPreferred preferred)
{
  g_autofree char *left
      = kalon_contest_dup_title (kalon_contest_get_rival (self->contest, self->order[0]));
  g_autofree char *right
      = kalon_contest_dup_title (kalon_contest_get_rival (self->contest, self->order[1]));
  g_autofree char *text = NULL;

  if (preferred == KALON_PREFERRED_NEITHER)
    text = g_strdup_printf (_ ("“%s” stood on the left, “%s” on the right."), left, right);
  else
    text = g_strdup_printf (_ ("You preferred “%s”."),
                            preferred == KALON_PREFERRED_LEFT ? left : right);
  gtk_label_set_text (self->verdict_label, text);
  gtk_label_set_text (self->tally_label, "");
}

void
kalon_compare_page_answer (KalonComparePage *self, KalonPreferred preferred)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  g_autofree char *left
      = kalon_rival_dup_key (kalon_contest_get_rival (self->contest, self->order[0]));
  g_autofree char *right
      = kalon_rival_dup_key (kalon_contest_get_rival (self->contest, self->order[1]));
  g_autoptr (GArray) left_pictures = NULL;
  g_autoptr (GArray) right_pictures = NULL;
  g_autofree char *query = dup_query (self);
  KalonJudgement *judgement;
  KalonAlignment alignment;

  if (!kalon_compare_page_hides (self) || self->frozen[0] == NULL)
    return;
  kalon_search_fill_alignment (self->search, &alignment);
  judgement = kalon_judgement_new (query, left, right, preferred);
  judgement->rephrased = g_strdup (alignment.rephrased);
  judgement->model = g_strdup (services->model_id);
  left_pictures = list_pictures (self->frozen[0]);
  right_pictures = list_pictures (self->frozen[1]);
  kalon_judgements_add_async (services->library_directory, judgement, left_pictures, right_pictures,
                              added_cb, g_object_ref (self));
  self->revealed = TRUE;
  show_verdict (self, preferred);
  kalon_compare_page_update (self);
}

void
kalon_compare_page_update_blind (KalonComparePage *self)
{
  gtk_widget_set_visible (self->blind_bar, self->blind);
  gtk_stack_set_visible_child_name (self->blind_stack, self->revealed ? "answer" : "question");
}
