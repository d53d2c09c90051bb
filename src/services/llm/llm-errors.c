/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <string.h>

char *
kalon_llm_dup_quote (KalonLlm *llm, const char *text)
{
  g_autofree char *clean = NULL;

  /* Some servers say which key was wrong. */
  if (llm->key != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (text, llm->key, -1);

      clean = g_strjoinv ("…", parts);
    }
  return kalon_input_quote (clean != NULL ? clean : text);
}

gboolean
kalon_llm_is_quota (const KalonLlmComplaint *complaint)
{
  return complaint != NULL
         && (strstr (complaint->kind, "insufficient_quota") != NULL
             || strstr (complaint->kind, "billing") != NULL);
}

gboolean
kalon_llm_is_passing (guint status, const KalonLlmComplaint *complaint)
{
  static const char *const kinds[]
      = { "overloaded", "rate_limit", "unavailable", "api_error", "server_error", "timeout" };

  if (kalon_llm_is_quota (complaint))
    return FALSE;
  switch (status)
    {
    case 200:
      for (guint i = 0; complaint != NULL && i < G_N_ELEMENTS (kinds); i++)
        if (strstr (complaint->kind, kinds[i]) != NULL)
          return TRUE;
      return FALSE;
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
    case 529: /* Anthropic: overloaded */
      return TRUE;
    default:
      return FALSE;
    }
}

/* @when: "a minute", "77 seconds" */
static char *
dup_advice (guint status, const char *when)
{
  switch (status)
    {
    case 400:
    case 422:
      return g_strdup ("refuses the request: check the model and the dialect, or take another "
                       "model");
    case 403:
      return g_strdup ("refuses this key or model: check what the key is allowed to use");
    case 413:
      return g_strdup ("says that the request is too large: shorten it");
    case 502:
    case 503:
    case 504:
    case 529:
      return g_strdup_printf ("is overloaded or still starting: try again in %s", when);
    case 429:
      return g_strdup_printf ("has had too many requests: try again in %s", when);
    case 200:
    case 408:
    case 500:
      return g_strdup ("failed at the answer: try again, or look into the server's log");
    default:
      return g_strdup_printf ("answered with status %u: check the address and the dialect", status);
    }
}

void
kalon_llm_set_status_error (KalonLlm *llm, guint status, int retry_after,
                            const KalonLlmComplaint *complaint, GError **error)
{
  const char *said = complaint != NULL ? complaint->message : NULL;
  g_autofree char *quote = said != NULL ? kalon_llm_dup_quote (llm, said) : NULL;
  g_autofree char *words = quote != NULL ? g_strdup_printf (" (“%s”)", quote) : g_strdup ("");
  g_autofree char *model = kalon_input_quote (llm->model);
  g_autofree char *when
      = retry_after > 0 ? g_strdup_printf ("%d seconds", retry_after) : g_strdup ("a minute");
  g_autofree char *advice = NULL;

  if (kalon_llm_is_quota (complaint))
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "The quota of the key for %s is used up%s: see to the account there, or take "
                 "another server.",
                 llm->host, words);
  /* What is said here is mostly the key, or parts of it. */
  else if (status == 401)
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 llm->key != NULL ? "%s does not accept the key: set another one in the settings "
                                    "or with “kalon-cli llm key”."
                                  : "%s wants a key: set it in the settings or with “kalon-cli llm "
                                    "key”.",
                 llm->host);
  else if (status == 404)
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s has no model “%s”, or the address is wrong%s: see what “kalon-cli llm models” "
                 "lists.",
                 llm->host, model, words);
  else
    {
      advice = dup_advice (status, when);
      g_set_error (error, KALON_ERROR, status == 413 ? KALON_ERROR_TOO_LARGE : KALON_ERROR_SERVICE,
                   "%s %s%s.", llm->host, advice, words);
    }
}

static char *
dup_certificate_problem (GTlsCertificateFlags flags)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    const char *text;
  } problems[] = {
    { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, "it belongs to another host" },
    { G_TLS_CERTIFICATE_REVOKED, "it was revoked" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "nobody that this machine trusts has signed it" },
    { G_TLS_CERTIFICATE_INSECURE, "its signature is too weak" },
    { G_TLS_CERTIFICATE_GENERIC_ERROR, "it cannot be checked" },
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    if (flags & problems[i].flag)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", problems[i].text);
  return g_string_free (text, FALSE);
}

void
kalon_llm_set_transport_error (KalonLlm *llm, const GError *cause, GTlsCertificateFlags tls,
                               GError **error)
{
  g_autofree char *quote = NULL;
  g_autofree char *problem = NULL;

  if (tls != 0)
    {
      problem = dup_certificate_problem (tls);
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "The certificate of %s is not to be trusted (%s): nothing was sent. See to the "
                   "server, or to this machine's clock.",
                   llm->host, problem);
    }
  else if (cause->domain == G_RESOLVER_ERROR)
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s was not found: check the address and the network.", llm->host);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "Nothing listens at %s: start the server, or correct the address.", llm->host);
  else if (cause->domain == G_TLS_ERROR)
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s does not speak TLS as it should: check the address, https or http.",
                 llm->host);
  else
    {
      quote = kalon_llm_dup_quote (llm, cause->message);
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "The connection to %s failed (“%s”): try again, or check the network.",
                   llm->host, quote);
    }
}
