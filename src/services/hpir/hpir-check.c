/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <math.h>
#include <string.h>

/* @pictures: what is known already, by path: the reason why it cannot be used, "" when it can */
typedef struct
{
  const KalonHpirSet *set;
  KalonHpirCheck *check;
  GHashTable *pictures;
  GHashTable *questions; /* query and groups as one text -> KalonHpirItem */
  gsize n_without_hash;
  gsize n_without_votes;
} Checker;

static void
problem_free (gpointer data)
{
  KalonHpirProblem *problem = data;

  g_free (problem->item);
  g_free (problem->text);
  g_free (problem);
}

void
kalon_hpir_check_free (KalonHpirCheck *check)
{
  if (check == NULL)
    return;
  g_ptr_array_unref (check->problems);
  g_free (check);
}

/* Takes @text. @item: (nullable) */
static void
add_problem (KalonHpirCheck *check, const KalonHpirItem *item, gboolean is_error, char *text)
{
  KalonHpirProblem *problem = g_new0 (KalonHpirProblem, 1);

  problem->item = item != NULL ? g_strdup (item->id) : NULL;
  problem->is_error = is_error;
  problem->text = text;
  g_ptr_array_add (check->problems, problem);
}

/* What a picture is known by. */
static const char *
get_identity (const KalonHpirPicture *picture)
{
  return picture->content_hash != NULL ? picture->content_hash : picture->path;
}

/* (transfer full): why the file cannot be used, "" when it can; %NULL when cancelled */
static char *
look_at_file (const KalonHpirSet *set, const KalonHpirPicture *picture, GCancellable *cancellable,
              GError **error)
{
  g_autofree char *path = kalon_hpir_set_dup_path (set, picture);
  g_autofree char *hash = NULL;
  g_autoptr (GError) reason = NULL;

  if (picture->content_hash == NULL)
    return g_strdup (g_file_test (path, G_FILE_TEST_IS_REGULAR) ? "" : "is not there");
  hash = kalon_input_hash_file (path, cancellable, &reason);
  if (hash != NULL)
    return g_strdup (g_str_equal (hash, picture->content_hash)
                         ? ""
                         : "has other contents than when the set was made");
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_strdup (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? "is not there"
                                                                              : "cannot be read");
}

/* A picture that many items have is looked at once. */
static gboolean
check_file (Checker *checker, const KalonHpirItem *item, const KalonHpirPicture *picture,
            GCancellable *cancellable, GError **error)
{
  g_autofree char *key = g_strconcat (picture->path, "\n", get_identity (picture), NULL);
  const char *reason = g_hash_table_lookup (checker->pictures, key);

  if (reason == NULL)
    {
      char *found = look_at_file (checker->set, picture, cancellable, error);

      if (found == NULL)
        return FALSE;
      reason = found;
      g_hash_table_insert (checker->pictures, g_steal_pointer (&key), found);
    }
  if (*reason != '\0')
    {
      g_autofree char *shown = kalon_input_dup_utf8 (picture->path);

      add_problem (checker->check, item, TRUE, g_strdup_printf ("“%s” %s.", shown, reason));
    }
  return TRUE;
}

/* The same picture twice in a row is a mistake, in both rows a thing to know: it decides nothing.
 */
static void
check_repeated (Checker *checker, const KalonHpirItem *item)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint group = 0; group < 2; group++)
    for (guint i = 0; i < item->groups[group]->len; i++)
      {
        const KalonHpirPicture *picture = item->groups[group]->pdata[i];
        guint before = GPOINTER_TO_UINT (g_hash_table_lookup (seen, get_identity (picture)));
        g_autofree char *shown = kalon_input_dup_utf8 (picture->path);

        if (before == group + 1)
          add_problem (checker->check, item, TRUE,
                       g_strdup_printf ("“%s” is twice in group %c.", shown, 'A' + group));
        else if (before > 0)
          add_problem (checker->check, item, FALSE,
                       g_strdup_printf ("“%s” is in both groups.", shown));
        g_hash_table_insert (seen, (gpointer) get_identity (picture), GUINT_TO_POINTER (group + 1));
      }
}

/* Two items that ask the same count an opinion twice. */
static void
check_question (Checker *checker, const KalonHpirItem *item)
{
  g_autoptr (GString) question = g_string_new (item->query);
  const KalonHpirItem *before;

  for (guint group = 0; group < 2; group++)
    {
      g_string_append (question, "\n\n");
      for (guint i = 0; i < item->groups[group]->len; i++)
        g_string_append_printf (question, "\n%s", get_identity (item->groups[group]->pdata[i]));
    }
  before = g_hash_table_lookup (checker->questions, question->str);
  if (before != NULL)
    add_problem (checker->check, item, FALSE,
                 g_strdup_printf ("is the same as item “%s”: query and pictures.", before->id));
  else
    g_hash_table_insert (checker->questions, g_strdup (question->str), (gpointer) item);
}

static void
check_votes (Checker *checker, const KalonHpirItem *item)
{
  gboolean differ = FALSE;

  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS && item->is_stated; aspect++)
    differ
        = differ || memcmp (item->stated[aspect], item->votes[aspect], sizeof item->votes[0]) != 0;
  if (differ)
    add_problem (checker->check, item, TRUE,
                 g_strdup ("“votes” are not those of its “labels”; the labels count."));
  checker->n_without_votes += !kalon_hpir_item_has_votes (item);
}

/* It would count nowhere. */
static void
check_repeats (Checker *checker, const KalonHpirItem *item)
{
  for (guint i = 0; i < item->labels->len; i++)
    {
      const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, i);
      const KalonHpirLabeler *labeler = checker->set->labelers->pdata[label->labeler];

      if (label->repeat == 1 && kalon_hpir_item_find_label (item, label->labeler, 0) == NULL)
        add_problem (checker->check, item, TRUE,
                     g_strdup_printf ("has a repeat by “%s”, but no first answer.", labeler->id));
    }
}

static gboolean
check_item (Checker *checker, const KalonHpirItem *item, gboolean with_files,
            GCancellable *cancellable, GError **error)
{
  if (*item->query == '\0')
    add_problem (checker->check, item, TRUE, g_strdup ("has no query."));
  for (guint group = 0; group < 2; group++)
    {
      if (item->groups[group]->len == 0)
        add_problem (checker->check, item, TRUE,
                     g_strdup_printf ("has no pictures in group %c.", 'A' + group));
      for (guint i = 0; i < item->groups[group]->len; i++)
        {
          const KalonHpirPicture *picture = item->groups[group]->pdata[i];

          checker->n_without_hash += picture->content_hash == NULL;
          if (with_files && !check_file (checker, item, picture, cancellable, error))
            return FALSE;
        }
    }
  if (item->groups[0]->len != item->groups[1]->len)
    add_problem (checker->check, item, FALSE,
                 g_strdup_printf ("has %u pictures in group A and %u in group B.",
                                  item->groups[0]->len, item->groups[1]->len));
  check_repeated (checker, item);
  check_question (checker, item);
  check_votes (checker, item);
  check_repeats (checker, item);
  return TRUE;
}

static void
count_item (KalonHpirCheck *check, const KalonHpirItem *item, GHashTable *identities)
{
  check->n_items++;
  for (guint group = 0; group < 2; group++)
    for (guint i = 0; i < item->groups[group]->len; i++)
      g_hash_table_add (identities, (gpointer) get_identity (item->groups[group]->pdata[i]));
  for (guint i = 0; i < item->labels->len; i++)
    check->n_labels += g_array_index (item->labels, KalonHpirLabel, i).repeat == 0;
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      guint choice;
      double confidence;

      if (!kalon_hpir_item_get_gold (item, aspect, NULL, &choice, &confidence))
        continue;
      check->n_gold[aspect]++;
      check->confidence[aspect] += confidence;
    }
}

static void
check_whole (Checker *checker)
{
  if (checker->set->items->len == 0)
    add_problem (checker->check, NULL, TRUE, g_strdup ("The set has no items."));
  if (checker->n_without_hash > 0)
    add_problem (checker->check, NULL, FALSE,
                 g_strdup_printf ("%" G_GSIZE_FORMAT " %s no “content_hash”: whether the file is "
                                  "still the same cannot be known.",
                                  checker->n_without_hash,
                                  checker->n_without_hash == 1 ? "picture has" : "pictures have"));
  if (checker->n_without_votes > 0)
    add_problem (
        checker->check, NULL, FALSE,
        g_strdup_printf ("%" G_GSIZE_FORMAT " items have no votes.", checker->n_without_votes));
}

KalonHpirCheck *
kalon_hpir_set_check (const KalonHpirSet *set, gboolean with_files, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (KalonHpirCheck) check = NULL;
  g_autoptr (GHashTable) pictures = NULL;
  g_autoptr (GHashTable) questions = NULL;
  g_autoptr (GHashTable) identities = NULL;
  Checker checker = { .set = set };

  g_return_val_if_fail (set != NULL, NULL);

  check = g_new0 (KalonHpirCheck, 1);
  check->problems = g_ptr_array_new_with_free_func (problem_free);
  pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  identities = g_hash_table_new (g_str_hash, g_str_equal);
  checker.check = check;
  checker.pictures = pictures;
  checker.questions = questions;
  for (guint i = 0; i < set->items->len; i++)
    {
      if (!check_item (&checker, set->items->pdata[i], with_files, cancellable, error))
        return NULL;
      count_item (check, set->items->pdata[i], identities);
    }
  check->n_pictures = g_hash_table_size (identities);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    check->confidence[aspect]
        = check->n_gold[aspect] > 0 ? check->confidence[aspect] / check->n_gold[aspect] : NAN;
  check_whole (&checker);
  return g_steal_pointer (&check);
}
