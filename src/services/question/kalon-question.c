/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "question/kalon-question.h"

KalonQuestion *
kalon_question_new (void)
{
  KalonQuestion *self = g_new (KalonQuestion, 1);

  *self = (KalonQuestion){
    .text = g_strdup (""),
    .terms = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_term_free),
    .filter = g_strdup (""),
    .strictness = KALON_STRICTNESS_OF_MODEL,
  };
  return self;
}

KalonQuestion *
kalon_question_copy (const KalonQuestion *self)
{
  KalonQuestion *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = kalon_question_new ();
  kalon_question_set_text (copy, self->text);
  kalon_question_set_filter (copy, self->filter);
  copy->strictness = self->strictness;
  for (guint i = 0; i < self->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (self->terms, i);

      g_ptr_array_add (copy->terms, kalon_term_new (term->kind, term->value, term->weight));
    }
  return copy;
}

void
kalon_question_free (KalonQuestion *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_ptr_array_unref (self->terms);
  g_free (self->filter);
  g_free (self);
}

static void
set_stripped (char **place, const char *text)
{
  char *stripped = g_strstrip (g_strdup (text));

  g_free (*place);
  *place = stripped;
}

void
kalon_question_set_text (KalonQuestion *self, const char *text)
{
  g_return_if_fail (self != NULL && text != NULL);
  set_stripped (&self->text, text);
}

void
kalon_question_set_filter (KalonQuestion *self, const char *filter)
{
  g_return_if_fail (self != NULL && filter != NULL);
  set_stripped (&self->filter, filter);
}

static gboolean
is_value (const KalonTerm *term, KalonTermKind kind, const char *value)
{
  g_autofree char *a = NULL, *b = NULL;

  if (term->kind != kind)
    return FALSE;
  if (kind == KALON_TERM_PICTURE)
    return g_str_equal (term->value, value);
  a = g_utf8_casefold (term->value, -1);
  b = g_utf8_casefold (value, -1);
  return g_str_equal (a, b);
}

void
kalon_question_add_term (KalonQuestion *self, KalonTermKind kind, const char *value, float weight)
{
  g_autofree char *stripped = NULL;

  g_return_if_fail (self != NULL && value != NULL);
  g_return_if_fail (weight != 0);

  /* A file name may begin or end with a blank. */
  stripped = kind == KALON_TERM_TEXT ? g_strstrip (g_strdup (value)) : g_strdup (value);
  if (stripped[0] == '\0')
    return;
  for (guint i = 0; i < self->terms->len; i++)
    {
      KalonTerm *term = g_ptr_array_index (self->terms, i);

      if (is_value (term, kind, stripped))
        {
          g_free (term->value);
          term->value = g_steal_pointer (&stripped);
          term->weight = weight;
          return;
        }
    }
  g_ptr_array_add (self->terms, kalon_term_new (kind, stripped, weight));
}

gboolean
kalon_question_is_empty (const KalonQuestion *self)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return self->text[0] == '\0' && self->terms->len == 0 && self->filter[0] == '\0';
}

gboolean
kalon_question_equal (const KalonQuestion *a, const KalonQuestion *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (!g_str_equal (a->text, b->text) || !g_str_equal (a->filter, b->filter)
      || a->terms->len != b->terms->len)
    return FALSE;
  for (guint i = 0; i < a->terms->len; i++)
    {
      const KalonTerm *x = g_ptr_array_index (a->terms, i);
      const KalonTerm *y = g_ptr_array_index (b->terms, i);

      if (x->kind != y->kind || x->weight != y->weight || !g_str_equal (x->value, y->value))
        return FALSE;
    }
  return TRUE;
}

KalonQuery *
kalon_question_create_query (const KalonQuestion *self)
{
  KalonQuery *query;

  g_return_val_if_fail (self != NULL, NULL);

  query = kalon_query_new ();
  if (self->text[0] != '\0')
    kalon_query_add_term (query, KALON_TERM_TEXT, self->text, 1);
  for (guint i = 0; i < self->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (self->terms, i);

      kalon_query_add_term (query, term->kind, term->value, term->weight);
    }
  kalon_query_set_limit (query, 0);
  kalon_query_set_strictness (query, self->strictness);
  return query;
}
