/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/kalon-vocabulary-private.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

/* Far above CLIP's 49,408; keeps a hostile id from asking for gigabytes. */
#define MAX_TOKENS (1 << 22)
#define WORD_END "</w>"

typedef struct
{
  guint64 pair; /* left << 32 | right; EMPTY: no merge here */
  guint32 rank;
  gint32 merged;
} Slot;

#define EMPTY G_MAXUINT64

struct _KalonVocabulary
{
  GHashTable *ids;     /* token -> id */
  const char **tokens; /* [size] (nullable): keys of @ids */
  gsize size;
  gint32 start;
  gint32 end;
  gint32 bytes[2][256]; /* [is_last][byte] */
  Slot *slots;          /* [n_slots] open addressing, at most half full */
  gsize n_slots;        /* a power of two */
};

/*
 * GPT-2's bytes_to_unicode(): printable Latin-1 stands for itself, the other 68 bytes for U+0100
 * and up, so that no token holds a space or a control character.
 */
static gboolean
stands_for_itself (guint byte)
{
  return (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

static gunichar
byte_to_character (guint byte)
{
  gunichar next = 0x100;

  if (stands_for_itself (byte))
    return byte;
  for (guint other = 0; other < byte; other++)
    next += !stands_for_itself (other);
  return next;
}

static gboolean
lookup (const KalonVocabulary *self, const char *token, gint32 *id)
{
  gpointer value;

  if (!g_hash_table_lookup_extended (self->ids, token, NULL, &value))
    return FALSE;
  *id = GPOINTER_TO_INT (value);
  return TRUE;
}

static gboolean
load_tokens (KalonVocabulary *self, GBytes *vocab, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  KalonSection section = { .file = "vocab.json" };
  JsonObjectIter iter;
  const char *data, *token;
  JsonNode *node;
  gint64 largest = -1;
  gsize length;

  data = g_bytes_get_data (vocab, &length);
  root = kalon_input_parse_json (data, length, "vocab.json", error);
  if (root == NULL)
    return FALSE;
  section.object = json_node_get_object (root);
  json_object_iter_init (&iter, section.object);
  while (json_object_iter_next (&iter, &token, &node))
    {
      g_autofree char *quoted = NULL;
      gint64 id = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
                      ? json_node_get_int (node)
                      : -1;

      if (id < 0 || id >= MAX_TOKENS)
        {
          quoted = kalon_input_quote (token);
          return kalon_section_refuse (&section, quoted, error, "must be an integer from 0 to %d.",
                                       MAX_TOKENS - 1);
        }
      largest = MAX (largest, id);
      g_hash_table_insert (self->ids, g_strdup (token), GINT_TO_POINTER ((gint32) id));
    }
  self->size = (gsize) (largest + 1);
  return TRUE;
}

static gboolean
index_tokens (KalonVocabulary *self, GError **error)
{
  KalonSection section = { .file = "vocab.json" };
  GHashTableIter iter;
  gpointer token, id;

  self->tokens = g_new0 (const char *, self->size);
  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &token, &id))
    {
      if (self->tokens[GPOINTER_TO_INT (id)] != NULL)
        {
          g_autofree char *quoted = kalon_input_quote (token);

          return kalon_section_refuse (&section, quoted, error, "has the id of another token, %d.",
                                       GPOINTER_TO_INT (id));
        }
      self->tokens[GPOINTER_TO_INT (id)] = token;
    }
  if (!lookup (self, KALON_VOCABULARY_START, &self->start))
    return kalon_section_refuse (&section, KALON_VOCABULARY_START, error, "is missing.");
  if (!lookup (self, KALON_VOCABULARY_END, &self->end))
    return kalon_section_refuse (&section, KALON_VOCABULARY_END, error, "is missing.");
  return TRUE;
}

static void
index_bytes (KalonVocabulary *self)
{
  for (guint byte = 0; byte < 256; byte++)
    {
      char symbol[6 + sizeof WORD_END];
      int n = g_unichar_to_utf8 (byte_to_character (byte), symbol);

      symbol[n] = '\0';
      if (!lookup (self, symbol, &self->bytes[FALSE][byte]))
        self->bytes[FALSE][byte] = self->end;
      strcpy (symbol + n, WORD_END);
      if (!lookup (self, symbol, &self->bytes[TRUE][byte]))
        self->bytes[TRUE][byte] = self->end;
    }
}

static Slot *
find_slot (const KalonVocabulary *self, gint32 left, gint32 right)
{
  guint64 pair = (guint64) left << 32 | (guint32) right;
  /* Fibonacci hashing (Knuth, TAOCP 3, 6.4): the high bits of a product with 2^64 / phi. */
  gsize i = (gsize) ((pair * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32) & (self->n_slots - 1);

  while (self->slots[i].pair != EMPTY && self->slots[i].pair != pair)
    i = (i + 1) & (self->n_slots - 1);
  return &self->slots[i];
}

/* @line: "left right", NUL-terminated, taken apart. */
static gboolean
add_merge (KalonVocabulary *self, char *line, guint32 rank, guint number, GError **error)
{
  char *space = strchr (line, ' ');
  g_autofree char *merged = NULL;
  g_autofree char *quoted = NULL;
  const char *missing = NULL;
  gint32 left = 0, right = 0, id = 0;
  Slot *slot;

  if (space == NULL || space == line || space[1] == '\0' || strchr (space + 1, ' ') != NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "merges.txt: line %u is not two tokens with a space between them.", number);
      return FALSE;
    }
  *space = '\0';
  merged = g_strconcat (line, space + 1, NULL);
  if (!lookup (self, line, &left))
    missing = line;
  else if (!lookup (self, space + 1, &right))
    missing = space + 1;
  else if (!lookup (self, merged, &id))
    missing = merged;
  if (missing != NULL)
    {
      quoted = kalon_input_quote (missing);
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "merges.txt: line %u: “%s” is not in vocab.json. The two files belong to "
                   "different models.",
                   number, quoted);
      return FALSE;
    }
  slot = find_slot (self, left, right);
  /* A pair that comes twice takes its last rank, as in transformers. */
  *slot = (Slot){
    .pair = (guint64) left << 32 | (guint32) right,
    .rank = rank,
    .merged = id,
  };
  return TRUE;
}

static gboolean
load_merges (KalonVocabulary *self, GBytes *merges, GError **error)
{
  gsize length, n_lines = 1;
  const char *data = g_bytes_get_data (merges, &length);
  g_autofree char *text = NULL;
  guint32 rank = 0;
  guint number = 0;
  char *line, *end;

  text = g_strndup (data != NULL ? data : "", length);
  for (const char *p = text; *p != '\0'; p++)
    n_lines += *p == '\n';
  self->n_slots = 16;
  while (self->n_slots < 2 * n_lines)
    self->n_slots *= 2;
  self->slots = g_new (Slot, self->n_slots);
  for (gsize i = 0; i < self->n_slots; i++)
    self->slots[i].pair = EMPTY;

  for (line = text; line != NULL; line = end)
    {
      end = strchr (line, '\n');
      if (end != NULL)
        *end++ = '\0';
      g_strchomp (line);
      number++;
      if (*line == '\0' || (number == 1 && g_str_has_prefix (line, "#version")))
        continue;
      if (!add_merge (self, line, rank++, number, error))
        return FALSE;
    }
  return TRUE;
}

KalonVocabulary *
kalon_vocabulary_new (GBytes *vocab, GBytes *merges, GError **error)
{
  g_autoptr (KalonVocabulary) self = g_new0 (KalonVocabulary, 1);

  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!load_tokens (self, vocab, error) || !index_tokens (self, error))
    return NULL;
  index_bytes (self);
  if (!load_merges (self, merges, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
kalon_vocabulary_free (KalonVocabulary *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_free (self->tokens);
  g_free (self->slots);
  g_free (self);
}

gsize
kalon_vocabulary_get_size (const KalonVocabulary *self)
{
  return self->size;
}

gint32
kalon_vocabulary_get_start (const KalonVocabulary *self)
{
  return self->start;
}

gint32
kalon_vocabulary_get_end (const KalonVocabulary *self)
{
  return self->end;
}

gint32
kalon_vocabulary_get_byte (const KalonVocabulary *self, guint8 byte, gboolean is_last)
{
  return self->bytes[is_last][byte];
}

gboolean
kalon_vocabulary_get_merge (const KalonVocabulary *self, gint32 left, gint32 right, guint32 *rank,
                            gint32 *merged)
{
  const Slot *slot = find_slot (self, left, right);

  if (slot->pair == EMPTY)
    return FALSE;
  *rank = slot->rank;
  *merged = slot->merged;
  return TRUE;
}

void
kalon_vocabulary_append_text (const KalonVocabulary *self, gint32 id, GString *text)
{
  const char *token;

  if (id < 0 || (gsize) id >= self->size || id == self->start || id == self->end)
    return;
  token = self->tokens[id];
  for (const char *p = token; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_str_equal (p, WORD_END))
        {
          g_string_append_c (text, ' ');
          break;
        }
      if (c < 0x100)
        g_string_append_c (text, (char) c);
      else
        for (guint byte = 0; byte < 256; byte++)
          if (byte_to_character (byte) == c)
            g_string_append_c (text, (char) byte);
    }
}
