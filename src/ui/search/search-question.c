/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-search-private.h"

void
kalon_search_ask (KalonSearch *self)
{
  self->show_all = FALSE;
  kalon_search_run (self, FALSE);
}

void
kalon_search_set_text (KalonSearch *self, const char *text)
{
  g_autofree char *before = NULL;

  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (text != NULL);

  before = g_strdup (self->question->text);
  kalon_question_set_text (self->question, text);
  if (!g_str_equal (self->question->text, before))
    kalon_search_ask (self);
}

const char *
kalon_search_get_text (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->question->text;
}

const KalonQuestion *
kalon_search_get_question (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->question;
}

/* @filter: (nullable) */
static void
take_filter (KalonSearch *self, KalonFilter *filter)
{
  g_autofree char *text = NULL;

  if (filter != NULL && kalon_filter_get_n_clauses (filter) > 0)
    kalon_filter_ref (filter);
  else
    filter = NULL;
  g_clear_pointer (&self->filter, kalon_filter_unref);
  self->filter = filter;
  text = filter != NULL ? kalon_filter_to_string (filter) : g_strdup ("");
  kalon_question_set_filter (self->question, text);
  g_signal_emit_by_name (self, "filter-changed");
}

void
kalon_search_set_filter (KalonSearch *self, KalonFilter *filter)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  if (kalon_filter_equal (self->filter, filter))
    return;
  take_filter (self, filter);
  kalon_search_ask (self);
}

KalonFilter *
kalon_search_get_filter (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->filter;
}

gsize
kalon_search_get_n_filtered (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), 0);
  return self->n_filtered;
}

void
kalon_search_set_question (KalonSearch *self, const KalonQuestion *question)
{
  KalonQuestion *before;
  g_autoptr (KalonFilter) filter = NULL;

  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (question != NULL);

  if (kalon_question_equal (self->question, question))
    {
      kalon_search_set_strictness (self, question->strictness);
      return;
    }
  before = self->question;
  self->question = kalon_question_copy (question);
  if (self->question->strictness != before->strictness)
    g_object_notify (G_OBJECT (self), "strictness");
  kalon_question_free (before);
  /* One that was kept by a newer Kalon may not be understood. */
  filter = kalon_filter_parse (self->question->filter, NULL, NULL);
  if (!kalon_filter_equal (self->filter, filter))
    take_filter (self, filter);
  kalon_search_ask (self);
}

void
kalon_search_add_term (KalonSearch *self, KalonTermKind kind, const char *value, float weight)
{
  g_autoptr (KalonQuestion) before = NULL;

  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (value != NULL);

  before = kalon_question_copy (self->question);
  kalon_question_add_term (self->question, kind, value, weight);
  if (!kalon_question_equal (self->question, before))
    kalon_search_ask (self);
}

static gboolean
ask_changed (gpointer user_data)
{
  KalonSearch *self = user_data;

  self->change_id = 0;
  kalon_search_ask (self);
  return G_SOURCE_REMOVE;
}

void
kalon_search_change_term (KalonSearch *self, guint position, const char *value, float weight)
{
  KalonTerm *term;

  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (position < self->question->terms->len);
  g_return_if_fail (weight != 0);

  term = g_ptr_array_index (self->question->terms, position);
  if (term->weight == weight && (value == NULL || g_str_equal (term->value, value)))
    return;
  term->weight = weight;
  if (value != NULL)
    {
      char *copy = g_strdup (value);

      g_free (term->value);
      term->value = copy;
    }
  g_clear_handle_id (&self->change_id, g_source_remove);
  self->change_id = g_timeout_add (KALON_SEARCH_WEIGHT_DELAY_MS, ask_changed, self);
  kalon_search_emit_changed (self);
}

void
kalon_search_remove_term (KalonSearch *self, guint position)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (position < self->question->terms->len);

  g_ptr_array_remove_index (self->question->terms, position);
  kalon_search_ask (self);
}

guint
kalon_search_add_pictures (KalonSearch *self, const char *const *paths, gboolean instead)
{
  g_autoptr (KalonQuestion) question = NULL;
  guint n = 0, n_left_out = 0;

  g_return_val_if_fail (KALON_IS_SEARCH (self), 0);
  g_return_val_if_fail (paths != NULL, 0);

  question = instead ? kalon_question_new () : kalon_question_copy (self->question);
  question->strictness = self->question->strictness;
  for (; paths[n] != NULL && n < KALON_SEARCH_MAX_PICTURES; n++)
    kalon_question_add_term (question, KALON_TERM_PICTURE, paths[n], 1);
  while (paths[n + n_left_out] != NULL)
    n_left_out++;
  kalon_search_set_question (self, question);
  return n_left_out;
}
