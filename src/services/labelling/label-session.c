/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling-private.h"

#include <string.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

/* Bytes of a labeler's name: beyond it nobody reads a table. */
#define MAX_NAME 100

G_DEFINE_FINAL_TYPE (KalonLabelSession, kalon_label_session, G_TYPE_OBJECT)

const KalonLabelStep *
kalon_label_session_get_step (KalonLabelSession *self, guint position)
{
  return &g_array_index (self->steps, KalonLabelStep, position);
}

const KalonHpirItem *
kalon_label_session_get_item (KalonLabelSession *self, guint position)
{
  return g_ptr_array_index (self->set->items, kalon_label_session_get_step (self, position)->item);
}

void
kalon_label_session_find_first_open (KalonLabelSession *self)
{
  while (self->first_open < self->steps->len && self->answers[self->first_open].is_answered)
    self->first_open++;
}

/* Opening */

/* What @lines say of this labeler: the answers, and in @traits (transfer none) (nullable) the
 * last that was written down. */
static void
take_lines (KalonLabelSession *self, GPtrArray *lines, GHashTable **traits)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->steps->len; i++)
    g_hash_table_insert (places,
                         g_strdup_printf ("%u\n%s", kalon_label_session_get_step (self, i)->repeat,
                                          kalon_label_session_get_item (self, i)->id),
                         &self->answers[i]);
  for (guint i = 0; i < lines->len; i++)
    {
      const KalonLabelLine *line = g_ptr_array_index (lines, i);
      g_autofree char *key = NULL;
      KalonLabelAnswer *answer;

      if (!g_str_equal (line->labeler, self->labeler))
        continue;
      if (line->item == NULL)
        {
          *traits = line->traits;
          continue;
        }
      key = g_strdup_printf ("%u\n%s", line->label.repeat, line->item);
      answer = g_hash_table_lookup (places, key);
      if (answer == NULL)
        continue;
      answer->is_answered = TRUE;
      memcpy (answer->votes, line->label.votes, sizeof answer->votes);
    }
}

static gboolean
traits_equal (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer key, value;

  if (a == NULL || b == NULL || g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (g_hash_table_lookup (b, key), value) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
write_traits (KalonLabelSession *self, GHashTable *traits, GError **error)
{
  const KalonLabelLine line = { .labeler = self->labeler,
                                .traits = traits,
                                .label.time = g_get_real_time () / G_USEC_PER_SEC };
  g_autofree char *text = kalon_label_line_to_text (&line);

  return kalon_label_log_append (self->log_path, text, error);
}

/* (transfer full): %NULL: nobody is called that. */
static char *
dup_name (const char *labeler, GError **error)
{
  g_autofree char *name = g_utf8_make_valid (labeler, -1);

  g_strstrip (name);
  if (*name != '\0' && strlen (name) <= MAX_NAME)
    return g_steal_pointer (&name);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The name of a labeler is 1 to %d bytes. Give a name or a pseudonym.", MAX_NAME);
  return NULL;
}

KalonLabelSession *
kalon_label_session_open (const char *library_directory, const char *id, const char *labeler,
                          GHashTable *traits, GError **error)
{
  g_autoptr (KalonLabelSession) self = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *directory = NULL;
  GHashTable *known = NULL;
  KalonLabelHead head;

  g_return_val_if_fail (id != NULL && labeler != NULL, NULL);

  self = g_object_new (KALON_TYPE_LABEL_SESSION, NULL);
  self->labeler = dup_name (labeler, error);
  if (self->labeler == NULL || (traits != NULL && !kalon_label_traits_check (traits, error)))
    return NULL;
  directory = kalon_label_set_dup_directory (library_directory, id, error);
  if (directory == NULL)
    return NULL;
  self->log_path = g_build_filename (directory, KALON_LABELS_FILE, NULL);
  /* Before the answers are read: from then on nobody else adds to them. */
  self->lock = kalon_label_log_lock (directory, self->labeler, error);
  if (self->lock < 0)
    return NULL;
  self->set = kalon_label_set_read (library_directory, id, &head, &lines, error);
  if (self->set == NULL)
    return NULL;
  kalon_label_set_follow_pictures (self->set, library_directory);
  self->steps = kalon_label_order_draw (&head, self->labeler, self->set->items->len);
  self->answers = g_new0 (KalonLabelAnswer, MAX (self->steps->len, 1));
  take_lines (self, lines, &known);
  if (traits != NULL && !traits_equal (traits, known) && !write_traits (self, traits, error))
    return NULL;
  kalon_label_session_find_first_open (self);
  self->position = self->first_open;
  return g_steal_pointer (&self);
}

/* Looking */

static gboolean
peek_at (KalonLabelSession *self, guint position, KalonLabelTask *task)
{
  const KalonLabelStep *step;

  if (position >= self->steps->len)
    return FALSE;
  step = kalon_label_session_get_step (self, position);
  *task = (KalonLabelTask){ kalon_label_session_get_item (self, position), step->swapped,
                            step->repeat };
  return TRUE;
}

gboolean
kalon_label_session_peek (KalonLabelSession *self, KalonLabelTask *task)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self) && task != NULL, FALSE);

  return peek_at (self, self->position, task);
}

gboolean
kalon_label_session_peek_next (KalonLabelSession *self, KalonLabelTask *task)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self) && task != NULL, FALSE);

  return peek_at (self, self->position + 1, task);
}

gboolean
kalon_label_session_go_back (KalonLabelSession *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), FALSE);

  if (self->position == 0)
    return FALSE;
  self->position--;
  return TRUE;
}

gboolean
kalon_label_session_go_on (KalonLabelSession *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), FALSE);

  if (self->position >= self->first_open)
    return FALSE;
  self->position++;
  return TRUE;
}

gboolean
kalon_label_session_get_answer (KalonLabelSession *self, KalonHpirVote votes[KALON_N_HPIR_ASPECTS])
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), FALSE);

  if (self->position >= self->steps->len || !self->answers[self->position].is_answered)
    return FALSE;
  memcpy (votes, self->answers[self->position].votes, sizeof self->answers->votes);
  return TRUE;
}

const char *
kalon_label_session_get_labeler (KalonLabelSession *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), NULL);

  return self->labeler;
}

const KalonHpirSet *
kalon_label_session_get_set (KalonLabelSession *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), NULL);

  return self->set;
}

guint
kalon_label_session_get_n_tasks (KalonLabelSession *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), 0);

  return self->steps->len;
}

guint
kalon_label_session_get_n_done (KalonLabelSession *self)
{
  guint n = 0;

  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), 0);

  for (guint i = 0; i < self->steps->len; i++)
    n += self->answers[i].is_answered ? 1 : 0;
  return n;
}

guint
kalon_label_session_get_position (KalonLabelSession *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), 0);

  return self->position;
}

static void
kalon_label_session_finalize (GObject *object)
{
  KalonLabelSession *self = KALON_LABEL_SESSION (object);

  /* After the last answer that is being written: a task holds its session. */
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->labeler);
  g_free (self->log_path);
  g_clear_pointer (&self->set, kalon_hpir_set_free);
  g_clear_pointer (&self->steps, g_array_unref);
  g_free (self->answers);
  G_OBJECT_CLASS (kalon_label_session_parent_class)->finalize (object);
}

static void
kalon_label_session_class_init (KalonLabelSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_label_session_finalize;
}

static void
kalon_label_session_init (KalonLabelSession *self)
{
  self->lock = -1;
}
