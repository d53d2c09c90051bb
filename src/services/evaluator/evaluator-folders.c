/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

static void
on_found (gsize n_pictures, gpointer user_data)
{
  kalon_evaluator_tell (user_data, KALON_EVALUATOR_LOOKING, n_pictures, 0);
}

GPtrArray *
kalon_evaluator_list_folders (KalonEvaluator *self, const char *images, GCancellable *cancellable,
                              GError **error)
{
  return kalon_class_folders_list (images, self->failures, on_found, self, cancellable, error);
}

gboolean
kalon_evaluator_encode_folders (KalonEvaluator *self, KalonFolderPictures *pictures,
                                gboolean with_scores, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autofree guint8 *is_good = NULL;
  g_autofree float *scores = NULL;
  gsize position = 0;

  for (guint f = 0; f < pictures->folders->len; f++)
    g_ptr_array_extend (paths, ((KalonClassFolder *) pictures->folders->pdata[f])->paths, NULL,
                        NULL);
  is_good = g_new0 (guint8, paths->len);
  if (with_scores && !kalon_evaluator_load_blend (self, FALSE, cancellable, error))
    return FALSE;
  if (with_scores && self->blend != NULL)
    scores = g_new (float, paths->len);
  if (scores != NULL)
    pictures->embeddings
        = kalon_evaluator_encode_and_score (self, paths, is_good, scores, cancellable, error);
  else
    pictures->embeddings
        = kalon_evaluator_encode_pictures (self, paths, is_good, NULL, NULL, cancellable, error);
  if (pictures->embeddings == NULL)
    return FALSE;

  pictures->folder_of = g_new (guint32, paths->len);
  pictures->n_good = g_new0 (gsize, pictures->folders->len);
  for (guint f = 0; f < pictures->folders->len; f++)
    for (guint i = ((KalonClassFolder *) pictures->folders->pdata[f])->paths->len; i > 0; i--)
      if (is_good[position++])
        {
          if (scores != NULL)
            scores[pictures->n_pictures] = scores[position - 1];
          pictures->folder_of[pictures->n_pictures++] = f;
          pictures->n_good[f]++;
        }
  pictures->scores = g_steal_pointer (&scores);
  return TRUE;
}

void
kalon_folder_pictures_clear (KalonFolderPictures *pictures)
{
  g_clear_pointer (&pictures->folders, g_ptr_array_unref);
  g_clear_pointer (&pictures->folder_of, g_free);
  g_clear_pointer (&pictures->n_good, g_free);
  g_clear_pointer (&pictures->embeddings, g_free);
  g_clear_pointer (&pictures->scores, g_free);
}
