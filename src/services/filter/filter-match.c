/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include <string.h>

char *
kalon_filter_fold (const char *bytes)
{
  g_autofree char *valid = NULL;
  g_autofree char *folded = NULL;

  if (g_str_is_ascii (bytes))
    return g_ascii_strdown (bytes, -1);
  valid = g_utf8_make_valid (bytes, -1);
  folded = g_utf8_casefold (valid, -1);
  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
}

static void
set_text (KalonFilterValue *value, char *text)
{
  g_free (value->text);
  value->text = text;
}

/* @path: absolute, maybe with "/" at its end. */
static void
set_path (KalonFilterValue *value, const char *path)
{
  g_autofree char *uri = NULL;

  /* POSIX lets two slashes at the front mean something else; Linux does not. */
  while (path[1] == '/')
    path++;
  value->path = g_canonicalize_filename (path, "/");
  value->only = g_str_has_suffix (path, "/") && !g_str_equal (value->path, "/");
  if (!g_utf8_validate (value->path, -1, NULL))
    uri = g_filename_to_uri (value->path, NULL, NULL);
  set_text (value, g_strconcat (uri != NULL ? uri : value->path, value->only ? "/" : "", NULL));
}

/* "b", "a/b/": names of folders that follow each other. */
static gboolean
set_names (KalonFilterValue *value, const char *text, const char **reason)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", -1);
  g_autoptr (GString) names = g_string_new ("/");

  for (char **part = parts; *part != NULL; part++)
    {
      if (g_str_equal (*part, "..") || g_str_equal (*part, "."))
        {
          *reason = "is a place relative to nothing: give the whole path, or a folder's name";
          return FALSE;
        }
      if ((*part)[0] != '\0')
        g_string_append_printf (names, "%s/", *part);
    }
  value->only = g_str_has_suffix (text, "/");
  value->key = kalon_filter_fold (names->str);
  if (!value->only)
    g_string_truncate (names, names->len - 1);
  set_text (value, g_strdup (names->str + 1));
  return TRUE;
}

gboolean
kalon_filter_read_folder (const char *text, KalonFilterValue *value, const char **reason)
{
  if (g_str_has_prefix (text, "file:"))
    {
      g_autofree char *host = NULL;
      g_autofree char *path = g_filename_from_uri (text, &host, NULL);

      if (path == NULL || host != NULL)
        return FALSE;
      set_path (value, path);
    }
  else if (text[0] == '~' && (text[1] == '/' || text[1] == '\0'))
    {
      g_autofree char *path = g_strconcat (g_get_home_dir (), text + 1, NULL);

      set_path (value, path);
    }
  else if (text[0] == '/')
    set_path (value, text);
  else
    return set_names (value, text, reason);
  return TRUE;
}

static gboolean
is_in_folder (const KalonFilterValue *value, const char *path, const char *folded)
{
  const char *slash = strrchr (path, '/');
  gsize length = value->path != NULL ? strlen (value->path) : 0;
  g_autofree char *folder = NULL;

  if (slash == NULL)
    return FALSE;
  if (value->path != NULL && g_str_equal (value->path, "/"))
    return TRUE;
  if (value->path != NULL)
    return strncmp (path, value->path, length) == 0 && path[length] == '/'
           && (!value->only || slash == path + length);
  folder = g_strndup (folded, (gsize) (strrchr (folded, '/') + 1 - folded));
  return value->only ? g_str_has_suffix (folder, value->key) : strstr (folder, value->key) != NULL;
}

/* "*" and "?" in @pattern; in a time of at most the product of the lengths, whatever the pattern:
 * the last "*" alone is ever tried at another place. */
static gboolean
matches_pattern (const char *pattern, const char *text)
{
  const char *star = NULL, *resume = NULL;

  while (*text != '\0')
    {
      if (*pattern == '*')
        {
          star = ++pattern;
          resume = text;
        }
      else if (*pattern == '?'
               || (*pattern != '\0' && g_utf8_get_char (pattern) == g_utf8_get_char (text)))
        {
          pattern = g_utf8_next_char (pattern);
          text = g_utf8_next_char (text);
        }
      else if (star != NULL)
        {
          pattern = star;
          text = resume = g_utf8_next_char (resume);
        }
      else
        return FALSE;
    }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static gboolean
is_named (const KalonFilterValue *value, const char *folded)
{
  const char *name = strrchr (folded, '/');

  name = name != NULL ? name + 1 : folded;
  if (strpbrk (value->key, "*?") != NULL)
    return matches_pattern (value->key, name);
  return strstr (name, value->key) != NULL;
}

static gboolean
is_liked (const KalonFilterValue *value, const KalonFilterFacts *facts)
{
  switch ((KalonLiked) value->choice)
    {
    case KALON_LIKED_YES:
      return facts->thumb_up;
    case KALON_LIKED_NO:
      return !facts->thumb_up;
    case KALON_LIKED_DOWN:
      return facts->thumb_down;
    case KALON_LIKED_NONE:
      return !facts->thumb_up && !facts->thumb_down;
    }
  return FALSE;
}

gboolean
kalon_filter_clause_matches (const KalonFilterClause *clause, const KalonFilterFacts *facts)
{
  g_autofree char *folded = NULL;
  gboolean matches = FALSE;

  g_return_val_if_fail (clause != NULL && facts != NULL, FALSE);

  if (clause->kind == KALON_FILTER_FOLDER || clause->kind == KALON_FILTER_NAME)
    folded = kalon_filter_fold (facts->path);
  else if (clause->kind == KALON_FILTER_CAMERA && facts->camera != NULL)
    folded = kalon_filter_fold (facts->camera);
  else if (clause->kind == KALON_FILTER_LENS && facts->lens != NULL)
    folded = kalon_filter_fold (facts->lens);
  for (guint i = 0; i < clause->values->len && !matches; i++)
    {
      const KalonFilterValue *value = g_ptr_array_index (clause->values, i);

      switch (clause->kind)
        {
        case KALON_FILTER_FOLDER:
          matches = is_in_folder (value, facts->path, folded);
          break;
        case KALON_FILTER_NAME:
          matches = is_named (value, folded);
          break;
        case KALON_FILTER_CAMERA:
        case KALON_FILTER_LENS:
          matches = folded != NULL && strstr (folded, value->key) != NULL;
          break;
        case KALON_FILTER_COLOUR:
          matches
              = (kalon_filter_find_colours (facts->average, facts->colourfulness) >> value->choice
                 & 1)
                != 0;
          break;
        case KALON_FILTER_LIKED:
          matches = is_liked (value, facts);
          break;
        case KALON_FILTER_DATE:
        case KALON_FILTER_ORIENTATION:
        case KALON_FILTER_SIZE:
        case KALON_FILTER_FORMAT:
        case KALON_FILTER_AESTHETIC:
          g_return_val_if_reached (FALSE);
        }
    }
  return matches != clause->negated;
}
