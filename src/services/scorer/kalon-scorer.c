/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scorer/kalon-scorer-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

/* Pictures between two looks at Ctrl-C. */
#define STEP 256

static void
refuse_headless (const char *model_directory, GError **error)
{
  g_autofree char *name = g_filename_display_name (model_directory);

  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The model in %s has no aesthetic head. Put one made for it there as “%s”, or score "
               "by another aesthetic model: “%s” goes with every encoder.",
               name, KALON_AESTHETIC_FILE, KALON_CLIP_IQA_ID);
}

/* (transfer full) (nullable) */
static KalonAestheticHead *
load_own_head (const char *model_directory, gsize dimension, GError **error)
{
  KalonAestheticHead *head = NULL;

  if (kalon_aesthetic_head_load_for_model (model_directory, dimension, &head, error)
      && head == NULL)
    refuse_headless (model_directory, error);
  return head;
}

/* (transfer full) (nullable) */
static KalonAestheticHead *
load_user_head (const char *id, const char *model_hash, gsize dimension, GError **error)
{
  g_autofree char *path = kalon_heads_dup_path (id);
  g_autoptr (KalonAestheticHead) head = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no aesthetic model “%s”. “kalon-cli model list” names the heads that "
                   "are imported; “%s” is the model's own and “%s” needs none.",
                   id, KALON_AESTHETIC_OWN_ID, KALON_CLIP_IQA_ID);
      return NULL;
    }
  head = kalon_aesthetic_head_load (path, dimension, error);
  if (head == NULL)
    return NULL;
  if (g_strcmp0 (kalon_aesthetic_head_get_encoder (head), model_hash) == 0)
    return g_steal_pointer (&head);
  g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
               "The aesthetic head “%s” is for another model. Import it again for this one if it "
               "was made for its embeddings, or leave it out.",
               id);
  return NULL;
}

gboolean
kalon_scorer_load_blend (const char *model_directory, const char *model_hash, gsize dimension,
                         const char *shares, KalonAestheticBlend **blend, GError **error)
{
  g_autoptr (KalonAestheticBlend) loaded = kalon_aesthetic_blend_new (dimension);
  g_autoptr (GArray) parsed = NULL;

  g_return_val_if_fail (model_directory != NULL && model_hash != NULL && blend != NULL, FALSE);

  *blend = NULL;
  if (shares == NULL)
    {
      KalonAestheticHead *head;

      if (!kalon_aesthetic_head_load_for_model (model_directory, dimension, &head, error))
        return FALSE;
      if (head == NULL)
        return TRUE;
      kalon_aesthetic_blend_add (loaded, KALON_AESTHETIC_OWN_ID, 1, head);
      *blend = g_steal_pointer (&loaded);
      return TRUE;
    }
  parsed = kalon_aesthetic_parse_shares (shares, error);
  if (parsed == NULL)
    return FALSE;
  for (guint i = 0; i < parsed->len; i++)
    {
      const KalonAestheticShare *share = &g_array_index (parsed, KalonAestheticShare, i);
      KalonAestheticHead *head = NULL;

      if (!g_str_equal (share->id, KALON_CLIP_IQA_ID))
        {
          head = g_str_equal (share->id, KALON_AESTHETIC_OWN_ID)
                     ? load_own_head (model_directory, dimension, error)
                     : load_user_head (share->id, model_hash, dimension, error);
          if (head == NULL)
            return FALSE;
        }
      kalon_aesthetic_blend_add (loaded, share->id, share->weight, head);
    }
  *blend = g_steal_pointer (&loaded);
  return TRUE;
}

/* @shares: (nullable): what was chosen before */
static gboolean
load_chosen (KalonLibrary *library, const char *model_directory, const char *model_hash,
             gsize dimension, const char *shares, KalonAestheticBlend **blend, GError **error)
{
  g_autofree char *chosen = NULL;

  if (shares != NULL)
    return kalon_scorer_load_blend (model_directory, model_hash, dimension, shares, blend, error);
  if (!kalon_library_get_aesthetic_models (library, model_hash, &chosen, error))
    return FALSE;
  if (kalon_scorer_load_blend (model_directory, model_hash, dimension, chosen, blend, error))
    return TRUE;
  if (chosen != NULL)
    g_prefix_error (error,
                    "This library is scored by “%s”; “kalon-cli model score --aesthetic” chooses "
                    "other aesthetic models: ",
                    chosen);
  return FALSE;
}

/* Within a transaction. @blend: (nullable) */
static gboolean
set_blend (KalonLibrary *library, const char *model_hash, KalonAestheticBlend *blend,
           const char *shares, GError **error)
{
  return kalon_library_set_aesthetic_models (
      library, model_hash, blend != NULL ? kalon_aesthetic_blend_get_hash (blend) : NULL, shares,
      error);
}

gboolean
kalon_scorer_choose_blend (KalonLibrary *library, const char *model_directory,
                           const char *model_hash, gsize dimension, const char *shares,
                           KalonAestheticBlend **blend, GError **error)
{
  g_autoptr (KalonAestheticBlend) loaded = NULL;

  if (!load_chosen (library, model_directory, model_hash, dimension, shares, &loaded, error)
      || !kalon_library_begin (library, error))
    return FALSE;
  if (!set_blend (library, model_hash, loaded, shares, error))
    {
      kalon_library_rollback (library);
      return FALSE;
    }
  *blend = g_steal_pointer (&loaded);
  return kalon_library_commit (library, error);
}

gboolean
kalon_scorer_store (KalonLibrary *library, KalonIndex *index, const char *model_hash,
                    const KalonAestheticBlend *blend, gint64 picture, gsize row,
                    const float *measures, GError **error)
{
  g_autofree float *embedding = g_new (float, kalon_index_get_dimension (index));
  float members[KALON_AESTHETIC_MAX_MEMBERS];

  if (!kalon_index_get_row (index, row, embedding, error)
      || !kalon_library_store_aesthetic (
          library, model_hash, picture,
          kalon_aesthetic_blend_score (blend, embedding, measures, members), error))
    return FALSE;
  for (guint i = 0; i < kalon_aesthetic_blend_get_n_members (blend); i++)
    if (!kalon_library_store_member_score (library, model_hash, picture,
                                           kalon_aesthetic_blend_get_id (blend, i), members[i],
                                           error))
      return FALSE;
  return TRUE;
}

void
kalon_scorer_result_clear (KalonScorerResult *result)
{
  g_clear_pointer (&result->shares, g_free);
}

char *
kalon_scorer_dup_shares (const KalonAestheticBlend *blend)
{
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (KalonAestheticShare));

  for (guint i = 0; i < kalon_aesthetic_blend_get_n_members (blend); i++)
    {
      KalonAestheticShare share = { (char *) kalon_aesthetic_blend_get_id (blend, i),
                                    kalon_aesthetic_blend_get_weight (blend, i) };

      g_array_append_val (shares, share);
    }
  return kalon_aesthetic_format_shares (shares);
}

/* A whole library */

typedef struct
{
  KalonLibrary *library;
  KalonIndex *index;
  char *model_hash;
  KalonAestheticBlend *blend;
  KalonScorerFunc func;
  gpointer user_data;
  KalonScorerResult *result;
  GCancellable *cancellable;
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->blend, kalon_aesthetic_blend_free);
  g_clear_object (&run->index);
  g_clear_object (&run->library);
  g_clear_pointer (&run->model_hash, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
prepare (Run *run, const char *model_directory, const char *device_name, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (KalonEncoder) encoder = NULL;

  if (!kalon_aesthetic_blend_needs_encoder (run->blend))
    return TRUE;
  if (g_strcmp0 (device_name, "none") != 0)
    {
      device = kalon_device_open (device_name, error);
      if (device == NULL)
        return FALSE;
    }
  encoder = kalon_encoder_new (model_directory, device, run->cancellable, error);
  return encoder != NULL
         && kalon_aesthetic_blend_prepare (run->blend, encoder, run->cancellable, error);
}

/* Within a transaction. */
static gboolean
score_rows (Run *run, GError **error)
{
  const gboolean measured = kalon_aesthetic_blend_needs_measures (run->blend);
  g_autoptr (GArray) rows = kalon_library_list_rows (run->library, run->model_hash, error);
  g_autoptr (GArray) measures = NULL;

  if (rows == NULL)
    return FALSE;
  if (measured)
    {
      measures = kalon_library_list_measures (run->library, run->model_hash, error);
      if (measures == NULL)
        return FALSE;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const KalonLibraryRow *row = &g_array_index (rows, KalonLibraryRow, i);
      const float *own
          = measured ? (const float *) measures->data + (gsize) i * KALON_N_MEASURES : NULL;

      if (i % STEP == 0)
        {
          if (run->func != NULL)
            run->func (i, rows->len, run->user_data);
          if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
            return FALSE;
        }
      if (own != NULL && isnan (own[0]))
        {
          run->result->n_unmeasured++;
          continue;
        }
      if (!kalon_scorer_store (run->library, run->index, run->model_hash, run->blend, row->picture,
                               row->row, own, error))
        return FALSE;
      run->result->n_scored++;
    }
  return TRUE;
}

gboolean
kalon_scorer_run (const char *library_directory, const char *model_directory,
                  const char *device_name, const char *shares, KalonScorerFunc func,
                  gpointer user_data, KalonScorerResult *result, GCancellable *cancellable,
                  GError **error)
{
  g_auto (Run) run
      = { .func = func, .user_data = user_data, .result = result, .cancellable = cancellable };
  KalonModelConfig config;

  g_return_val_if_fail (model_directory != NULL && result != NULL, FALSE);

  *result = (KalonScorerResult){ 0 };
  run.library = kalon_library_open (library_directory, error);
  if (run.library == NULL || !kalon_library_lock (run.library, error)
      || !kalon_model_config_load (model_directory, &config, error))
    return FALSE;
  run.model_hash = kalon_model_dup_hash (model_directory, cancellable, error);
  if (run.model_hash == NULL)
    return FALSE;
  run.index = kalon_library_open_index (run.library, run.model_hash, config.projection, error);
  if (run.index == NULL
      || !load_chosen (run.library, model_directory, run.model_hash, config.projection, shares,
                       &run.blend, error))
    return FALSE;
  if (run.blend == NULL)
    {
      refuse_headless (model_directory, error);
      return FALSE;
    }
  result->shares = kalon_scorer_dup_shares (run.blend);
  if (!prepare (&run, model_directory, device_name, error)
      || !kalon_library_begin (run.library, error))
    return FALSE;
  if (set_blend (run.library, run.model_hash, run.blend, shares, error) && score_rows (&run, error))
    return kalon_library_commit (run.library, error);
  kalon_library_rollback (run.library);
  return FALSE;
}
