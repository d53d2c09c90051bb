/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compare/kalon-contest.h"
#include "search/kalon-question-text.h"

typedef struct
{
  KalonRival *rival;
  KalonRanking *ranking; /* (nullable) */
  char *query;           /* (nullable): that @ranking is of */
  char *problem;         /* (nullable) */

  /* Of a ranking that the search itself does not make: */
  KalonResults *asked;       /* (nullable): that were on screen when it was asked for */
  GCancellable *cancellable; /* while it is on its way */
} Side;

struct _KalonContest
{
  GObject parent_instance;

  KalonSearch *search;
  KalonRivals *rivals;
  GPtrArray *list; /* KalonRival */
  gboolean active;
  Side sides[2];
};

G_DEFINE_FINAL_TYPE (KalonContest, kalon_contest, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
stop_asking (Side *side)
{
  if (side->cancellable != NULL)
    g_cancellable_cancel (side->cancellable);
  g_clear_object (&side->cancellable);
  g_clear_pointer (&side->asked, kalon_results_unref);
}

static void
clear_answer (Side *side)
{
  g_clear_pointer (&side->ranking, kalon_ranking_unref);
  g_clear_pointer (&side->query, g_free);
  g_clear_pointer (&side->problem, g_free);
}

static void
fail (Side *side, const char *problem)
{
  clear_answer (side);
  side->problem = g_strdup (problem);
}

static void
take (KalonContest *self, Side *side, const KalonResults *results)
{
  g_autoptr (KalonRanking) ranking = NULL;

  /* The search tells of much that leaves its results what they are. */
  if (side->ranking != NULL
      && side->ranking->results == kalon_rival_peek_results (side->rival, results))
    return;
  ranking = kalon_rival_dup_ranking (side->rival, results);
  clear_answer (side);
  side->ranking = g_steal_pointer (&ranking);
  side->query = kalon_question_to_text (kalon_search_get_question (self->search));
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonContest) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonResults) results
      = kalon_searcher_search_finish (KALON_SEARCHER (object), result, &error);
  Side *side = NULL;

  for (guint i = 0; i < 2; i++)
    if (self->sides[i].cancellable != NULL
        && self->sides[i].cancellable == g_task_get_cancellable (G_TASK (result)))
      side = &self->sides[i];
  /* What nobody waits for any more. */
  if (side == NULL)
    return;
  g_clear_object (&side->cancellable);
  if (results == NULL)
    fail (side, error->message);
  else if (results->n_candidates == 0 && results->n_pictures > 0
           && side->rival->kind == KALON_RIVAL_MODEL)
    {
      g_autofree char *problem = g_strdup_printf (
          _ ("No picture is indexed for the model “%s”. To index the library for it as well, "
             "choose it as the model that is searched with, or run “kalon-cli --model %s index”."),
          side->rival->name, side->rival->name);

      fail (side, problem);
    }
  else
    take (self, side, results);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* For the query at hand, whose results are @results, once. */
static void
ask (KalonContest *self, Side *side, KalonResults *results)
{
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonQuery) query = NULL;
  KalonAlignment alignment;

  if (side->asked == results)
    return;
  stop_asking (side);
  if (side->rival->kind != KALON_RIVAL_MODEL && kalon_search_waits_for_words (self->search))
    return;
  searcher = kalon_rivals_get_searcher (self->rivals, side->rival);
  query = kalon_search_create_query (self->search);
  kalon_search_fill_alignment (self->search, &alignment);
  kalon_rival_prepare (side->rival, query, &alignment);
  side->asked = kalon_results_ref (results);
  side->cancellable = g_cancellable_new ();
  kalon_searcher_search_async (searcher, query, side->cancellable, answered_cb,
                               g_object_ref (self));
}

static void
follow_side (KalonContest *self, Side *side)
{
  KalonResults *results = kalon_search_get_results (self->search);
  const char *problem = kalon_search_get_alignment_problem (self->search);
  g_autofree char *query = kalon_question_to_text (kalon_search_get_question (self->search));

  if (results == NULL)
    {
      stop_asking (side);
      fail (side, kalon_search_get_error (self->search));
      return;
    }
  /* Another query is under way: what is here goes when its own answer is there. */
  if (g_strcmp0 (side->query, query) != 0 && !kalon_search_is_busy (self->search))
    clear_answer (side);
  switch (side->rival->kind)
    {
    case KALON_RIVAL_BASELINE:
      take (self, side, results);
      break;
    case KALON_RIVAL_ALIGNED:
      if (results->aligned != NULL)
        take (self, side, results);
      else
        fail (side, problem);
      break;
    case KALON_RIVAL_REPHRASED:
    case KALON_RIVAL_MODEL:
    case KALON_RIVAL_PROFILE:
      if (!kalon_search_is_busy (self->search))
        ask (self, side, results);
      break;
    }
}

static void
follow (KalonContest *self)
{
  if (!self->active)
    return;
  for (guint i = 0; i < 2; i++)
    follow_side (self, &self->sides[i]);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonContest) self = user_data;
  GPtrArray *list = kalon_rivals_list_finish (KALON_RIVALS (object), result, NULL);

  g_ptr_array_unref (self->list);
  self->list = list;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Models and profiles come and go. */
static void
list_rivals (KalonContest *self)
{
  kalon_rivals_list_async (self->rivals, NULL, listed_cb, g_object_ref (self));
}

static void
model_changed_cb (KalonContest *self)
{
  if (self->active)
    list_rivals (self);
}

static void
kalon_contest_dispose (GObject *object)
{
  KalonContest *self = KALON_CONTEST (object);

  for (guint i = 0; i < 2; i++)
    {
      stop_asking (&self->sides[i]);
      clear_answer (&self->sides[i]);
    }
  g_clear_object (&self->search);
  g_clear_object (&self->rivals);
  G_OBJECT_CLASS (kalon_contest_parent_class)->dispose (object);
}

static void
kalon_contest_finalize (GObject *object)
{
  KalonContest *self = KALON_CONTEST (object);

  for (guint i = 0; i < 2; i++)
    kalon_rival_free (self->sides[i].rival);
  g_ptr_array_unref (self->list);
  G_OBJECT_CLASS (kalon_contest_parent_class)->finalize (object);
}

static void
kalon_contest_class_init (KalonContestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kalon_contest_dispose;
  object_class->finalize = kalon_contest_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_contest_init (KalonContest *self)
{
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_rival_free);
  for (KalonRivalKind kind = KALON_RIVAL_BASELINE; kind <= KALON_RIVAL_ALIGNED; kind++)
    g_ptr_array_add (self->list, kalon_rival_new (kind, NULL, NULL));
  self->sides[0].rival = kalon_rival_new (KALON_RIVAL_BASELINE, NULL, NULL);
  self->sides[1].rival = kalon_rival_new (KALON_RIVAL_ALIGNED, NULL, NULL);
}

KalonContest *
kalon_contest_new (KalonSession *session)
{
  KalonContest *self;

  g_return_val_if_fail (KALON_IS_SESSION (session), NULL);

  self = g_object_new (KALON_TYPE_CONTEST, NULL);
  self->search = g_object_ref (kalon_session_get_search (session));
  self->rivals = g_object_ref (kalon_session_get_services (session)->rivals);
  g_signal_connect_object (self->search, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changed", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

void
kalon_contest_set_active (KalonContest *self, gboolean active)
{
  g_return_if_fail (KALON_IS_CONTEST (self));

  if (self->active == active)
    return;
  self->active = active;
  kalon_search_set_both (self->search, active);
  if (!active)
    return;
  list_rivals (self);
  follow (self);
}

GPtrArray *
kalon_contest_get_rivals (KalonContest *self)
{
  g_return_val_if_fail (KALON_IS_CONTEST (self), NULL);
  return self->list;
}

void
kalon_contest_choose (KalonContest *self, guint side, const KalonRival *rival)
{
  g_return_if_fail (KALON_IS_CONTEST (self));
  g_return_if_fail (side < 2 && rival != NULL);

  if (kalon_rival_equal (self->sides[side].rival, rival))
    return;
  /* Compared with itself it would only be equal. */
  if (kalon_rival_equal (self->sides[1 - side].rival, rival))
    {
      kalon_contest_swap (self);
      return;
    }
  stop_asking (&self->sides[side]);
  clear_answer (&self->sides[side]);
  kalon_rival_free (self->sides[side].rival);
  self->sides[side].rival = kalon_rival_copy (rival);
  follow (self);
}

void
kalon_contest_swap (KalonContest *self)
{
  Side first;

  g_return_if_fail (KALON_IS_CONTEST (self));

  first = self->sides[0];
  self->sides[0] = self->sides[1];
  self->sides[1] = first;
  g_signal_emit (self, signals[CHANGED], 0);
}

const KalonRival *
kalon_contest_get_rival (KalonContest *self, guint side)
{
  g_return_val_if_fail (KALON_IS_CONTEST (self) && side < 2, NULL);
  return self->sides[side].rival;
}

KalonContestState
kalon_contest_get_state (KalonContest *self, guint side)
{
  g_return_val_if_fail (KALON_IS_CONTEST (self) && side < 2, KALON_CONTEST_FAILED);

  if (self->sides[side].ranking != NULL)
    return KALON_CONTEST_READY;
  return self->sides[side].problem != NULL ? KALON_CONTEST_FAILED : KALON_CONTEST_WAITING;
}

KalonRanking *
kalon_contest_get_ranking (KalonContest *self, guint side)
{
  g_return_val_if_fail (KALON_IS_CONTEST (self) && side < 2, NULL);
  return self->sides[side].ranking;
}

const char *
kalon_contest_get_problem (KalonContest *self, guint side)
{
  g_return_val_if_fail (KALON_IS_CONTEST (self) && side < 2, NULL);
  return self->sides[side].problem;
}

char *
kalon_contest_dup_title (const KalonRival *rival)
{
  g_return_val_if_fail (rival != NULL, NULL);

  switch (rival->kind)
    {
    case KALON_RIVAL_BASELINE:
      return g_strdup (_ ("Baseline"));
    case KALON_RIVAL_REPHRASED:
      return g_strdup (_ ("Rephrased Words Alone"));
    case KALON_RIVAL_ALIGNED:
      return g_strdup (_ ("Aligned"));
    case KALON_RIVAL_MODEL:
      /* Translators: a ranking by another model; its name follows. */
      return g_strdup_printf (_ ("Model %s"), rival->name);
    case KALON_RIVAL_PROFILE:
      /* Translators: a ranking by another profile of the user's taste; its name follows. */
      return g_strdup_printf (_ ("Profile %s"), rival->name);
    default:
      g_return_val_if_reached (NULL);
    }
}
