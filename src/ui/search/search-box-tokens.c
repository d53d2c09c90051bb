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

int
kalon_search_box_get_n_tokens (KalonSearchBox *self)
{
  return (int) kalon_search_get_question (self->search)->terms->len;
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
remove_cb (KalonSearchBox *self, gboolean backwards, GtkWidget *token)
{
  int position = find_position (self, token);

  kalon_search_remove_term (self->search, (guint) position);
  kalon_search_box_focus_token (self, backwards ? MAX (position - 1, 0) : position);
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
  GtkWidget *token = gtk_widget_get_first_child (self->tokens);

  for (guint i = 0; i < terms->len; i++)
    {
      if (token == NULL)
        token = append_token (self);
      kalon_query_token_set_term (KALON_QUERY_TOKEN (token), g_ptr_array_index (terms, i));
      token = gtk_widget_get_next_sibling (token);
    }
  while (token != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (token);

      gtk_box_remove (GTK_BOX (self->tokens), token);
      token = next;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->scroller), terms->len > 0);
}
