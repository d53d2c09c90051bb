/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A client against a server that answers by a script, in each dialect: in every failure one line
 * that names the host, no more requests than are worth it, and the key nowhere.
 */

#include "config.h"

#include "errors/kalon-errors.h"
#include "llm-server.h"
#include "llm/kalon-llm-private.h"

#define KEY "sk-secret-0123456789abcdef"
#define SCHEMA                                                                                     \
  "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"answer\"],"                 \
  "\"properties\":{\"answer\":{\"type\":\"string\",\"maxLength\":40}}}"

static const char *const pieces[] = { "{\"answer\"", ":\"blue ", "é 🌊\"}", NULL };
static const char answer[] = "{\"answer\":\"blue é 🌊\"}";

static GString *logged; /* all that GLib was given to log */

typedef struct
{
  KalonLlmDialect dialect;
  LlmServer *server;
  KalonLlm *llm;
  char *good; /* a response that answers */
  GPtrArray *made;
  GString *seen; /* what the text function saw last */
} Fixture;

/* What a request came to. */
typedef struct
{
  gboolean done;
  char *text;
  GError *error;
} Outcome;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (logged, "%s\n", (const char *) fields[i].value);
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dialect = GPOINTER_TO_INT (data);
  fixture->good = llm_stream (fixture->dialect, pieces, "stop");
  fixture->made = g_ptr_array_new_with_free_func (g_free);
  fixture->seen = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_null (strstr (logged->str, KEY));
  if (fixture->llm != NULL)
    {
      /* A session drops its connections in a moment of its own. */
      g_object_add_weak_pointer (G_OBJECT (fixture->llm), (gpointer *) &fixture->llm);
      g_object_unref (fixture->llm);
      while (fixture->llm != NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  g_clear_pointer (&fixture->server, llm_server_free);
  g_ptr_array_unref (fixture->made);
  g_string_free (fixture->seen, TRUE);
  g_free (fixture->good);
}

/* @body, which lives as long as the test. */
static const char *
keep (Fixture *fixture, char *body)
{
  g_ptr_array_add (fixture->made, body);
  return body;
}

/* A server's complaint that repeats the key, as some do. */
static const char *
make_error (Fixture *fixture, const char *type, const char *message)
{
  g_autofree char *text = g_strdup_printf ("%s [%s]", message, KEY);

  return keep (fixture, llm_error (fixture->dialect, type, text));
}

/* The complaint as a part of a stream. */
static const char *
make_event (Fixture *fixture, const char *json)
{
  return keep (fixture, g_strdup_printf (
                            fixture->dialect == KALON_LLM_OLLAMA ? "%s\n" : "data: %s\n\n", json));
}

static void
make_client (Fixture *fixture, const char *url)
{
  g_autoptr (GError) error = NULL;

  fixture->llm = kalon_llm_new (NULL, fixture->dialect, url, "small", KEY, &error);
  g_assert_no_error (error);
  fixture->llm->limits.pause = 4;
}

static void
start (Fixture *fixture, const LlmStep *steps, guint n_steps)
{
  fixture->server = llm_server_new (steps, n_steps, NULL);
  make_client (fixture, llm_server_get_url (fixture->server));
}

static void
on_text (const char *so_far, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (g_utf8_validate (so_far, -1, NULL));
  g_string_assign (fixture->seen, so_far);
}

static void
on_completed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->text = kalon_llm_complete_finish (KALON_LLM (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
ask (Fixture *fixture, GCancellable *cancellable, Outcome *outcome)
{
  /* The request's texts are copied. */
  g_autofree char *user = g_strdup ("a sea");
  const KalonLlmRequest request = {
    .system = "Answer in JSON.",
    .user = user,
    .schema_name = "colour",
    .schema = SCHEMA,
    .max_tokens = 100,
  };

  kalon_llm_complete_async (fixture->llm, &request, on_text, fixture, cancellable, on_completed,
                            outcome);
}

static void
wait_for (Outcome *outcome)
{
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_answer (Fixture *fixture)
{
  Outcome outcome = { FALSE };

  ask (fixture, NULL, &outcome);
  wait_for (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.text, ==, answer);
  g_free (outcome.text);
}

/* The request fails with @code, one line that has the host and @words in it, and no key. */
static void
assert_failure (Fixture *fixture, int code, const char *words)
{
  Outcome outcome = { FALSE };

  ask (fixture, NULL, &outcome);
  wait_for (&outcome);
  g_assert_null (outcome.text);
  g_assert_error (outcome.error, KALON_ERROR, code);
  g_assert_null (strchr (outcome.error->message, '\n'));
  g_assert_nonnull (strstr (outcome.error->message, kalon_llm_get_host (fixture->llm)));
  g_assert_null (strstr (outcome.error->message, KEY));
  if (strstr (outcome.error->message, words) == NULL)
    g_error ("“%s” is not in “%s”", words, outcome.error->message);
  g_test_message ("%s", outcome.error->message);
  g_error_free (outcome.error);
}

static void
assert_requests (Fixture *fixture, guint n)
{
  g_assert_cmpuint (llm_server_get_requests (fixture->server), ==, n);
}

static void
test_answer (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "/v1/chat/completions", "/api/chat", "/v1/messages" };
  static const char *const keys[] = { "Bearer " KEY, "Bearer " KEY, KEY };
  const LlmStep steps[] = { { .body = fixture->good } };
  g_autofree char *id = NULL;
  const char *body;

  start (fixture, steps, 1);
  assert_answer (fixture);
  assert_requests (fixture, 1);
  g_assert_cmpstr (fixture->seen->str, ==, answer);
  g_assert_cmpstr (llm_server_get_path (fixture->server, 0), ==, paths[fixture->dialect]);
  g_assert_cmpstr (llm_server_get_key (fixture->server, 0), ==, keys[fixture->dialect]);
  body = llm_server_get_body (fixture->server, 0);
  g_assert_nonnull (strstr (body, "\"model\":\"small\""));
  g_assert_nonnull (strstr (body, "\"stream\":true"));
  g_assert_nonnull (strstr (body, "a sea"));
  g_assert_nonnull (strstr (body, "\"required\":[\"answer\"]"));
  g_assert_null (strstr (body, KEY));

  id = g_strdup_printf ("%s|%s|small", kalon_llm_dialect_get_name (fixture->dialect),
                        kalon_llm_get_host (fixture->llm));
  g_assert_cmpstr (kalon_llm_get_id (fixture->llm), ==, id);
  g_assert_true (kalon_llm_is_local (fixture->llm));
}

/* From a server that does not stream although it is asked to. */
static void
test_whole (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\n \"choices\": [\n {\"message\": {\"content\": \"{\\\"answer\\\":\\\"blue é 🌊\\\"}\",\n"
    "\"refusal\": null}, \"finish_reason\": \"stop\"}], \"usage\": null\n}\n",
    "{\"message\":{\"content\":\"{\\\"answer\\\":\\\"blue é 🌊\\\"}\"},\"done\":true}",
    "{\n \"type\": \"message\", \"content\": [{\"type\": \"text\", \"text\": "
    "\"{\\\"answer\\\":\\\"blue é 🌊\\\"}\"}], \"stop_reason\": \"end_turn\"}",
  };
  const LlmStep steps[] = { { .body = bodies[fixture->dialect] } };

  start (fixture, steps, 1);
  assert_answer (fixture);
}

static void
test_wrong_key (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[]
      = { { .status = 401, .body = make_error (fixture, "authentication_error", "wrong key") } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "does not accept the key");
  assert_requests (fixture, 1);
}

static void
test_no_model (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[]
      = { { .status = 404, .body = make_error (fixture, "not_found_error", "no such model") } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "no model “small”");
  assert_requests (fixture, 1);
}

static void
test_forbidden (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[]
      = { { .status = 403, .body = make_error (fixture, "permission_error", "not yours") } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "(“not yours […]”)");
  assert_requests (fixture, 1);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[]
      = { { .status = 429, .body = make_error (fixture, "rate_limit_error", "slow down") } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "too many requests");
  assert_requests (fixture, 3);
}

/* What the server asks for is waited for, when that is not long. */
static void
test_retry_after (Fixture *fixture, gconstpointer data)
{
  const char *body = make_error (fixture, "rate_limit_error", "slow down");
  const LlmStep steps[] = {
    { .status = 429, .header_name = "Retry-After", .header_value = "0", .body = body },
    { .status = 503,
      .header_name = "Retry-After",
      .header_value = "Wed, 21 Oct 2015 07:28:00 GMT",
      .body = body },
    { .body = fixture->good },
    { .status = 529, .header_name = "Retry-After", .header_value = "77", .body = body },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  /* Only what was asked for can be the reason of the attempts. */
  fixture->llm->limits.pause = 1000000;
  assert_answer (fixture);
  assert_requests (fixture, 3);
  /* Over one connection: the responses were read to their ends. */
  g_assert_cmpuint (llm_server_get_port (fixture->server, 0), ==,
                    llm_server_get_port (fixture->server, 2));
  assert_failure (fixture, KALON_ERROR_SERVICE, "again in 77 seconds");
  assert_requests (fixture, 4);
}

static void
test_passing (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 500, .body = make_error (fixture, "api_error", "oh") },
    { .deed = LLM_RESET },
    { .body = fixture->good },
    { .status = 529, .body = make_error (fixture, "overloaded_error", "full") },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_answer (fixture);
  assert_requests (fixture, 3);
  assert_failure (fixture, KALON_ERROR_SERVICE, "overloaded");
  assert_requests (fixture, 6);
}

/* After text has been shown there is no second attempt. */
static void
test_break (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[]
      = { { .deed = LLM_BREAK,
            .body = keep (fixture, llm_stream (fixture->dialect, pieces, NULL)) } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "try again");
  assert_requests (fixture, 1);
  g_assert_cmpstr (fixture->seen->str, ==, answer);
}

/* The same, with an end as HTTP wants it. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = llm_stream (fixture->dialect, pieces, NULL);
  const char *middle = keep (fixture, g_strndup (whole, strlen (whole) - 12));
  const LlmStep steps[] = { { .body = middle } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "broke off");
  assert_requests (fixture, 1);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .deed = LLM_SILENCE },
    { .deed = LLM_HALF_SILENCE,
      .body = keep (fixture, llm_stream (fixture->dialect, pieces, NULL)) },
  };

  start (fixture, steps, 2);
  fixture->llm->limits.silence = 50;
  assert_failure (fixture, KALON_ERROR_SERVICE, "has been silent");
  assert_failure (fixture, KALON_ERROR_SERVICE, "has been silent");
  assert_requests (fixture, 2);
  fixture->llm->limits.silence = 60000;
  fixture->llm->limits.total = 50;
  assert_failure (fixture, KALON_ERROR_SERVICE, "took longer");
}

/* An answer that is whole needs no end of the response. */
static void
test_no_end (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .deed = LLM_HALF_SILENCE, .body = fixture->good },
    { .deed = LLM_BREAK, .body = fixture->good },
  };

  start (fixture, steps, 2);
  assert_answer (fixture);
  assert_answer (fixture);
  assert_requests (fixture, 2);
}

static void
test_picture (Fixture *fixture, gconstpointer data)
{
  static const char *const members[] = {
    "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/jpeg;base64,/9j/\"}}",
    "\"images\":[\"/9j/\"]",
    "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/jpeg\","
    "\"data\":\"/9j/\"}}",
  };
  const LlmStep steps[] = { { .body = fixture->good } };
  g_autoptr (GBytes) picture = g_bytes_new_static ("\xff\xd8\xff", 3);
  const KalonLlmRequest request = { .user = "What is it?", .picture = picture, .max_tokens = 9 };
  Outcome outcome = { FALSE };

  start (fixture, steps, 1);
  kalon_llm_complete_async (fixture->llm, &request, NULL, NULL, NULL, on_completed, &outcome);
  wait_for (&outcome);
  g_assert_no_error (outcome.error);
  g_free (outcome.text);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), members[fixture->dialect]));
}

static void
test_flood (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[]
      = { { .deed = LLM_FLOOD,
            .body = keep (fixture, llm_stream (fixture->dialect, pieces, NULL)) } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_TOO_LARGE, "more than any answer needs");
  assert_requests (fixture, 1);
  /* The server gets rid of what the sockets' buffers hold, and of no more. */
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_test_message ("%" G_GSIZE_FORMAT " bytes were sent", llm_server_get_flooded (fixture->server));
  g_assert_cmpuint (llm_server_get_flooded (fixture->server), <, 16 << 20);
}

static void
test_encoding (Fixture *fixture, gconstpointer data)
{
  static const char *const halves[] = { "{\"answer\":\"HALF\"}", NULL };
  g_auto (GStrv) parts = NULL;
  g_auto (GStrv) more = NULL;
  g_autofree char *stream = llm_stream (fixture->dialect, halves, "stop");
  LlmStep steps[2] = { { .deed = LLM_REPLY }, { .deed = LLM_REPLY } };

  parts = g_strsplit (stream, "HALF", 2);
  steps[0].body = keep (fixture, g_strjoin ("\xff\xc3", parts[0], parts[1], NULL));
  more = g_strsplit (stream, "HALF", 2);
  steps[1].body = keep (fixture, g_strjoin ("\\ud800", more[0], more[1], NULL));
  start (fixture, steps, 2);
  assert_failure (fixture, KALON_ERROR_SERVICE, "not UTF-8");
  assert_requests (fixture, 1);
  /* Half a character by an escape: refused, or replaced by the JSON library; never passed on. */
  {
    Outcome outcome = { FALSE };

    ask (fixture, NULL, &outcome);
    wait_for (&outcome);
    g_assert_true (outcome.text == NULL || g_utf8_validate (outcome.text, -1, NULL));
    g_free (outcome.text);
    g_clear_error (&outcome.error);
  }
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .body = "<!DOCTYPE html><html><body>Sign in</body></html>" },
    { .body = make_event (fixture, "{\"choices\": [}") },
    { .body = make_event (fixture, "[1, 2]") },
    { .body = "" },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_failure (fixture, KALON_ERROR_SERVICE, "web page");
  assert_failure (fixture, KALON_ERROR_SERVICE, "no answer of an");
  assert_failure (fixture, KALON_ERROR_SERVICE, "no answer of an");
  assert_failure (fixture, KALON_ERROR_SERVICE, "broke off");
  assert_requests (fixture, 4);
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  static const char *const none[] = { NULL };
  const LlmStep steps[]
      = { { .body = keep (fixture, llm_stream (fixture->dialect, none, "stop")) } };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "answered nothing");
  assert_requests (fixture, 1);
}

/* Neither text nor key goes to a host that was not chosen. */
static void
test_redirect_elsewhere (Fixture *fixture, gconstpointer data)
{
  const LlmStep other_steps[] = { { .body = fixture->good } };
  g_autoptr (LlmServer) other = llm_server_new (other_steps, 1, NULL);
  const char *target = llm_server_get_url (other);
  LlmStep steps[] = {
    { .status = 307, .header_name = "Location", .header_value = target },
    { .status = 302, .header_name = "Location", .header_value = "https://example.com/" },
    { .status = 308, .header_name = "Location", .header_value = "ftp://127.0.0.1/" },
    { .status = 301 },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_failure (fixture, KALON_ERROR_SERVICE, target);
  assert_failure (fixture, KALON_ERROR_SERVICE, "sends requests on to “https://example.com”");
  assert_failure (fixture, KALON_ERROR_SERVICE, "sends requests on to “ftp");
  assert_failure (fixture, KALON_ERROR_SERVICE, "nowhere");
  assert_requests (fixture, 4);
  g_assert_cmpuint (llm_server_get_requests (other), ==, 0);
}

static void
test_redirect_here (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 307, .header_name = "Location", .header_value = "/elsewhere?a=b" },
    { .status = 308, .header_name = "Location", .header_value = "further" },
    { .body = fixture->good },
    { .status = 307, .header_name = "Location", .header_value = "/round" },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_answer (fixture);
  g_assert_cmpstr (llm_server_get_path (fixture->server, 2), ==, "/further");
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 2), "a sea"));
  assert_failure (fixture, KALON_ERROR_SERVICE, "in a circle");
  assert_requests (fixture, 7);
}

static void
test_error_inside (Fixture *fixture, gconstpointer data)
{
  const char *busy = make_event (fixture, make_error (fixture, "overloaded_error", "full"));
  g_autofree char *begun = llm_stream (fixture->dialect, pieces, NULL);
  const LlmStep steps[] = {
    { .body = busy },
    { .body = fixture->good },
    { .body = keep (fixture, g_strconcat (begun, busy, NULL)) },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  if (fixture->dialect == KALON_LLM_OLLAMA) /* Its errors have no type. */
    assert_failure (fixture, KALON_ERROR_SERVICE, "(“full […]”)");
  assert_answer (fixture);
  assert_requests (fixture, 2);
  assert_failure (fixture, KALON_ERROR_SERVICE, "(“full […]”)");
  assert_requests (fixture, 3);
}

/* The token limit is raised once. */
static void
test_length (Fixture *fixture, gconstpointer data)
{
  static const char *const limits[]
      = { "\"max_tokens\":400", "\"num_predict\":400", "\"max_tokens\":400" };
  const LlmStep steps[] = {
    { .body = keep (fixture, llm_stream (fixture->dialect, pieces, "length")) },
    { .body = fixture->good },
    { .body = keep (fixture, llm_stream (fixture->dialect, pieces, "length")) },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_answer (fixture);
  assert_requests (fixture, 2);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 1), limits[fixture->dialect]));
  assert_failure (fixture, KALON_ERROR_SERVICE, "did not end within 400 tokens");
  assert_requests (fixture, 4);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .deed = LLM_SILENCE },
    { .deed = LLM_HALF_SILENCE,
      .body = keep (fixture, llm_stream (fixture->dialect, pieces, NULL)) },
    { .status = 503 },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  fixture->llm->limits.pause = 6000;
  /* Before the first step, and while each of them lasts. */
  for (guint i = 0; i <= G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Outcome outcome = { FALSE };

      g_string_truncate (fixture->seen, 0);
      if (i == 0)
        g_cancellable_cancel (cancellable);
      ask (fixture, cancellable, &outcome);
      while (
          !outcome.done
          && (llm_server_get_requests (fixture->server) < i || (i == 2 && fixture->seen->len == 0)))
        g_main_context_iteration (NULL, TRUE);
      /* The answer with 503 has yet to come. */
      for (guint n = 0; n < 20; n++)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      wait_for (&outcome);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_error_free (outcome.error);
    }
  assert_requests (fixture, 3);
}

static void
test_refused_connection (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = { { .body = fixture->good } };

  start (fixture, steps, 1);
  g_clear_pointer (&fixture->server, llm_server_free);
  assert_failure (fixture, KALON_ERROR_SERVICE, "Nothing listens");
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;
  g_auto (GStrv) names = kalon_llm_list_models_finish (KALON_LLM (source), result, &outcome->error);

  outcome->text = names != NULL ? g_strjoinv (" ", names) : NULL;
  outcome->done = TRUE;
}

static void
test_models (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\"object\":\"list\",\"data\":[{\"id\":\"b\"},{\"id\":\"a\"},{},7]}",
    "{\"models\":[{\"name\":\"b\",\"model\":\"b\"},{\"name\":\"a\"}]}",
    "{\"data\":[{\"type\":\"model\",\"id\":\"b\"},{\"id\":\"a\"}],\"has_more\":false}",
  };
  static const char *const paths[] = { "/v1/models", "/api/tags", "/v1/models" };
  const LlmStep steps[] = {
    { .body = bodies[fixture->dialect] },
    { .status = 401, .body = make_error (fixture, "authentication_error", "wrong") },
    { .body = "{}" },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      Outcome outcome = { FALSE };

      kalon_llm_list_models_async (fixture->llm, NULL, on_listed, &outcome);
      wait_for (&outcome);
      if (i == 0)
        g_assert_cmpstr (outcome.text, ==, "b a");
      else
        {
          g_assert_error (outcome.error, KALON_ERROR, KALON_ERROR_SERVICE);
          g_assert_null (strstr (outcome.error->message, KEY));
        }
      g_free (outcome.text);
      g_clear_error (&outcome.error);
    }
  g_assert_cmpstr (llm_server_get_path (fixture->server, 0), ==, paths[fixture->dialect]);
}

static void
test_certificate (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = { { .body = fixture->good } };
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "tls", "expired.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("GIO has no TLS here");
      return;
    }
  certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  fixture->server = llm_server_new (steps, 1, certificate);
  make_client (fixture, llm_server_get_url (fixture->server));
  assert_failure (fixture, KALON_ERROR_SERVICE, "it has expired");
  assert_requests (fixture, 0);
}

/* Somebody listens, and says nothing: TLS does not come about. */
static void
test_no_connection (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  url = g_strdup_printf ("https://127.0.0.1:%u", port);
  make_client (fixture, url);
  fixture->llm->limits.connect = 50;
  assert_failure (fixture, KALON_ERROR_SERVICE, "could not be reached");
}

/* Parameters that a server refuses: found out once. */
static void
test_adapt (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 400,
      .body = "{\"error\":{\"message\":\"Unsupported parameter: use another\",\"type\":"
              "\"invalid_request_error\",\"param\":\"max_tokens\",\"code\":"
              "\"unsupported_parameter\"}}" },
    { .status = 400,
      .body = "{\"error\":{\"message\":\"'temperature' does not support 0 with this model\"}}" },
    { .status = 400, .body = "{\"error\":{\"message\":\"Invalid schema: 'maxLength'\"}}" },
    { .status = 422, .body = "{\"detail\":\"body.response_format.type: not one of ...\"}" },
    { .status = 400, .body = "{\"error\":\"response_format is not supported\"}" },
    { .body = fixture->good },
    { .body = fixture->good },
    { .status = 400,
      .body = make_error (fixture, "invalid_request_error", "max_tokens temperature schema") },
  };
  const char *body;

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_answer (fixture);
  assert_requests (fixture, 6);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), "\"max_tokens\":100"));
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), "\"maxLength\":40"));
  g_assert_nonnull (
      strstr (llm_server_get_body (fixture->server, 1), "\"max_completion_tokens\":100"));
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 1), "\"temperature\":0"));
  g_assert_null (strstr (llm_server_get_body (fixture->server, 2), "\"temperature\""));
  body = llm_server_get_body (fixture->server, 3);
  g_assert_nonnull (strstr (body, "\"json_schema\":{\"name\":\"colour\",\"strict\":true"));
  g_assert_null (strstr (body, "\"maxLength\":40"));
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 4),
                            "\"response_format\":{\"type\":\"json_object\",\"schema\":{"));
  g_assert_null (strstr (llm_server_get_body (fixture->server, 5), "response_format"));
  assert_answer (fixture);
  assert_requests (fixture, 7);
  g_assert_cmpstr (llm_server_get_body (fixture->server, 6), ==,
                   llm_server_get_body (fixture->server, 5));
  assert_failure (fixture, KALON_ERROR_SERVICE, "refuses the request");
  assert_requests (fixture, 8);
}

static void
test_adapt_ollama (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 400, .body = "{\"error\":\"\\\"small\\\" does not support thinking\"}" },
    { .status = 400, .body = "{\"error\":\"invalid format\"}" },
    { .body = fixture->good },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_answer (fixture);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), "\"think\":false"));
  g_assert_null (strstr (llm_server_get_body (fixture->server, 1), "\"think\""));
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 1), "\"format\":{"));
  g_assert_null (strstr (llm_server_get_body (fixture->server, 2), "\"format\":{"));
}

static void
test_adapt_anthropic (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 400,
      .body
      = llm_error (fixture->dialect, "invalid_request_error", "`temperature` is deprecated") },
    { .status = 400,
      .body
      = llm_error (fixture->dialect, "invalid_request_error", "output_config: not permitted") },
    { .body = fixture->good },
  };

  keep (fixture, (char *) steps[0].body);
  keep (fixture, (char *) steps[1].body);
  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_answer (fixture);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), "\"temperature\":0"));
  g_assert_null (strstr (llm_server_get_body (fixture->server, 0), "\"maxLength\":40"));
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 1), "\"output_config\""));
  g_assert_null (strstr (llm_server_get_body (fixture->server, 2), "\"output_config\""));
}

static void
test_quota (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 429,
      .body = "{\"error\":{\"message\":\"You exceeded your quota\",\"type\":\"insufficient_quota\","
              "\"code\":\"insufficient_quota\"}}" },
  };

  start (fixture, steps, 1);
  assert_failure (fixture, KALON_ERROR_SERVICE, "quota of the key");
  assert_requests (fixture, 1);
}

static void
test_refusal (Fixture *fixture, gconstpointer data)
{
  const char *body = fixture->dialect == KALON_LLM_ANTHROPIC
                         ? "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
                           "\"refusal\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n"
                         : "data: {\"choices\":[{\"delta\":{\"refusal\":\"I can't " KEY
                           " do\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"refusal\":\" that\"},"
                           "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
  const LlmStep steps[] = {
    { .body = body },
    { .body = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n" },
  };

  start (fixture, steps, 2);
  assert_failure (fixture, KALON_ERROR_SERVICE,
                  fixture->dialect == KALON_LLM_ANTHROPIC ? "refuses to answer"
                                                          : "(“I can't … do that”)");
  if (fixture->dialect == KALON_LLM_OPENAI)
    assert_failure (fixture, KALON_ERROR_SERVICE, "refuses to answer");
}

/* Servers that put the error's members where others put "error". */
static void
test_bare_complaint (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = {
    { .status = 400,
      .body
      = "{\"object\":\"error\",\"message\":\"too hot\",\"type\":\"BadRequestError\",\"param\":"
        "null,\"code\":400}" },
    { .status = 400, .body = "{\"message\":\"too cold\",\"type\":\"invalid_request\"}" },
    { .status = 400, .body = "{\"message\":\"too wet\",\"request_id\":\"1\"}" },
    { .status = 429,
      .body = "{\"object\":\"error\",\"message\":\"no more\",\"type\":\"insufficient_quota\"}" },
    { .body = "data: {\"object\":\"error\",\"message\":\"out of memory\"}\n\n" },
  };

  start (fixture, steps, G_N_ELEMENTS (steps));
  assert_failure (fixture, KALON_ERROR_SERVICE, "(“too hot”)");
  assert_failure (fixture, KALON_ERROR_SERVICE, "(“too cold”)");
  assert_failure (fixture, KALON_ERROR_SERVICE, "(“too wet”)");
  assert_failure (fixture, KALON_ERROR_SERVICE, "The quota of the key");
  assert_failure (fixture, KALON_ERROR_SERVICE, "(“out of memory”)");
}

/* As many requests reach the server at once as the header promises. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = { { .deed = LLM_SILENCE } };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcomes[KALON_LLM_MAX_REQUESTS] = { { FALSE } };

  start (fixture, steps, 1);
  for (guint i = 0; i < KALON_LLM_MAX_REQUESTS; i++)
    ask (fixture, cancellable, &outcomes[i]);
  while (llm_server_get_requests (fixture->server) < KALON_LLM_MAX_REQUESTS)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < KALON_LLM_MAX_REQUESTS; i++)
    {
      wait_for (&outcomes[i]);
      g_assert_error (outcomes[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_error_free (outcomes[i].error);
    }
}

/* Two requests of one client at a time, each with an answer of its own. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "{}", NULL };
  const LlmStep steps[] = {
    { .body = fixture->good },
    { .body = keep (fixture, llm_stream (fixture->dialect, others, "stop")) },
  };
  Outcome first = { FALSE }, second = { FALSE };

  start (fixture, steps, 2);
  ask (fixture, NULL, &first);
  ask (fixture, NULL, &second);
  wait_for (&first);
  wait_for (&second);
  g_assert_no_error (first.error);
  g_assert_no_error (second.error);
  g_assert_cmpuint (strlen (first.text) + strlen (second.text), ==, strlen (answer) + 2);
  g_free (first.text);
  g_free (second.text);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
    int only; /* a dialect, or -1 */
  } tests[] = {
    { "answer", test_answer, -1 },
    { "whole", test_whole, -1 },
    { "wrong-key", test_wrong_key, -1 },
    { "no-model", test_no_model, -1 },
    { "forbidden", test_forbidden, -1 },
    { "busy", test_busy, -1 },
    { "retry-after", test_retry_after, -1 },
    { "passing", test_passing, -1 },
    { "break", test_break, -1 },
    { "cut", test_cut, -1 },
    { "silence", test_silence, -1 },
    { "no-end", test_no_end, -1 },
    { "picture", test_picture, -1 },
    { "flood", test_flood, -1 },
    { "encoding", test_encoding, -1 },
    { "nonsense", test_nonsense, -1 },
    { "nothing", test_nothing, -1 },
    { "redirect-elsewhere", test_redirect_elsewhere, -1 },
    { "redirect-here", test_redirect_here, -1 },
    { "error-inside", test_error_inside, -1 },
    { "length", test_length, -1 },
    { "cancel", test_cancel, -1 },
    { "refused-connection", test_refused_connection, -1 },
    { "models", test_models, -1 },
    { "certificate", test_certificate, -1 },
    { "no-connection", test_no_connection, KALON_LLM_OPENAI },
    { "two", test_two, -1 },
    { "many", test_many, -1 },
    { "bare-complaint", test_bare_complaint, KALON_LLM_OPENAI },
    { "adapt", test_adapt, KALON_LLM_OPENAI },
    { "adapt", test_adapt_ollama, KALON_LLM_OLLAMA },
    { "adapt", test_adapt_anthropic, KALON_LLM_ANTHROPIC },
    { "quota", test_quota, KALON_LLM_OPENAI },
    { "refusal", test_refusal, KALON_LLM_OPENAI },
    { "refusal", test_refusal, KALON_LLM_ANTHROPIC },
  };

  logged = g_string_new (NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (int dialect = KALON_LLM_OPENAI; dialect <= KALON_LLM_ANTHROPIC; dialect++)
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
      if (tests[i].only < 0 || tests[i].only == dialect)
        {
          g_autofree char *path
              = g_strdup_printf ("/llm/%s/%s", kalon_llm_dialect_get_name (dialect), tests[i].name);

          g_test_add (path, Fixture, GINT_TO_POINTER (dialect), set_up, tests[i].run, tear_down);
        }
  return g_test_run ();
}
