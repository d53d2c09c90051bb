/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"
#include "settings/kalon-settings.h"

#include <libsoup/soup.h>

/* The hub's own limit for an owner or a name. */
#define MAX_NAME 96

static gboolean
is_this_machine (GUri *address)
{
  const char *host = g_uri_get_host (address);
  g_autoptr (GInetAddress) number = g_inet_address_new_from_string (host);

  if (number != NULL)
    return g_inet_address_get_is_loopback (number);
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
is_plain (GUri *address)
{
  return g_str_equal (g_uri_get_scheme (address), "http");
}

GUri *
kalon_address_parse (const char *address, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || host[0] == '\0' || g_uri_get_userinfo (uri) != NULL
      || !(g_str_equal (g_uri_get_scheme (uri), "https")
           || (is_plain (uri) && is_this_machine (uri))))
    {
      /* Its host alone: there may be a password in the rest. */
      g_autofree char *quoted = kalon_input_quote (host != NULL ? host : "");

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "This is no address to download from (its host: “%s”). Give one that begins "
                   "with https:// and has no user or password in it; http:// is for servers on "
                   "this machine only.",
                   quoted);
      return NULL;
    }
  return g_steal_pointer (&uri);
}

GUri *
kalon_address_new_hub (GError **error)
{
  const char *variable = g_getenv ("KALON_MODEL_HUB");
  g_autofree char *address = NULL;

  if (variable != NULL && variable[0] != '\0')
    address = g_strdup (variable);
  else
    {
      g_autoptr (GSettings) settings = kalon_settings_new ();

      address = g_settings_get_string (settings, KALON_SETTING_MODEL_HUB);
    }
  return kalon_address_parse (address, error);
}

GUri *
kalon_address_new_file (GUri *hub, const char *repository, const char *revision, const char *file)
{
  g_autofree char *base = g_strdup (g_uri_get_path (hub));
  /* The hub takes a revision such as refs/pr/1 as one part of the path. */
  g_autofree char *escaped_revision = g_uri_escape_string (revision, NULL, FALSE);
  g_autofree char *escaped_file = g_uri_escape_string (file, NULL, FALSE);
  g_autofree char *path = NULL;

  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  path = g_strdup_printf ("%s/%s/resolve/%s/%s", base, repository, escaped_revision, escaped_file);
  return g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (hub), NULL, g_uri_get_host (hub),
                      g_uri_get_port (hub), path, NULL, NULL);
}

/* A host may have been written with escapes, and is shown in messages. */
static gboolean
is_printable (const char *host)
{
  for (const char *c = host; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return host[0] != '\0';
}

GUri *
kalon_address_follow (GUri *from, const char *location, GError **error)
{
  g_autoptr (GUri) to
      = location != NULL ? g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *host = to != NULL ? g_uri_get_host (to) : NULL;

  if (host != NULL && is_printable (host) && g_uri_get_userinfo (to) == NULL
      && (!is_this_machine (to) || is_this_machine (from))
      && (g_str_equal (g_uri_get_scheme (to), "https")
          || (is_plain (to) && is_this_machine (to) && is_plain (from))))
    return g_steal_pointer (&to);
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
               "%s sends on to an address that is not safe to follow. Nothing was taken from it; "
               "check the setting “model-hub” if this is a mirror.",
               g_uri_get_host (from));
  return NULL;
}

static gboolean
is_name (const char *name, gsize length)
{
  if (length == 0 || length > MAX_NAME || !g_ascii_isalnum (name[0]))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("._-", name[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
kalon_address_check_repository (const char *repository, GError **error)
{
  const char *slash = strchr (repository, '/');

  if (slash != NULL && is_name (repository, slash - repository)
      && is_name (slash + 1, strlen (slash + 1)))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "“%s” is neither an id of the list of models nor a repository's name such as "
               "openai/clip-vit-base-patch32. “kalon-cli model list --available” prints the list.",
               repository);
  return FALSE;
}

gboolean
kalon_address_check_revision (const char *revision, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (revision, "/", -1);
  gboolean fine = parts[0] != NULL;

  for (gsize i = 0; parts[i] != NULL && fine; i++)
    fine = is_name (parts[i], strlen (parts[i]));
  if (!fine)
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "“%s” is no revision. Give a branch, a tag or a commit of the repository.",
                 revision);
  return fine;
}
