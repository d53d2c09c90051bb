/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

static const char *const style_names[KALON_N_REPHRASE_STYLES]
    = { "original", "detail", "k-list", "kw-dict", "repeat", "reorg" };
static const char *const source_names[] = { "none", "built-in", "llm", "cache" };

const char *
kalon_rephrase_style_get_name (KalonRephraseStyle style)
{
  g_return_val_if_fail (style < KALON_N_REPHRASE_STYLES, NULL);

  return style_names[style];
}

gboolean
kalon_rephrase_style_from_name (const char *name, KalonRephraseStyle *style)
{
  for (guint i = 0; i < KALON_N_REPHRASE_STYLES; i++)
    if (g_strcmp0 (name, style_names[i]) == 0)
      {
        *style = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
kalon_rephrase_style_asks (KalonRephraseStyle style)
{
  return style != KALON_REPHRASE_ORIGINAL && style != KALON_REPHRASE_REPEAT;
}

const char *
kalon_rephrase_source_get_name (KalonRephraseSource source)
{
  g_return_val_if_fail (source < G_N_ELEMENTS (source_names), NULL);

  return source_names[source];
}

static void
rephrasing_clear (gpointer data)
{
  KalonRephrasing *self = data;

  g_free (self->query);
  g_free (self->text);
  g_free (self->language);
  g_strfreev (self->filters);
  g_free (self->notice);
}

KalonRephrasing *
kalon_rephrasing_ref (const KalonRephrasing *self)
{
  return g_atomic_rc_box_acquire ((KalonRephrasing *) self);
}

void
kalon_rephrasing_unref (KalonRephrasing *self)
{
  g_atomic_rc_box_release_full (self, rephrasing_clear);
}

static gsize
count_words (const char *text)
{
  gsize n = 0;

  for (gsize i = 0; text[i] != '\0'; i++)
    n += text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
  return n;
}

/* Whether @text fits; @n_tokens: (out): what it takes, and @n_dropped: (out): what was left out of
 * it, when there is a tokenizer. */
static gboolean
fits (const KalonRephraseRequest *request, const char *text, gsize *n_tokens, gsize *n_dropped)
{
  g_autofree gint32 *tokens = NULL;

  *n_tokens = *n_dropped = 0;
  if (request->tokenizer == NULL)
    return count_words (text) <= KALON_REPHRASE_MAX_WORDS;
  tokens = g_new (gint32, request->context_length);
  *n_tokens = kalon_tokenizer_encode (request->tokenizer, text, request->context_length, 0, tokens,
                                      n_dropped);
  return *n_dropped == 0;
}

/* Takes the last word off @text, but leaves the first @keep bytes. */
static void
drop_word (GString *text, gsize keep)
{
  gsize end = text->len;

  while (end > keep && text->str[end - 1] != ' ')
    end--;
  while (end > keep && strchr (" ,;:-", text->str[end - 1]) != NULL)
    end--;
  g_string_truncate (text, end);
}

/* (transfer full): @base and as much of @additions as fits behind it. */
static char *
fit (const KalonRephraseRequest *request, const char *base, const char *additions,
     KalonRephrasing *self)
{
  GString *text = g_string_new (base);
  gsize keep = strlen (base);

  if (additions != NULL && additions[0] != '\0')
    g_string_append_printf (text, ", %s", additions);
  while (!fits (request, text->str, &self->n_tokens, &self->n_dropped_tokens) && text->len > keep)
    {
      drop_word (text, keep);
      self->n_trimmed++;
    }
  return g_string_free (text, FALSE);
}

static char **
dup_filters (GPtrArray *filters)
{
  GPtrArray *copy = g_ptr_array_new ();

  for (guint i = 0; filters != NULL && i < filters->len; i++)
    g_ptr_array_add (copy, g_strdup (filters->pdata[i]));
  g_ptr_array_add (copy, NULL);
  return (char **) g_ptr_array_free (copy, FALSE);
}

KalonRephrasing *
kalon_rephrasing_new (const KalonRephraseRequest *request, const KalonRephraseParts *parts)
{
  KalonRephrasing *self = g_atomic_rc_box_new0 (KalonRephrasing);

  self->query = kalon_query_clean (request->query);
  self->style = request->style;
  self->language = g_strdup (parts->language);
  self->translated = parts->english != NULL;
  self->filters = dup_filters (parts->filters);
  self->source = parts->source;
  self->template_version = parts->template_version;
  self->stands_in = parts->stands_in;
  self->notice = g_strdup (parts->notice);
  self->budget = request->tokenizer != NULL ? request->context_length : 0;
  /* Another order that does not fit would lose words of the query: then its own order stays. */
  if (parts->text != NULL && fits (request, parts->text, &self->n_tokens, &self->n_dropped_tokens))
    self->text = g_strdup (parts->text);
  else
    self->text = fit (request, parts->english != NULL ? parts->english : self->query,
                      parts->additions, self);
  return self;
}
