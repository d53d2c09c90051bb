/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-query-token.h"
#include "search/kalon-search-box-private.h"

static int
find_position (KalonSearchBox *self, GtkWidget *token)
{
  int position = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self->tokens); child != token;
       child = gtk_widget_get_next_sibling (child))
    position++;
  return position;
}

static guint
get_n_terms (KalonSearchBox *self)
{
  return kalon_search_get_question (self->search)->terms->len;
}

static guint
get_n_clauses (KalonSearchBox *self)
{
  const KalonFilter *filter = kalon_search_get_filter (self->search);

  return filter != NULL ? kalon_filter_get_n_clauses (filter) : 0;
}

int
kalon_search_box_get_n_tokens (KalonSearchBox *self)
{
  return (int) (get_n_terms (self) + get_n_clauses (self));
}

void
kalon_search_box_focus_token (KalonSearchBox *self, int position)
{
  GtkWidget *token = position >= 0 ? gtk_widget_get_first_child (self->tokens) : NULL;

  for (int i = 0; token != NULL && i < position; i++)
    token = gtk_widget_get_next_sibling (token);
  if (token != NULL)
    gtk_widget_grab_focus (token);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
changed_cb (KalonSearchBox *self, const char *value, double weight, GtkWidget *token)
{
  kalon_search_change_term (self->search, (guint) find_position (self, token), value,
                            (float) weight);
}

static void
remove_clause (KalonSearchBox *self, guint i)
{
  g_autoptr (KalonFilter) filter
      = kalon_filter_without_clause (kalon_search_get_filter (self->search), i);

  kalon_search_set_filter (self->search, filter);
}

static void
remove_cb (KalonSearchBox *self, gboolean backwards, GtkWidget *token)
{
  int position = find_position (self, token);
  guint n_terms = get_n_terms (self);

  if ((guint) position < n_terms)
    kalon_search_remove_term (self->search, (guint) position);
  else
    remove_clause (self, (guint) position - n_terms);
  kalon_search_box_focus_token (self, backwards ? MAX (position - 1, 0) : position);
}

/* A clause is edited where it was typed. */
static void
edit_cb (KalonSearchBox *self, GtkWidget *token)
{
  guint i = (guint) find_position (self, token) - get_n_terms (self);
  g_autofree char *clause = kalon_filter_clause_to_string (
      kalon_filter_get_clause (kalon_search_get_filter (self->search), i));
  const char *text = gtk_editable_get_text (self->entry);
  g_autofree char *longer
      = text[0] != '\0' ? g_strdup_printf ("%s %s", text, clause) : g_strdup (clause);

  remove_clause (self, i);
  self->filling = TRUE;
  gtk_editable_set_text (self->entry, longer);
  self->filling = FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_editable_set_position (self->entry, -1);
}

static void
go_cb (KalonSearchBox *self, int step, GtkWidget *token)
{
  int position = find_position (self, token) + step;

  if (position < 0)
    return;
  kalon_search_box_focus_token (self, position);
  /* Behind the last token is where the words begin. */
  if (position == kalon_search_box_get_n_tokens (self))
    gtk_editable_set_position (self->entry, 0);
}

static GtkWidget *
append_token (KalonSearchBox *self)
{
  GtkWidget *token = kalon_query_token_new ();

  g_signal_connect_object (token, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (token, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (token, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (token, "go", G_CALLBACK (go_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->tokens), token);
  self->scroll_to_end = TRUE;
  return token;
}

void
kalon_search_box_update_tokens (KalonSearchBox *self)
{
  const GPtrArray *terms = kalon_search_get_question (self->search)->terms;
  const KalonFilter *filter = kalon_search_get_filter (self->search);
  guint n_clauses = get_n_clauses (self);
  GtkWidget *token = gtk_widget_get_first_child (self->tokens);

  for (guint i = 0; i < terms->len + n_clauses; i++)
    {
      if (token == NULL)
        token = append_token (self);
      if (i < terms->len)
        kalon_query_token_set_term (KALON_QUERY_TOKEN (token), g_ptr_array_index (terms, i));
      else
        kalon_query_token_set_clause (KALON_QUERY_TOKEN (token),
                                      kalon_filter_get_clause (filter, i - terms->len));
      token = gtk_widget_get_next_sibling (token);
    }
  while (token != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (token);

      gtk_box_remove (GTK_BOX (self->tokens), token);
      token = next;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->scroller), terms->len + n_clauses > 0);
}
