/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison/kalon-comparison-private.h"

#include <glib/gstdio.h>
#include <math.h>

/* Thumbnails are small and come from JPEG files mostly: less would show. */
#define QUALITY 88

static const char head[]
    = "<!DOCTYPE html>\n"
      "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\"/>\n"
      "<title>%s</title>\n"
      "<style>\n"
      ":root { color-scheme: light dark; --paper: #fafafa; --ink: #1e1e1e; --faint: #5e5e5e;\n"
      "  --line: #d8d8d8; --ground: #ebebeb; --up: #17733a; --down: #9a3f0d; --only: #334da6; }\n"
      "@media (prefers-color-scheme: dark) { :root { --paper: #1e1e1e; --ink: #f0f0f0;\n"
      "  --faint: #a8a8a8; --line: #3c3c3c; --ground: #2b2b2b; --up: #7bd89b; --down: #f3a871;\n"
      "  --only: #9db4ff; } }\n"
      "body { margin: 2em auto; padding: 0 1em; max-width: 70em; background: var(--paper);\n"
      "  color: var(--ink); font: 15px/1.45 Cantarell, system-ui, sans-serif; }\n"
      "h1 { margin: 0 0 .3em; }\n"
      "p { margin: .2em 0; }\n"
      ".faint { color: var(--faint); }\n"
      "table { width: 100%%; margin-top: 1.5em; border-collapse: collapse; }\n"
      "th, td { padding: .6em; border-top: 1px solid var(--line); text-align: start;\n"
      "  vertical-align: top; }\n"
      "th[scope=col] { font-size: 1.2em; border-top: none; width: 50%%; }\n"
      "th[scope=col]:first-child { width: auto; }\n"
      "th[scope=col] span { display: block; font-size: 13px; font-weight: normal;\n"
      "  color: var(--faint); }\n"
      "figure { display: flex; gap: 1em; margin: 0; }\n"
      "figure .field { flex: none; width: 184px; height: 138px; display: flex;\n"
      "  background: var(--ground); border-radius: 6px; }\n"
      "img { margin: auto; max-width: 100%%; max-height: 100%%; border-radius: 6px; }\n"
      "figcaption { min-width: 0; overflow-wrap: anywhere; }\n"
      ".mark { font-weight: bold; }\n"
      ".up { color: var(--up); } .down { color: var(--down); } .only { color: var(--only); }\n"
      "@media (max-width: 40em) { figure { flex-direction: column; gap: .4em; }\n"
      "  figure .field { width: 100%%; height: auto; } }\n"
      "@media print { tr { break-inside: avoid; } }\n"
      "</style>\n"
      "</head>\n";

/* (transfer full): for text and attributes, without what XML cannot hold. */
static char *
escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_markup_escape_text (valid, -1);
}

static void
add_line (GString *html, const char *class, const char *text)
{
  g_autofree char *escaped = escape (text);

  g_string_append_printf (html, "<p class=\"%s\" dir=\"auto\">%s</p>\n", class, escaped);
}

/* (transfer full) (nullable): what kalon_image_save_jpeg() writes, without a place for it. */
static char *
encode_jpeg (const KalonImage *image, const char *scratch, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize size;

  if (!kalon_image_save_jpeg (image, scratch, QUALITY, error)
      || !g_file_get_contents (scratch, &bytes, &size, error))
    return NULL;
  return g_base64_encode ((const guchar *) bytes, size);
}

static gboolean
add_picture (GString *html, const KalonComparisonEntry *entry, const char *scratch, GError **error)
{
  g_autofree char *name = escape (entry->name);
  g_autofree char *jpeg = NULL;

  if (entry->image == NULL)
    {
      g_string_append (html, "<div class=\"field\"></div>");
      return TRUE;
    }
  jpeg = encode_jpeg (entry->image, scratch, error);
  if (jpeg == NULL)
    return FALSE;
  g_string_append_printf (
      html,
      "<div class=\"field\"><img alt=\"%s\" width=\"%u\" height=\"%u\" src=\"data:image/jpeg;"
      "base64,%s\"/></div>",
      name, entry->image->width, entry->image->height, jpeg);
  return TRUE;
}

static void
add_caption (GString *html, const KalonComparisonEntry *entry, guint rank)
{
  g_autofree char *name = escape (entry->name);
  const char *class = entry->other == 0      ? "only"
                      : entry->other == rank ? "same"
                      : entry->other > rank  ? "up"
                                             : "down";
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (html, "<figcaption><span class=\"mark %s\">%s</span>", class,
                          entry->mark);
  if (entry->other > 0)
    g_string_append_printf (html, " <span class=\"faint\">(rank %u on the other side)</span>",
                            entry->other);
  g_string_append_printf (
      html, "<br/><bdi>%s</bdi><br/><span class=\"faint\">similarity %s", name,
      g_ascii_formatd (number, sizeof number, "%.3f", (double) entry->result.similarity));
  if (isfinite (entry->result.aesthetic))
    g_string_append_printf (
        html, ", aesthetic score %s",
        g_ascii_formatd (number, sizeof number, "%.2f", (double) entry->result.aesthetic));
  g_string_append (html, "</span>");
  if (entry->why != NULL)
    g_string_append_printf (html, "<br/><span class=\"faint\">%s</span>", entry->why);
  g_string_append (html, "</figcaption>");
}

static gboolean
add_cell (GString *html, const GPtrArray *entries, guint i, const char *scratch, GError **error)
{
  g_string_append (html, "<td>");
  if (i < entries->len)
    {
      const KalonComparisonEntry *entry = g_ptr_array_index (entries, i);

      g_string_append (html, "<figure>");
      if (!add_picture (html, entry, scratch, error))
        return FALSE;
      add_caption (html, entry, i + 1);
      g_string_append (html, "</figure>");
    }
  g_string_append (html, "</td>\n");
  return TRUE;
}

static gboolean
add_table (GString *html, const KalonComparison *self, GPtrArray *const sides[2],
           const char *scratch, GError **error)
{
  g_string_append (html, "<table>\n<thead><tr><th scope=\"col\">Rank</th>");
  for (guint side = 0; side < 2; side++)
    {
      g_autofree char *name = escape (self->sides[side].name);
      g_autofree char *mean = kalon_comparison_dup_mean (self, side);

      g_string_append_printf (html, "\n<th scope=\"col\"><bdi>%s</bdi><span>%s</span></th>", name,
                              mean);
    }
  g_string_append (html, "</tr></thead>\n<tbody>\n");
  for (guint i = 0; i < MAX (sides[0]->len, sides[1]->len); i++)
    {
      g_string_append_printf (html, "<tr><th scope=\"row\">%u</th>\n", i + 1);
      if (!add_cell (html, sides[0], i, scratch, error)
          || !add_cell (html, sides[1], i, scratch, error))
        return FALSE;
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "</tbody>\n</table>\n");
  return TRUE;
}

gboolean
kalon_comparison_write_html (const KalonComparison *self, GPtrArray *const sides[2],
                             const char *path, GError **error)
{
  g_autoptr (GString) html = g_string_new (NULL);
  g_autofree char *title = escape (self->query);
  g_autofree char *summary = kalon_comparison_dup_summary (self);
  g_autofree char *scratch = NULL;
  gboolean done;
  int file = g_file_open_tmp ("kalon-XXXXXX.jpg", &scratch, error);

  if (file < 0)
    return FALSE;
  g_close (file, NULL);
  g_string_append_printf (html, head, title);
  g_string_append_printf (html, "<body>\n<h1 dir=\"auto\">“%s”</h1>\n", title);
  if (self->rephrased != NULL)
    {
      g_autofree char *text = g_strdup_printf ("Rephrased: %s", self->rephrased);

      add_line (html, "rephrased", text);
    }
  add_line (html, "faint", summary);
  done = add_table (html, self, sides, scratch, error);
  g_string_append (html,
                   "<p class=\"faint\">▲ and ▼ say by how many places a picture stands higher or "
                   "lower than on the other side. The mean aesthetic score is a model’s, the same "
                   "that the aligned ranking adds; it is no proof that a side looks better.</p>\n"
                   "</body>\n</html>\n");
  g_unlink (scratch);
  return done && g_file_set_contents (path, html->str, (gssize) html->len, error);
}
