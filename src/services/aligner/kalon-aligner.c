/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aligner/kalon-aligner-private.h"

#include "errors/kalon-errors.h"
#include "feedback/kalon-feedback.h"

#include <glib/gstdio.h>
#include <math.h>

/* Texts between two looks at Ctrl-C. */
#define TEXT_BATCH 128
#define MAX_ANCHOR_PICTURES 1000
#define MAX_HELD_OUT 0.9

G_DEFINE_FINAL_TYPE (KalonAligner, kalon_aligner, G_TYPE_OBJECT)

static void
kalon_aligner_finalize (GObject *object)
{
  KalonAligner *self = KALON_ALIGNER (object);

  g_clear_object (&self->llm);
  g_free (self->library_directory);
  g_free (self->model_directory);
  g_free (self->device_name);
  g_free (self->cache_path);
  g_free (self->no_llm);
  g_free (self->set_in);
  g_free (self->set_out);
  G_OBJECT_CLASS (kalon_aligner_parent_class)->finalize (object);
}

static void
kalon_aligner_class_init (KalonAlignerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_aligner_finalize;
}

static void
kalon_aligner_init (KalonAligner *self)
{
}

KalonAligner *
kalon_aligner_new (const char *library_directory, const char *model_directory,
                   const char *device_name)
{
  KalonAligner *self;

  g_return_val_if_fail (model_directory != NULL, NULL);

  self = g_object_new (KALON_TYPE_ALIGNER, NULL);
  self->library_directory = g_strdup (library_directory);
  self->model_directory = g_strdup (model_directory);
  self->device_name = g_strdup (device_name);
  return self;
}

void
kalon_aligner_set_llm (KalonAligner *self, KalonLlm *llm, const char *cache_path)
{
  g_return_if_fail (KALON_IS_ALIGNER (self));

  g_set_object (&self->llm, llm);
  g_free (self->cache_path);
  self->cache_path = g_strdup (cache_path);
}

void
kalon_aligner_set_no_llm (KalonAligner *self, const char *reason)
{
  g_return_if_fail (KALON_IS_ALIGNER (self));

  g_free (self->no_llm);
  self->no_llm = g_strdup (reason);
}

void
kalon_aligner_set_files (KalonAligner *self, const char *set_in, const char *set_out)
{
  g_return_if_fail (KALON_IS_ALIGNER (self));

  g_free (self->set_in);
  g_free (self->set_out);
  self->set_in = g_strdup (set_in);
  self->set_out = g_strdup (set_out);
}

void
kalon_aligner_options_init (KalonAlignerOptions *options)
{
  g_return_if_fail (options != NULL);

  *options = (KalonAlignerOptions){
    .semantic_margin = KALON_ORDER_SEMANTIC_MARGIN,
    .aesthetic_margin = KALON_ORDER_AESTHETIC_MARGIN,
    .style = KALON_REPHRASE_DEFAULT_STYLE,
    .share = KALON_REPHRASE_DEFAULT_SHARE,
    .kind = KALON_ADAPTER_QUERY,
    .rank = KALON_ADAPTER_DEFAULT_RANK,
    .anchor_pictures = 100,
    .held_out = 0.2,
  };
  kalon_order_options_init (&options->order);
  kalon_training_options_init (&options->training);
}

void
kalon_aligner_result_clear (KalonAlignerResult *result)
{
  g_clear_pointer (&result->notice, g_free);
  g_clear_pointer (&result->profile, g_free);
  g_clear_pointer (&result->adapter, kalon_adapter_free);
}

/* Written so that NaN is a fault. */
static const char *
find_fault (const KalonAlignerOptions *options)
{
  if (options->rank < 1 || options->rank > KALON_ADAPTER_MAX_RANK)
    return "the rank is not between 1 and 256";
  if (!(options->semantic_margin >= 0) || !(options->aesthetic_margin >= 0)
      || !isfinite (options->semantic_margin) || !isfinite (options->aesthetic_margin))
    return "a margin is below 0";
  if (!(options->share >= 0 && options->share <= 1))
    return "the share of the rephrasing is not between 0 and 1";
  if (options->anchor_pictures > MAX_ANCHOR_PICTURES)
    return "the anchor is over more than 1000 pictures";
  if (!(options->held_out >= 0 && options->held_out <= MAX_HELD_OUT))
    return "the share of held-out queries is not between 0 and 0.9";
  return NULL;
}

void
kalon_aligner_tell (KalonAlignerRun *run, KalonAlignerPhase phase, gsize done, gsize total)
{
  KalonAlignerProgress progress = { phase, done, total, 0 };

  if (run->func != NULL)
    run->func (&progress, run->user_data);
}

static gboolean
encode (KalonAlignerRun *run, KalonEncoder *encoder, const char *const *texts, gsize n,
        GError **error)
{
  run->queries = g_new (float, n * run->dimension + 1);
  for (gsize first = 0; first < n; first += TEXT_BATCH)
    {
      kalon_aligner_tell (run, KALON_ALIGNER_ENCODING, first, n);
      if (!kalon_encoder_encode_texts (encoder, texts + first, MIN (TEXT_BATCH, n - first),
                                       run->queries + first * run->dimension, NULL,
                                       run->cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* The embeddings of @queries, or of the set in the file. The model is let go again: the searcher
 * loads its own. */
static gboolean
encode_queries (KalonAlignerRun *run, const char *const *queries, GError **error)
{
  KalonAligner *self = run->aligner;
  g_autoptr (KalonEncoder) encoder
      = kalon_encoder_new (self->model_directory, run->device, run->cancellable, error);
  g_autoptr (GPtrArray) texts = NULL;

  if (encoder == NULL)
    return FALSE;
  run->model_hash = g_strdup (kalon_encoder_get_model_hash (encoder));
  run->dimension = kalon_encoder_get_dimension (encoder);
  if (self->set_in == NULL)
    return encode (run, encoder, queries, g_strv_length ((GStrv) queries), error);
  if (!kalon_aligner_load_set (run, error))
    return FALSE;
  texts = g_ptr_array_new ();
  for (guint i = 0; i < run->set->queries->len; i++)
    g_ptr_array_add (texts, ((KalonPreferenceQuery *) run->set->queries->pdata[i])->query);
  return encode (run, encoder, (const char *const *) texts->pdata, texts->len, error);
}

static gboolean
open_all (KalonAlignerRun *run, const char *const *queries, GError **error)
{
  KalonAligner *self = run->aligner;

  run->library = kalon_library_open (self->library_directory, error);
  if (run->library == NULL)
    return FALSE;
  if (g_strcmp0 (self->device_name, "none") != 0)
    {
      run->device = kalon_device_open (self->device_name, error);
      if (run->device == NULL)
        return FALSE;
    }
  if (!encode_queries (run, queries, error))
    return FALSE;
  run->index = kalon_library_open_index (run->library, run->model_hash, run->dimension, error);
  run->searcher
      = kalon_searcher_new (self->library_directory, self->model_directory, self->device_name);
  return run->index != NULL;
}

/* The adapter as bytes, by way of a file beside the profile's. */
static GBytes *
dup_bytes (KalonAlignerRun *run, GError **error)
{
  g_autofree char *path = g_build_filename (kalon_library_get_directory (run->library),
                                            "align-adapter.safetensors", NULL);
  char *data;
  gsize length;
  gboolean read;

  if (!kalon_adapter_save (run->result->adapter, path, error))
    return NULL;
  read = g_file_get_contents (path, &data, &length, error);
  g_unlink (path);
  return read ? g_bytes_new_take (data, length) : NULL;
}

static gboolean
keep (KalonAlignerRun *run, GError **error)
{
  KalonAlignerResult *result = run->result;
  g_autoptr (KalonFeedback) feedback
      = kalon_feedback_open (kalon_library_get_directory (run->library), error);
  g_autoptr (GBytes) bytes = NULL;

  if (feedback == NULL)
    return FALSE;
  result->profile = kalon_feedback_dup_profile (feedback, error);
  if (result->profile == NULL)
    return FALSE;
  if (!result->rose || run->options->dry_run)
    return TRUE;
  bytes = dup_bytes (run, error);
  if (bytes == NULL
      || !kalon_feedback_store_part (feedback, KALON_PROFILE_ADAPTER, run->model_hash, bytes,
                                     error))
    return FALSE;
  result->stored = TRUE;
  return TRUE;
}

static gboolean
go (KalonAlignerRun *run, const char *const *queries, GError **error)
{
  KalonAligner *self = run->aligner;
  g_autoptr (GPtrArray) paired = NULL;
  g_autofree char *checkpoint = NULL;
  gsize n_held_out;

  if (!open_all (run, queries, error)
      || (self->set_in == NULL && !kalon_aligner_build_set (run, queries, error))
      || (self->set_out != NULL && !kalon_preference_set_save (run->set, self->set_out, error)))
    return FALSE;
  paired = kalon_aligner_list_pairs (run, &n_held_out, error);
  if (paired == NULL || !kalon_aligner_train (run, paired, n_held_out, error)
      || !kalon_aligner_measure (run, paired, n_held_out, error) || !keep (run, error))
    return FALSE;
  checkpoint = kalon_aligner_dup_checkpoint (kalon_library_get_directory (run->library));
  g_unlink (checkpoint);
  return TRUE;
}

/* What is left of a run that was stopped. */
static void
tell_stop (const KalonAlignerRun *run, GError **error)
{
  g_clear_error (error);
  if (run->n_kept > 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                 "Stopped at step %u of %u; the same command goes on from there.", run->n_kept,
                 run->n_steps);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                         "Stopped before the training had begun: nothing is kept of this run.");
}

gboolean
kalon_aligner_run (KalonAligner *self, const char *const *queries,
                   const KalonAlignerOptions *options, KalonAlignerFunc func, gpointer user_data,
                   KalonAlignerResult *result, GCancellable *cancellable, GError **error)
{
  KalonAlignerRun run = { self, options, func, user_data, result, cancellable };
  g_autoptr (GError) reason = NULL;
  const char *fault;
  gboolean done = FALSE;

  g_return_val_if_fail (KALON_IS_ALIGNER (self), FALSE);
  g_return_val_if_fail (options != NULL && result != NULL, FALSE);

  *result = (KalonAlignerResult){ 0 };
  fault = find_fault (options);
  if (fault != NULL)
    g_set_error (&reason, KALON_ERROR, KALON_ERROR_ARGUMENT, "Alignment cannot start: %s.", fault);
  else if (self->set_in == NULL && (queries == NULL || queries[0] == NULL))
    g_set_error (&reason, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "There are no queries to align for. Give a file with one a line, or take the "
                 "built-in ones.");
  else
    done = go (&run, queries, &reason);
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_stop (&run, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  g_clear_object (&run.searcher);
  g_clear_object (&run.index);
  g_clear_object (&run.device);
  g_clear_object (&run.library);
  kalon_preference_set_free (run.set);
  g_free (run.queries);
  g_free (run.model_hash);
  if (!done)
    kalon_aligner_result_clear (result);
  return done;
}

gboolean
kalon_aligner_discard_checkpoint (const char *library_directory)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (library_directory != NULL, FALSE);

  path = kalon_aligner_dup_checkpoint (library_directory);
  return g_unlink (path) == 0;
}

gboolean
kalon_aligner_export_model (KalonAligner *self, const KalonAdapter *adapter,
                            const char *out_directory, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (KALON_IS_ALIGNER (self), FALSE);

  return kalon_adapter_export_model (adapter, self->model_directory, out_directory, cancellable,
                                     error);
}
