/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include <string.h>

KalonFilterValue *
kalon_filter_value_new (const char *text)
{
  KalonFilterValue *value = g_new0 (KalonFilterValue, 1);

  value->text = g_strdup (text);
  return value;
}

void
kalon_filter_value_free (KalonFilterValue *value)
{
  if (value == NULL)
    return;
  g_free (value->text);
  g_free (value->key);
  g_free (value->path);
  g_free (value);
}

KalonFilterClause *
kalon_filter_clause_new (KalonFilterKind kind, gboolean negated)
{
  KalonFilterClause *clause = g_new0 (KalonFilterClause, 1);

  clause->kind = kind;
  clause->negated = negated;
  clause->values = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_filter_value_free);
  return clause;
}

void
kalon_filter_clause_free (KalonFilterClause *clause)
{
  g_ptr_array_unref (clause->values);
  g_free (clause);
}

static gpointer
value_copy (gconstpointer data, gpointer user_data)
{
  const KalonFilterValue *value = data;
  KalonFilterValue *copy = g_memdup2 (value, sizeof *value);

  copy->text = g_strdup (value->text);
  copy->key = g_strdup (value->key);
  copy->path = g_strdup (value->path);
  return copy;
}

static KalonFilterClause *
clause_copy (const KalonFilterClause *clause)
{
  KalonFilterClause *copy = g_memdup2 (clause, sizeof *clause);

  copy->values = g_ptr_array_copy (clause->values, value_copy, NULL);
  return copy;
}

KalonFilter *
kalon_filter_new (const GDate *today)
{
  KalonFilter *self = g_new0 (KalonFilter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->today = *today;
  self->clauses = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_filter_clause_free);
  return self;
}

KalonFilter *
kalon_filter_ref (const KalonFilter *self)
{
  KalonFilter *counted = (KalonFilter *) self;

  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&counted->ref_count);
  return counted;
}

void
kalon_filter_unref (KalonFilter *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->clauses);
  g_free (self);
}

static gboolean
needs_quotes (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (*at == ',' || *at == '"' || g_unichar_isspace (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

static void
append_value (GString *line, const char *text)
{
  if (!needs_quotes (text))
    {
      g_string_append (line, text);
      return;
    }
  g_string_append_c (line, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *at);
    }
  g_string_append_c (line, '"');
}

char *
kalon_filter_clause_to_string (const KalonFilterClause *clause)
{
  GString *line;

  g_return_val_if_fail (clause != NULL, NULL);

  line = g_string_new (clause->negated ? "-" : "");
  g_string_append_printf (line, "%s:", kalon_filter_kind_get_name (clause->kind));
  for (guint i = 0; i < clause->values->len; i++)
    {
      const KalonFilterValue *value = g_ptr_array_index (clause->values, i);

      if (i > 0)
        g_string_append_c (line, ',');
      append_value (line, value->text);
    }
  return g_string_free (line, FALSE);
}

char *
kalon_filter_to_string (const KalonFilter *self)
{
  GString *line = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->clauses->len; i++)
    {
      g_autofree char *clause = kalon_filter_clause_to_string (self->clauses->pdata[i]);

      if (i > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, clause);
    }
  return g_string_free (line, FALSE);
}

gboolean
kalon_filter_equal (const KalonFilter *a, const KalonFilter *b)
{
  g_autofree char *a_text = a != NULL ? kalon_filter_to_string (a) : g_strdup ("");
  g_autofree char *b_text = b != NULL ? kalon_filter_to_string (b) : g_strdup ("");

  return g_str_equal (a_text, b_text);
}

guint
kalon_filter_get_n_clauses (const KalonFilter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->clauses->len;
}

const KalonFilterClause *
kalon_filter_get_clause (const KalonFilter *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->clauses->len, NULL);

  return g_ptr_array_index (self->clauses, i);
}

const KalonFilterClause *
kalon_filter_find (const KalonFilter *self, KalonFilterKind kind)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->clauses->len; i++)
    {
      const KalonFilterClause *clause = g_ptr_array_index (self->clauses, i);

      if (clause->kind == kind && !clause->negated)
        return clause;
    }
  return NULL;
}

gboolean
kalon_filter_has (const KalonFilter *self, KalonFilterKind kind)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->clauses->len; i++)
    if (kalon_filter_get_clause (self, i)->kind == kind)
      return TRUE;
  return FALSE;
}

KalonFilter *
kalon_filter_without_clause (const KalonFilter *self, guint i)
{
  KalonFilter *other;

  g_return_val_if_fail (self != NULL && i < self->clauses->len, NULL);

  other = kalon_filter_new (&self->today);
  for (guint j = 0; j < self->clauses->len; j++)
    if (j != i)
      g_ptr_array_add (other->clauses, clause_copy (self->clauses->pdata[j]));
  return other;
}

static gboolean
has_clause (const KalonFilter *self, const KalonFilterClause *clause)
{
  g_autofree char *text = kalon_filter_clause_to_string (clause);

  for (guint i = 0; i < self->clauses->len; i++)
    {
      g_autofree char *own = kalon_filter_clause_to_string (self->clauses->pdata[i]);

      if (g_str_equal (own, text))
        return TRUE;
    }
  return FALSE;
}

KalonFilter *
kalon_filter_with (const KalonFilter *self, const KalonFilter *other)
{
  KalonFilter *both;

  g_return_val_if_fail (self != NULL && other != NULL, NULL);

  both = kalon_filter_new (&self->today);
  for (guint i = 0; i < self->clauses->len; i++)
    g_ptr_array_add (both->clauses, clause_copy (self->clauses->pdata[i]));
  for (guint i = 0; i < other->clauses->len; i++)
    if (!has_clause (both, other->clauses->pdata[i]))
      g_ptr_array_add (both->clauses, clause_copy (other->clauses->pdata[i]));
  return both;
}

KalonFilter *
kalon_filter_with_values (const KalonFilter *self, KalonFilterKind kind, const char *const *values,
                          GDateTime *now, GError **error)
{
  GDate today = kalon_filter_get_today (now);
  g_autoptr (KalonFilter) other = kalon_filter_new (&today);
  KalonFilterClause *clause;
  int place = -1;

  g_return_val_if_fail (self != NULL && values != NULL, NULL);

  for (guint i = 0; i < self->clauses->len; i++)
    {
      const KalonFilterClause *own = self->clauses->pdata[i];

      if (own->kind != kind || own->negated)
        g_ptr_array_add (other->clauses, clause_copy (own));
      else if (place < 0)
        place = (int) other->clauses->len;
    }
  if (values[0] == NULL)
    return g_steal_pointer (&other);
  clause = kalon_filter_clause_new (kind, FALSE);
  g_ptr_array_insert (other->clauses, place, clause);
  for (gsize i = 0; values[i] != NULL; i++)
    {
      KalonFilterValue *value = kalon_filter_value_parse (kind, values[i], &today, error);

      if (value == NULL)
        return NULL;
      g_ptr_array_add (clause->values, value);
    }
  return g_steal_pointer (&other);
}
