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
                                GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autofree guint8 *is_good = NULL;
  gsize position = 0;

  for (guint f = 0; f < pictures->folders->len; f++)
    g_ptr_array_extend (paths, ((KalonClassFolder *) pictures->folders->pdata[f])->paths, NULL,
                        NULL);
  is_good = g_new0 (guint8, paths->len);
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
          pictures->folder_of[pictures->n_pictures++] = f;
          pictures->n_good[f]++;
        }
  return TRUE;
}

void
kalon_folder_pictures_clear (KalonFolderPictures *pictures)
{
  g_clear_pointer (&pictures->folders, g_ptr_array_unref);
  g_clear_pointer (&pictures->folder_of, g_free);
  g_clear_pointer (&pictures->n_good, g_free);
  g_clear_pointer (&pictures->embeddings, g_free);
}
