/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-search-box-private.h"

/* What the entry has in it. */
typedef struct
{
  KalonFilter *filter;
  char *rest;           /* without filters */
  KalonQuestion *parts; /* of @rest: words and terms */
} Typed;

static void
typed_clear (Typed *typed)
{
  kalon_filter_unref (typed->filter);
  g_free (typed->rest);
  kalon_question_free (typed->parts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static Typed
read_typed (const char *text)
{
  Typed typed = { .parts = kalon_question_new () };

  typed.filter = kalon_filter_extract (text, NULL, &typed.rest);
  kalon_question_read_typed (typed.parts, typed.rest);
  return typed;
}

/* Takes the last word off if it is the beginning of a filter: "lake date:20". */
static void
drop_unfinished_filter (char *text)
{
  char *blank = strrchr (text, ' ');
  char *word = blank != NULL ? blank + 1 : text;

  for (guint kind = 0; kind < KALON_N_FILTER_KINDS; kind++)
    {
      const char *name = kalon_filter_kind_get_name (kind);

      if (g_ascii_strncasecmp (word, name, strlen (name)) == 0 && word[strlen (name)] == ':')
        {
          *(blank != NULL ? blank : text) = '\0';
          return;
        }
    }
}

static void
add_filter (KalonSearchBox *self, KalonQuestion *question, KalonFilter *filter)
{
  KalonFilter *before = kalon_search_get_filter (self->search);
  g_autoptr (KalonFilter) both
      = before != NULL ? kalon_filter_with (before, filter) : kalon_filter_ref (filter);
  g_autofree char *text = kalon_filter_to_string (both);

  kalon_question_set_filter (question, text);
}

static gboolean
ends_with_blank (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && g_ascii_isspace (text[length - 1]);
}

static gboolean
take_filters (gpointer user_data)
{
  KalonSearchBox *self = user_data;
  g_auto (Typed) typed = read_typed (gtk_editable_get_text (self->entry));
  g_autoptr (KalonQuestion) question
      = kalon_question_copy (kalon_search_get_question (self->search));
  g_autofree char *rest
      = typed.rest[0] != '\0' ? g_strconcat (typed.rest, " ", NULL) : g_strdup ("");

  self->filters_id = 0;
  kalon_question_set_text (question, typed.parts->text);
  add_filter (self, question, typed.filter);
  kalon_search_box_show_words (self, rest);
  kalon_search_box_set_shown (self, question->text);
  kalon_search_set_question (self->search, question);
  return G_SOURCE_REMOVE;
}

void
kalon_search_box_follow_typing (KalonSearchBox *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  g_auto (Typed) typed = read_typed (text);

  g_clear_handle_id (&self->filters_id, g_source_remove);
  /* A blank says that the filter is whole. GtkSearchEntry 4.8 loses count of its timeouts when the
   * text changes while it says that it has. */
  if (kalon_filter_get_n_clauses (typed.filter) > 0 && ends_with_blank (text))
    {
      self->filters_id = g_idle_add (take_filters, self);
      return;
    }
  drop_unfinished_filter (typed.parts->text);
  kalon_search_box_set_shown (self, typed.parts->text);
  kalon_search_set_text (self->search, typed.parts->text);
}

gboolean
kalon_search_box_take_typed (KalonSearchBox *self)
{
  g_auto (Typed) typed = read_typed (gtk_editable_get_text (self->entry));
  const GPtrArray *terms = typed.parts->terms;
  gboolean has_parts = terms->len > 0 || kalon_filter_get_n_clauses (typed.filter) > 0;
  g_autoptr (KalonQuestion) question
      = kalon_question_copy (kalon_search_get_question (self->search));

  kalon_question_set_text (question, typed.parts->text);
  for (guint i = 0; i < terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (terms, i);

      kalon_question_add_term (question, term->kind, term->value, term->weight);
    }
  add_filter (self, question, typed.filter);
  if (has_parts)
    kalon_search_box_show_words (self, question->text);
  kalon_search_box_set_shown (self, question->text);
  kalon_search_set_question (self->search, question);
  return has_parts;
}
