/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "config.h"

#include "errors/kalon-errors.h"

#include <signal.h>

struct _KalonPeer
{
  GSubprocess *process;
  GDataInputStream *answers;
  JsonParser *description;
  GStrv names;
};

static JsonObject *
parse_object (JsonParser *parser, const char *line, GError **error)
{
  JsonNode *root;

  if (!json_parser_load_from_data (parser, line, -1, error))
    return NULL;
  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return json_node_get_object (root);
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA, "The peer answered “%s”.", line);
  return NULL;
}

static JsonObject *
read_answer (KalonPeer *peer, JsonParser *parser, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *line = g_data_input_stream_read_line (peer->answers, NULL, NULL, &reason);

  if (line != NULL)
    return parse_object (parser, line, error);
  g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
               "The peer program ended%s%s. It needs a Python with the peer's packages: set "
               "KALON_PYTHON to one (see tests/bench/README.md).",
               reason != NULL ? ": " : "", reason != NULL ? reason->message : "");
  return NULL;
}

static GStrv
dup_names (JsonObject *description)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (description, "peers");
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (names, json_array_get_string_element (array, i));
  return g_strv_builder_end (names);
}

KalonPeer *
kalon_peer_start (char **argv, GError **error)
{
  g_autoptr (KalonPeer) peer = g_new0 (KalonPeer, 1);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *script = g_build_filename (KALON_SOURCE_BENCH_DIR, argv[0], NULL);
  const char *python = g_getenv ("KALON_PYTHON");
  JsonObject *description;

  g_ptr_array_add (arguments, (gpointer) (python != NULL ? python : "python3"));
  g_ptr_array_add (arguments, script);
  for (gsize i = 1; argv[i] != NULL; i++)
    g_ptr_array_add (arguments, argv[i]);
  g_ptr_array_add (arguments, NULL);

  peer->process
      = g_subprocess_newv ((const char *const *) arguments->pdata,
                           G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
  if (peer->process == NULL)
    return NULL;
  peer->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (peer->process));
  peer->description = json_parser_new ();
  description = read_answer (peer, peer->description, error);
  if (description == NULL)
    return NULL;
  peer->names = dup_names (description);
  return g_steal_pointer (&peer);
}

void
kalon_peer_stop (KalonPeer *peer)
{
  /* The end of its stdin is its sign to end. */
  if (peer->process != NULL)
    {
      g_output_stream_close (g_subprocess_get_stdin_pipe (peer->process), NULL, NULL);
      g_subprocess_wait (peer->process, NULL, NULL);
    }
  g_clear_object (&peer->answers);
  g_clear_object (&peer->process);
  g_clear_object (&peer->description);
  g_strfreev (peer->names);
  g_free (peer);
}

GStrv
kalon_peer_get_names (KalonPeer *peer)
{
  return peer->names;
}

JsonObject *
kalon_peer_get_description (KalonPeer *peer)
{
  return json_node_get_object (json_parser_get_root (peer->description));
}

gboolean
kalon_peer_measure (KalonPeer *peer, const char *name, gsize n, double *rate, GError **error)
{
  GOutputStream *requests = g_subprocess_get_stdin_pipe (peer->process);
  g_autofree char *line = g_strdup_printf ("%s %" G_GSIZE_FORMAT "\n", name, n);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *answer;

  if (!g_output_stream_write_all (requests, line, strlen (line), NULL, NULL, error)
      || !g_output_stream_flush (requests, NULL, error))
    return FALSE;
  answer = read_answer (peer, parser, error);
  if (answer == NULL)
    return FALSE;
  *rate = json_object_get_double_member_with_default (answer, "rate", 0);
  if (*rate > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA, "The peer %s gave no rate for %s.",
               name, line);
  return FALSE;
}
