/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm.h"

#include "config.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"
#include "llm/kalon-llm-private.h"
#include "secrets/kalon-secrets.h"

#include <libsoup/soup.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (KalonLlm, kalon_llm, G_TYPE_OBJECT)

/* A model that loads from a disk is silent for tens of seconds. A token of a streamed answer is up
 * to 300 bytes of events: 4 MiB are more of them than any answer here has, thinking included. */
static const KalonLlmLimits default_limits = {
  .connect = 10000,
  .silence = 60000,
  .total = 180000,
  .pause = 500,
  .longest_wait = 10000,
  .bytes = 4 << 20,
};

/* Longer ones are no keys. */
#define MAX_KEY 4096

static const KalonLlmProtocol *const protocols[] = {
  [KALON_LLM_OPENAI] = &kalon_llm_openai,
  [KALON_LLM_OLLAMA] = &kalon_llm_ollama,
  [KALON_LLM_ANTHROPIC] = &kalon_llm_anthropic,
};

const char *
kalon_llm_dialect_get_name (KalonLlmDialect dialect)
{
  return protocols[dialect]->name;
}

gboolean
kalon_llm_dialect_from_name (const char *name, KalonLlmDialect *dialect)
{
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (g_str_equal (protocols[i]->name, name))
      {
        *dialect = i;
        return TRUE;
      }
  return FALSE;
}

/* Addresses of this machine, and of networks that nobody else's packets reach. */
static void
classify_host (const char *name, gboolean *is_loopback, gboolean *is_private)
{
  /* RFC 6762, RFC 8375, and ICANN's name for private use. */
  static const char *const private_suffixes[] = { ".local", ".home.arpa", ".internal" };
  g_autofree char *host = g_ascii_strdown (name, -1);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  *is_loopback = *is_private = FALSE;
  if (address != NULL)
    {
      *is_loopback = g_inet_address_get_is_loopback (address);
      *is_private = g_inet_address_get_is_site_local (address)
                    || g_inet_address_get_is_link_local (address)
                    /* RFC 4193, which GIO's site-local does not know. */
                    || (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
                        && (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc);
      return;
    }
  /* RFC 6761: GIO resolves these without asking anybody. */
  *is_loopback = g_str_equal (host, "localhost") || g_str_has_suffix (host, ".localhost");
  for (guint i = 0; i < G_N_ELEMENTS (private_suffixes); i++)
    *is_private |= g_str_has_suffix (host, private_suffixes[i]);
}

char *
kalon_llm_dup_host (GUri *uri)
{
  g_autofree char *name = g_ascii_strdown (g_uri_get_host (uri), -1);
  int port = g_uri_get_port (uri);
  int usual = g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
  g_autofree char *host = g_strdup_printf (strchr (name, ':') != NULL ? "[%s]" : "%s", name);

  if (port > 0 && port != usual)
    return g_strdup_printf ("%s:%d", host, port);
  return g_steal_pointer (&host);
}

/* What GIO takes for one may have blanks in it, typed or as "%20", or a "/" as "%2f": no resolver
 * knows such a name, and it would be shown to the user as the one to allow. */
static gboolean
is_host (const char *host)
{
  for (const char *p = host; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isgraph (g_utf8_get_char (p)) || strchr ("\"#%/<>?@\\^`{|}", *p) != NULL)
      return FALSE;
  return host[0] != '\0';
}

GUri *
kalon_llm_parse_url (const char *url, char **host, gboolean *local, GError **error)
{
  g_autoptr (GUri) uri
      = g_utf8_validate (url, -1, NULL) ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  gboolean is_http, is_private;

  /* An address that is refused may have a key in it: only its host gets into a message. */
  is_http = uri != NULL && g_str_equal (g_uri_get_scheme (uri), "http");
  if (uri == NULL || (!is_http && !g_str_equal (g_uri_get_scheme (uri), "https"))
      || g_uri_get_host (uri) == NULL || !is_host (g_uri_get_host (uri)))
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                           "The server's address is none: it should look like “https://host/v1” or "
                           "“http://127.0.0.1:11434”.");
      return NULL;
    }
  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL)
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                           "The server's address has a name, a “?” or a “#” in it: leave that out, "
                           "and give the key with “kalon-cli llm key”.");
      return NULL;
    }
  classify_host (g_uri_get_host (uri), local, &is_private);
  if (is_http && !*local && !is_private)
    {
      g_autofree char *quoted = kalon_input_quote (g_uri_get_host (uri));

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "Words and key would go to %s unprotected: use https, or the address of a "
                   "server in your own network.",
                   quoted);
      return NULL;
    }
  *host = kalon_llm_dup_host (uri);
  return g_steal_pointer (&uri);
}

/* The address with the protocol's prefix, however much of it the user gave. */
static char *
dup_base (const KalonLlmProtocol *protocol, GUri *uri)
{
  g_autofree char *path = g_strdup (g_uri_get_path (uri));
  g_autofree char *host = g_ascii_strdown (g_uri_get_host (uri), -1);
  g_autofree char *full = NULL;
  g_autoptr (GUri) base = NULL;

  for (gsize n = strlen (path); n > 0 && path[n - 1] == '/'; n--)
    path[n - 1] = '\0';
  if (g_str_has_suffix (path, protocol->complete_path))
    path[strlen (path) - strlen (protocol->complete_path)] = '\0';
  if (path[0] == '\0' || (!protocol->bare_host_only && !g_str_has_suffix (path, protocol->prefix)))
    full = g_strconcat (path, protocol->prefix, NULL);
  else
    full = g_steal_pointer (&path);
  base = g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (uri), NULL, host, g_uri_get_port (uri),
                      full, NULL, NULL);
  return g_uri_to_string (base);
}

static SoupSession *
session_new (gboolean direct)
{
  SoupSession *session = soup_session_new_with_options (
      "user-agent", "Kalon/" KALON_VERSION, "timeout", 0, "idle-timeout", 60, "max-conns-per-host",
      KALON_LLM_MAX_REQUESTS, NULL);

  /* What stays in the house must not go by way of a proxy outside. */
  if (direct)
    soup_session_set_proxy_resolver (session, NULL);
  return session;
}

/* A header must not be split by what is in the key. */
static gboolean
is_key (const char *key)
{
  gsize n = strlen (key);

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isgraph (key[i]))
      return FALSE;
  return n > 0 && n <= MAX_KEY;
}

static void
kalon_llm_finalize (GObject *object)
{
  KalonLlm *self = KALON_LLM (object);

  g_clear_object (&self->session);
  g_free (self->base);
  g_free (self->host);
  g_free (self->model);
  g_free (self->id);
  kalon_secret_free (self->key);
  G_OBJECT_CLASS (kalon_llm_parent_class)->finalize (object);
}

static void
kalon_llm_class_init (KalonLlmClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_llm_finalize;
}

static void
kalon_llm_init (KalonLlm *self)
{
  self->limits = default_limits;
}

KalonLlm *
kalon_llm_new (SoupSession *session, KalonLlmDialect dialect, const char *base_url,
               const char *model, const char *key, GError **error)
{
  g_autoptr (KalonLlm) self = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autofree char *host = NULL;
  gboolean local, is_private, is_loopback;

  g_return_val_if_fail (session == NULL || SOUP_IS_SESSION (session), NULL);
  g_return_val_if_fail (dialect < G_N_ELEMENTS (protocols), NULL);
  g_return_val_if_fail (base_url != NULL && model != NULL, NULL);

  uri = kalon_llm_parse_url (base_url, &host, &local, error);
  if (uri == NULL)
    return NULL;
  if (model[0] == '\0' || !g_utf8_validate (model, -1, NULL))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "No model is named for %s: “kalon-cli llm models” lists what it has.", host);
      return NULL;
    }
  if (key != NULL && !is_key (key))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "The key for %s is no key: it is empty, too long, or has spaces or line breaks "
                   "in it. Set it again with “kalon-cli llm key”.",
                   host);
      return NULL;
    }

  classify_host (g_uri_get_host (uri), &is_loopback, &is_private);
  self = g_object_new (KALON_TYPE_LLM, NULL);
  self->session
      = session != NULL ? g_object_ref (session) : session_new (is_loopback || is_private);
  self->dialect = dialect;
  self->protocol = protocols[dialect];
  self->base = dup_base (self->protocol, uri);
  self->local = local;
  self->model = g_strdup (model);
  self->key = g_strdup (key);
  self->id = g_strdup_printf ("%s|%s|%s", self->protocol->name, host, model);
  self->host = g_steal_pointer (&host);
  return g_steal_pointer (&self);
}

const char *
kalon_llm_get_host (KalonLlm *self)
{
  return self->host;
}

gboolean
kalon_llm_is_local (KalonLlm *self)
{
  return self->local;
}

const char *
kalon_llm_get_model (KalonLlm *self)
{
  return self->model;
}

KalonLlmDialect
kalon_llm_get_dialect (KalonLlm *self)
{
  return self->dialect;
}

const char *
kalon_llm_get_id (KalonLlm *self)
{
  return self->id;
}
