/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-question-text.h"
#include "window/kalon-window-private.h"

void
kalon_window_search_like (KalonWindow *self, const char *path)
{
  kalon_window_search_pictures (self, (const char *const[]){ path, NULL });
}

void
kalon_window_search_unlike (KalonWindow *self, const char *path)
{
  if (kalon_search_has_query (self->search))
    kalon_window_add_picture (self, path, -1);
  else
    kalon_window_show_message (self, _ ("Say first what to find, then what it is not like"));
}

void
kalon_window_connect_pictures (KalonWindow *self)
{
  g_signal_connect_object (self->grid, "more-like-this", G_CALLBACK (kalon_window_search_like),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->grid, "not-like-this", G_CALLBACK (kalon_window_search_unlike),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewer, "more-like-this", G_CALLBACK (kalon_window_search_like),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_box, "message", G_CALLBACK (kalon_window_show_message),
                           self, G_CONNECT_SWAPPED);
}

void
kalon_window_search_pictures (KalonWindow *self, const char *const *paths)
{
  guint n_left_out;

  kalon_window_show_viewer (self, FALSE);
  n_left_out = kalon_search_add_pictures (self->search, paths, TRUE);
  if (n_left_out > 0)
    {
      g_autofree char *text = kalon_left_out_to_text (n_left_out);

      kalon_window_show_message (self, text);
    }
}

void
kalon_window_add_picture (KalonWindow *self, const char *path, float weight)
{
  kalon_window_show_viewer (self, FALSE);
  kalon_search_add_term (self->search, KALON_TERM_PICTURE, path, weight);
}
