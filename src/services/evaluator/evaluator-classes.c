/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include "calibration/kalon-calibration.h"
#include "errors/kalon-errors.h"

#include <math.h>
#include <string.h>

static void
class_figures_free (gpointer data)
{
  KalonClassFigures *class = data;

  g_free (class->folder);
  g_strfreev (class->names);
  g_free (class);
}

void
kalon_classification_figures_free (KalonClassificationFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_strfreev (figures->templates);
  g_ptr_array_unref (figures->classes);
  g_free (figures);
}

static GStrv
dup_own_name (const char *folder)
{
  char **names = g_new0 (char *, 2);

  names[0] = kalon_class_folder_dup_own_name (folder);
  return names;
}

/* (transfer full): folder -> GPtrArray of borrowed names */
static GHashTable *
group_names (GPtrArray *labels)
{
  GHashTable *table
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i);
      GPtrArray *names = g_hash_table_lookup (table, label->fields[0]);

      if (names == NULL)
        {
          names = g_ptr_array_new ();
          g_hash_table_insert (table, label->fields[0], names);
        }
      g_ptr_array_add (names, label->fields[1]);
    }
  return table;
}

static GStrv
dup_names (GPtrArray *names)
{
  char **copy = g_new0 (char *, names->len + 1);

  for (guint i = 0; i < names->len; i++)
    copy[i] = g_strdup (g_ptr_array_index (names, i));
  return copy;
}

/* What the file names and the folder lacks. In the file's order, each once. */
static void
report_missing (KalonEvaluator *self, GPtrArray *labels, const char *images, GPtrArray *folders)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint f = 0; f < folders->len; f++)
    g_hash_table_add (known, ((KalonClassFolder *) folders->pdata[f])->name);
  for (guint i = 0; i < labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i);

      if (g_hash_table_add (known, label->fields[0]))
        {
          g_autofree char *path = g_build_filename (images, label->fields[0], NULL);
          kalon_evaluator_fail (self, path,
                                "There is no such folder with pictures: it is left out.");
        }
    }
}

/* Takes the folders without a name out of them and makes a class of each of the others. */
static void
name_classes (GHashTable *names, KalonNamedFolders *named)
{
  GPtrArray *folders = named->pictures.folders;

  named->classes = g_ptr_array_new_with_free_func (class_figures_free);
  for (guint f = 0; f < folders->len;)
    {
      const KalonClassFolder *folder = g_ptr_array_index (folders, f);
      GPtrArray *given = names != NULL ? g_hash_table_lookup (names, folder->name) : NULL;
      KalonClassFigures *class;

      if (names != NULL && given == NULL)
        {
          named->n_left_out++;
          g_ptr_array_remove_index (folders, f);
          continue;
        }
      class = g_new0 (KalonClassFigures, 1);
      class->folder = g_strdup (folder->name);
      class->names = given != NULL ? dup_names (given) : dup_own_name (folder->name);
      g_ptr_array_add (named->classes, class);
      f++;
    }
}

/* @mean: [dimension] the mean of @rows: [n, dimension], brought to unit length. */
static gboolean
average (const float *rows, gsize n, gsize dimension, float *mean)
{
  double squares = 0;

  for (gsize d = 0; d < dimension; d++)
    {
      double sum = 0;

      for (gsize i = 0; i < n; i++)
        sum += rows[i * dimension + d];
      mean[d] = (float) (sum / n);
      squares += (double) mean[d] * mean[d];
    }
  for (gsize d = 0; d < dimension; d++)
    mean[d] = (float) (mean[d] / sqrt (squares));
  return squares > 0;
}

float *
kalon_evaluator_encode_classes (KalonEvaluator *self, GPtrArray *classes, GStrv templates,
                                GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  gsize n_templates = g_strv_length (templates);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree float *rows = NULL;
  g_autofree float *embeddings = g_new (float, classes->len *dimension);
  float *next;
  gboolean good = TRUE;

  for (guint c = 0; c < classes->len; c++)
    for (char **name = ((KalonClassFigures *) classes->pdata[c])->names; *name != NULL; name++)
      {
        /* The texts move into the array, which frees them. */
        g_autofree char **prompts
            = kalon_calibration_dup_prompts ((const char *const *) templates, *name);

        for (gsize t = 0; t < n_templates; t++)
          g_ptr_array_add (texts, prompts[t]);
      }
  rows = kalon_evaluator_encode_texts (self, texts, cancellable, error);
  if (rows == NULL)
    return NULL;

  next = rows;
  for (guint c = 0; good && c < classes->len; c++)
    {
      gsize n_names = g_strv_length (((KalonClassFigures *) classes->pdata[c])->names);
      g_autofree float *means = g_new (float, n_names *dimension);

      for (gsize i = 0; i < n_names; i++, next += n_templates * dimension)
        good = good && average (next, n_templates, dimension, means + i * dimension);
      good = good && average (means, n_names, dimension, embeddings + c * dimension);
    }
  if (good)
    return g_steal_pointer (&embeddings);
  g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
               "The texts of a class cancel each other out. Use fewer templates or names.");
  return NULL;
}

typedef struct
{
  const guint32 *class_of;
  gsize n_classes;
  guint8 *relevant; /* [n_classes], zero between rows */
  guint32 *ranks;
} Ranking;

static void
rank_picture (gsize row, const float *similarities, gpointer user_data)
{
  Ranking *ranking = user_data;
  guint32 class = ranking->class_of[row];

  ranking->relevant[class] = 1;
  ranking->ranks[row]
      = kalon_metrics_get_rank (similarities, ranking->relevant, ranking->n_classes);
  ranking->relevant[class] = 0;
}

gboolean
kalon_evaluator_rank_own_classes (KalonEvaluator *self, const float *pictures,
                                  const guint32 *class_of, gsize n_pictures, const float *classes,
                                  gsize n_classes, guint32 *ranks, GCancellable *cancellable,
                                  GError **error)
{
  g_autofree guint8 *relevant = g_new0 (guint8, n_classes);
  Ranking ranking
      = { .class_of = class_of, .n_classes = n_classes, .relevant = relevant, .ranks = ranks };

  kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, 0, n_pictures);
  return kalon_evaluator_score (self, pictures, n_pictures, classes, n_classes, rank_picture,
                                &ranking, cancellable, error);
}

static void
count_hits (KalonClassificationFigures *figures, const KalonFolderPictures *pictures,
            const guint32 *ranks)
{
  gsize n = pictures->n_pictures;
  g_autofree double *hits = g_new (double, n);

  for (guint c = 0; c < G_N_ELEMENTS (figures->accuracy); c++)
    {
      guint k = kalon_evaluator_accuracy_cuts[c];

      for (gsize i = 0; i < n; i++)
        {
          KalonClassFigures *class = g_ptr_array_index (figures->classes, pictures->folder_of[i]);

          hits[i] = ranks[i] <= k;
          class->accuracy[c] += hits[i];
        }
      kalon_metrics_bootstrap (hits, NULL, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &figures->accuracy[c]);
      figures->chance[c] = MIN (1, (double) k / figures->classes->len);
    }
  figures->n_pictures = n;
}

static void
summarise (KalonClassificationFigures *figures, const KalonFolderPictures *pictures)
{
  gsize n = 0;

  for (guint i = 0; i < figures->classes->len; i++)
    {
      KalonClassFigures *class = g_ptr_array_index (figures->classes, i);

      class->n_pictures = pictures->n_good[i];
      for (guint c = 0; c < G_N_ELEMENTS (class->accuracy); c++)
        class->accuracy[c] = class->n_pictures > 0 ? class->accuracy[c] / class->n_pictures : NAN;
      if (class->n_pictures == 0)
        continue;
      figures->mean_per_class += class->accuracy[0];
      n++;
    }
  figures->mean_per_class /= n;
}

static gboolean
classify (KalonEvaluator *self, const KalonFolderPictures *pictures,
          KalonClassificationFigures *figures, GCancellable *cancellable, GError **error)
{
  g_autofree guint32 *ranks = g_new (guint32, pictures->n_pictures);
  g_autofree float *embeddings = NULL;

  embeddings = kalon_evaluator_encode_classes (self, figures->classes, figures->templates,
                                               cancellable, error);
  if (embeddings == NULL
      || !kalon_evaluator_rank_own_classes (self, pictures->embeddings, pictures->folder_of,
                                            pictures->n_pictures, embeddings, figures->classes->len,
                                            ranks, cancellable, error))
    return FALSE;
  count_hits (figures, pictures, ranks);
  summarise (figures, pictures);
  return TRUE;
}

/* (transfer full): @templates, or the model's own. */
static GStrv
dup_templates (KalonEvaluator *self, const char *const *templates, GError **error)
{
  g_autoptr (KalonCalibration) calibration = NULL;

  if (templates != NULL && templates[0] != NULL)
    return g_strdupv ((char **) templates);
  calibration = kalon_calibration_load (self->model_directory, error);
  return calibration != NULL ? g_steal_pointer (&calibration->templates) : NULL;
}

gboolean
kalon_evaluator_name_folders (KalonEvaluator *self, const char *images, const char *names,
                              const char *const *templates, gboolean with_scores,
                              KalonNamedFolders *folders, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GHashTable) table = NULL;

  folders->templates = dup_templates (self, templates, error);
  if (folders->templates == NULL)
    return FALSE;
  if (names != NULL)
    {
      labels = kalon_labels_read (names, &kalon_class_name_form, error);
      if (labels == NULL)
        return FALSE;
      table = group_names (labels);
    }
  if (!kalon_evaluator_begin (self, cancellable, error))
    return FALSE;
  folders->pictures.folders = kalon_evaluator_list_folders (self, images, cancellable, error);
  if (folders->pictures.folders == NULL)
    return FALSE;
  if (labels != NULL)
    report_missing (self, labels, images, folders->pictures.folders);
  name_classes (table, folders);
  if (!kalon_evaluator_encode_folders (self, &folders->pictures, with_scores, cancellable, error))
    return FALSE;
  return folders->pictures.n_pictures > 0 || kalon_evaluator_refuse_empty (images, error);
}

void
kalon_named_folders_clear (KalonNamedFolders *folders)
{
  kalon_folder_pictures_clear (&folders->pictures);
  g_clear_pointer (&folders->classes, g_ptr_array_unref);
  g_clear_pointer (&folders->templates, g_strfreev);
}

KalonClassificationFigures *
kalon_evaluator_classify (KalonEvaluator *self, const char *images, const char *names,
                          const char *const *templates, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonClassificationFigures) figures = NULL;
  g_auto (KalonNamedFolders) folders = { 0 };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (images != NULL, NULL);

  if (!kalon_evaluator_name_folders (self, images, names, templates, FALSE, &folders, cancellable,
                                     error))
    return NULL;
  figures = g_new0 (KalonClassificationFigures, 1);
  figures->classes = g_steal_pointer (&folders.classes);
  figures->templates = g_steal_pointer (&folders.templates);
  figures->n_left_out = folders.n_left_out;
  if (!classify (self, &folders.pictures, figures, cancellable, error))
    return NULL;
  return g_steal_pointer (&figures);
}
