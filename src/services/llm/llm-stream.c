/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Three framings, told apart by how the response begins, since servers are careless about its type:
 *   server-sent events   "data: {...}" up to a blank line, ": comment" and "event: name" between
 *                        (WHATWG HTML, section 9.2); the end may be "data: [DONE]"
 *   NDJSON               an object a line (Ollama)
 *   one document         from a server that does not stream
 */

#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <string.h>

typedef enum
{
  FRAMING_UNKNOWN,
  FRAMING_EVENTS,
  FRAMING_LINES,
  FRAMING_DOCUMENT,
} Framing;

struct _KalonLlmReader
{
  KalonLlm *llm;
  Framing framing;
  GString *line;  /* not ended yet; in a document all of it */
  GString *event; /* the data lines of an event */
  KalonLlmAnswer answer;
  KalonLlmComplaint *complaint; /* (nullable) */
};

KalonLlmReader *
kalon_llm_reader_new (KalonLlm *llm)
{
  KalonLlmReader *reader = g_new0 (KalonLlmReader, 1);

  reader->llm = g_object_ref (llm);
  reader->line = g_string_new (NULL);
  reader->event = g_string_new (NULL);
  reader->answer.text = g_string_new (NULL);
  reader->answer.refusal = g_string_new (NULL);
  return reader;
}

void
kalon_llm_reader_free (KalonLlmReader *reader)
{
  g_object_unref (reader->llm);
  g_string_free (reader->line, TRUE);
  g_string_free (reader->event, TRUE);
  g_string_free (reader->answer.text, TRUE);
  g_string_free (reader->answer.refusal, TRUE);
  g_clear_pointer (&reader->complaint, kalon_llm_complaint_free);
  g_free (reader);
}

static gboolean
refuse_encoding (KalonLlmReader *reader, GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
               "%s sent text that is not UTF-8: try again, or take another model.",
               reader->llm->host);
  return FALSE;
}

static gboolean
read_object (KalonLlmReader *reader, const char *data, gsize length, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  gsize before = reader->answer.text->len;

  if (!g_utf8_validate_len (data, length, NULL))
    return refuse_encoding (reader, error);
  node = kalon_input_parse_json (data, length, "answer", NULL);
  if (node == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s sent something that is no answer of an “%s” server: check the address and "
                   "the dialect.",
                   reader->llm->host, reader->llm->protocol->name);
      return FALSE;
    }
  if (reader->complaint == NULL)
    reader->complaint = kalon_llm_read_complaint (json_node_get_object (node));
  if (reader->complaint == NULL)
    reader->llm->protocol->read (json_node_get_object (node), &reader->answer);
  /* An escape in JSON can name half a character. */
  if (!g_utf8_validate_len (reader->answer.text->str + before, reader->answer.text->len - before,
                            NULL))
    return refuse_encoding (reader, error);
  return TRUE;
}

static gboolean
end_event (KalonLlmReader *reader, GError **error)
{
  gboolean read = TRUE;

  if (g_str_equal (reader->event->str, "[DONE]"))
    reader->answer.ended = TRUE;
  else if (reader->event->len > 0)
    read = read_object (reader, reader->event->str, reader->event->len, error);
  g_string_truncate (reader->event, 0);
  return read;
}

static gboolean
end_line (KalonLlmReader *reader, GError **error)
{
  GString *line = reader->line;
  gboolean read = TRUE;

  if (line->len > 0 && line->str[line->len - 1] == '\r')
    g_string_truncate (line, line->len - 1);
  if (reader->framing == FRAMING_LINES)
    read = line->len == 0 || read_object (reader, line->str, line->len, error);
  else if (line->len == 0)
    read = end_event (reader, error);
  else if (g_str_has_prefix (line->str, "data:"))
    {
      gsize skip = strlen ("data:") + (line->str[strlen ("data:")] == ' ');

      if (reader->event->len > 0)
        g_string_append_c (reader->event, '\n');
      g_string_append_len (reader->event, line->str + skip, line->len - skip);
    }
  g_string_truncate (line, 0);
  return read;
}

static gboolean
find_framing (KalonLlmReader *reader, char first, GError **error)
{
  if (first == '<')
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s answers with a web page: the address is not that of a language-model "
                   "server, or lacks a part such as “/v1”.",
                   reader->llm->host);
      return FALSE;
    }
  reader->framing = reader->llm->protocol->line_delimited ? FRAMING_LINES
                    : first == '{'                        ? FRAMING_DOCUMENT
                                                          : FRAMING_EVENTS;
  return TRUE;
}

gboolean
kalon_llm_reader_push (KalonLlmReader *reader, const char *data, gsize length, GError **error)
{
  while (length > 0)
    {
      const char *end;
      gsize n;

      if (reader->framing == FRAMING_UNKNOWN)
        {
          if (g_ascii_isspace (*data))
            {
              data++;
              length--;
              continue;
            }
          if (!find_framing (reader, *data, error))
            return FALSE;
        }
      end = reader->framing == FRAMING_DOCUMENT ? NULL : memchr (data, '\n', length);
      n = end != NULL ? (gsize) (end - data) : length;
      g_string_append_len (reader->line, data, n);
      if (end == NULL)
        return TRUE;
      if (!end_line (reader, error))
        return FALSE;
      data += n + 1;
      length -= n + 1;
    }
  return TRUE;
}

gboolean
kalon_llm_reader_end (KalonLlmReader *reader, GError **error)
{
  /* What was cut off in the middle is no JSON, but not the server's way of speaking either: that
   * the end is missing will be said. */
  g_autoptr (GError) ignored = NULL;

  if (reader->framing == FRAMING_DOCUMENT)
    return read_object (reader, reader->line->str, reader->line->len, error);
  if (!reader->answer.ended && end_line (reader, &ignored))
    end_event (reader, NULL);
  return TRUE;
}

const KalonLlmAnswer *
kalon_llm_reader_get_answer (KalonLlmReader *reader)
{
  return &reader->answer;
}

const KalonLlmComplaint *
kalon_llm_reader_get_complaint (KalonLlmReader *reader)
{
  return reader->complaint;
}
