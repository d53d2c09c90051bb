/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include "errors/kalon-errors.h"
#include "labels/kalon-labels.h"

#include <math.h>
#include <string.h>

/* Fewer say too little of what a picture shows. */
#define MIN_QUERY_WORDS 3

/* English words of three letters and more that say nothing of what is to be seen. */
static const char *const empty_words[]
    = { "the",   "and",  "with",  "his",   "her",  "its",   "their", "are",     "was",  "for",
        "from",  "into", "onto",  "that",  "this", "which", "while", "who",     "has",  "have",
        "being", "them", "there", "other", "some", "very",  "also",  "another", "they", NULL };

static void
subject_free (gpointer data)
{
  KalonSubject *subject = data;

  g_free (subject->text);
  g_clear_pointer (&subject->pictures, g_array_unref);
  g_array_unref (subject->words);
  g_free (subject);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

/* Sorts them and takes out what is there twice. */
static void
make_set (GArray *numbers)
{
  guint kept = 0;

  g_array_sort (numbers, compare_numbers);
  for (guint i = 0; i < numbers->len; i++)
    if (i == 0 || g_array_index (numbers, guint32, i) != g_array_index (numbers, guint32, kept - 1))
      g_array_index (numbers, guint32, kept++) = g_array_index (numbers, guint32, i);
  g_array_set_size (numbers, kept);
}

/* Adds the numbers of the words of @text to @words. @vocabulary: char * -> number + 1, grows. */
static void
add_words (GHashTable *vocabulary, const char *text, GArray *words)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  const char *start = lower;

  while (*start != '\0')
    {
      const char *end = start;
      gsize length = 0;
      g_autofree char *word = NULL;
      guint32 number;

      for (; *end != '\0' && g_unichar_isalnum (g_utf8_get_char (end));
           end = g_utf8_next_char (end))
        length++;
      word = g_strndup (start, end - start);
      start = *end != '\0' ? g_utf8_next_char (end) : end;
      if (length < 3 || g_strv_contains (empty_words, word))
        continue;
      number = GPOINTER_TO_UINT (g_hash_table_lookup (vocabulary, word));
      if (number == 0)
        {
          number = g_hash_table_size (vocabulary) + 1;
          g_hash_table_insert (vocabulary, g_steal_pointer (&word), GUINT_TO_POINTER (number));
        }
      number--;
      g_array_append_val (words, number);
    }
}

/* (transfer none) */
static KalonSubject *
add_subject (KalonSource *source, GHashTable *vocabulary, const char *text)
{
  KalonSubject *subject = g_new0 (KalonSubject, 1);

  subject->text = g_strdup (text);
  subject->words = g_array_new (FALSE, FALSE, sizeof (guint32));
  add_words (vocabulary, text, subject->words);
  make_set (subject->words);
  g_ptr_array_add (source->subjects, subject);
  return subject;
}

static void
add_captioned (KalonSource *source, GHashTable *vocabulary, const char *path, GPtrArray *captions)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint c = 0; c < captions->len; c++)
    {
      const char *caption = g_ptr_array_index (captions, c);
      KalonSubject *subject = add_subject (source, vocabulary, caption);

      subject->picture = source->paths->len;
      g_array_append_vals (words, subject->words->data, subject->words->len);
      if (subject->words->len < MIN_QUERY_WORDS)
        g_ptr_array_remove_index (source->subjects, source->subjects->len - 1);
    }
  make_set (words);
  g_ptr_array_add (source->words, words);
  g_ptr_array_add (source->paths, g_strdup (path));
}

static gboolean
read_captions (KalonSource *source, const KalonSyntheticOptions *options, GHashTable *vocabulary,
               GPtrArray *failures, GError **error)
{
  g_autoptr (GPtrArray) labels = kalon_labels_read (options->captions, &kalon_caption_form, error);
  g_auto (KalonCaptioned) captioned = { 0 };

  if (labels == NULL)
    return FALSE;
  kalon_labels_group_captions (labels, options->images, &captioned);
  for (guint i = 0; i < captioned.paths->len; i++)
    {
      const char *path = g_ptr_array_index (captioned.paths, i);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        add_captioned (source, vocabulary, path, g_ptr_array_index (captioned.captions, i));
      else
        g_ptr_array_add (failures,
                         kalon_failure_new (path, "There is no such file: it is left out."));
    }
  source->weights = g_new0 (double, g_hash_table_size (vocabulary));
  for (guint i = 0; i < source->words->len; i++)
    {
      const GArray *words = g_ptr_array_index (source->words, i);

      for (guint w = 0; w < words->len; w++)
        source->weights[g_array_index (words, guint32, w)]++;
    }
  for (guint w = 0; w < g_hash_table_size (vocabulary); w++)
    source->weights[w] = log (source->paths->len / MAX (source->weights[w], 1));
  return TRUE;
}

/* (transfer full) (nullable): folder -> its first name, both borrowed */
static GHashTable *
index_names (GPtrArray *labels)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = labels->len; i > 0; i--)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i - 1);

      g_hash_table_insert (names, label->fields[0], label->fields[1]);
    }
  return names;
}

static gboolean
read_classes (KalonSource *source, const KalonSyntheticOptions *options, GHashTable *vocabulary,
              GPtrArray *failures, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GPtrArray) folders = NULL;
  g_autoptr (GHashTable) names = NULL;
  g_autoptr (GHashTable) classes = g_hash_table_new (g_str_hash, g_str_equal);

  if (options->names != NULL)
    {
      labels = kalon_labels_read (options->names, &kalon_class_name_form, error);
      if (labels == NULL)
        return FALSE;
      names = index_names (labels);
    }
  folders = kalon_class_folders_list (options->classes, failures, NULL, NULL, cancellable, error);
  for (guint f = 0; folders != NULL && f < folders->len; f++)
    {
      const KalonClassFolder *folder = g_ptr_array_index (folders, f);
      g_autofree char *own = kalon_class_folder_dup_own_name (folder->name);
      const char *name = names != NULL ? g_hash_table_lookup (names, folder->name) : own;
      KalonSubject *subject;

      if (name == NULL)
        continue;
      /* Folders of one name are one class. */
      subject = g_hash_table_lookup (classes, name);
      if (subject == NULL)
        {
          subject = add_subject (source, vocabulary, name);
          subject->pictures = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_hash_table_insert (classes, subject->text, subject);
        }
      for (guint i = 0; i < folder->paths->len; i++)
        {
          g_array_append_val (subject->pictures, source->paths->len);
          g_ptr_array_add (source->paths, g_strdup (g_ptr_array_index (folder->paths, i)));
        }
    }
  return folders != NULL;
}

gboolean
kalon_source_read (KalonSource *source, const KalonSyntheticOptions *options, GPtrArray *failures,
                   GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) vocabulary = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean is_read;

  source->paths = g_ptr_array_new_with_free_func (g_free);
  source->subjects = g_ptr_array_new_with_free_func (subject_free);
  source->words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  is_read = options->captions != NULL
                ? read_captions (source, options, vocabulary, failures, error)
                : read_classes (source, options, vocabulary, failures, cancellable, error);
  if (!is_read)
    return FALSE;
  source->is_bad = g_new0 (gboolean, source->paths->len);
  if (source->subjects->len > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "There is nothing to make queries of: %s. Name other files.",
               options->captions != NULL ? "no picture has a caption of three words"
                                         : "no sub-folder has a name in the file");
  return FALSE;
}

void
kalon_source_clear (KalonSource *source)
{
  g_clear_pointer (&source->paths, g_ptr_array_unref);
  g_clear_pointer (&source->subjects, g_ptr_array_unref);
  g_clear_pointer (&source->words, g_ptr_array_unref);
  g_clear_pointer (&source->weights, g_free);
  g_clear_pointer (&source->is_bad, g_free);
}
