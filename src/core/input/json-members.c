/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/kalon-input.h"

#include <string.h>

#include "errors/kalon-errors.h"

#define HASH_LENGTH 64

gboolean
kalon_section_copy_text (const KalonSection *section, const char *key, gsize max, char **text,
                         GError **error)
{
  const char *value = NULL;

  if (!kalon_section_get_string (section, key, &value, error))
    return FALSE;
  if (value != NULL && strlen (value) > max)
    return kalon_section_refuse (section, key, error, "is too long.");
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

gboolean
kalon_section_check_format (const KalonSection *section, const char *format, gint64 version,
                            GError **error)
{
  const char *found = NULL;
  gint64 other = 0;

  if (!kalon_section_get_string (section, "format", &found, error)
      || !kalon_section_get_integer (section, "version", 0, G_MAXINT64, &other, error))
    return FALSE;
  if (g_strcmp0 (found, format) != 0)
    return kalon_section_refuse (section, "format", error, "is not “%s”", format);
  if (other == version)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
               "%s: version %" G_GINT64_FORMAT
               " was written by another Kalon; this one reads version %" G_GINT64_FORMAT ".",
               section->file, other, version);
  return FALSE;
}

const char *
kalon_section_take_text (const KalonSection *section, const char *key, gsize max, GError **error)
{
  const char *value = NULL;

  if (!kalon_section_get_string (section, key, &value, error))
    return NULL;
  if (value == NULL || strlen (value) > max)
    {
      kalon_section_refuse (section, key, error, value == NULL ? "is missing." : "is too long.");
      return NULL;
    }
  return value;
}

const char *
kalon_section_take_hash (const KalonSection *section, const char *key, GError **error)
{
  const char *value = kalon_section_take_text (section, key, HASH_LENGTH, error);

  if (value == NULL)
    return NULL;
  if (strlen (value) == HASH_LENGTH && strspn (value, "0123456789abcdef") == HASH_LENGTH)
    return value;
  kalon_section_refuse (section, key, error, "is not a SHA-256 in lower-case hex.");
  return NULL;
}

/* (transfer full): empty where it has a NUL in the middle, which would name another file. */
static char *
dup_exact (const KalonSection *section, const char *uri, GError **error)
{
  const char *escaped = g_str_has_prefix (uri, "file:///") ? uri + strlen ("file://") : uri;
  g_autoptr (GBytes) bytes = g_uri_unescape_bytes (escaped, -1, NULL, error);
  char *exact;
  gsize length;
  const char *data;

  if (bytes == NULL)
    {
      g_prefix_error (error, "%s: uri: ", section->file);
      return NULL;
    }
  data = g_bytes_get_data (bytes, &length);
  exact = g_strndup (data, length);
  if (strlen (exact) != length)
    *exact = '\0';
  return exact;
}

char *
kalon_section_dup_path (const KalonSection *section, gsize max, GError **error)
{
  /* Each byte as \xHH. */
  const char *path = kalon_section_take_text (section, "path", 4 * max, error);
  const char *uri = NULL;
  g_autofree char *exact = NULL;

  if (path == NULL || !kalon_section_get_string (section, "uri", &uri, error))
    return NULL;
  exact = uri != NULL ? dup_exact (section, uri, error) : g_strdup (path);
  if (exact == NULL)
    return NULL;
  if (*exact == '\0' || strlen (exact) > max)
    {
      kalon_section_refuse (section, uri != NULL ? "uri" : "path", error, "is not a file's name.");
      return NULL;
    }
  return g_steal_pointer (&exact);
}
