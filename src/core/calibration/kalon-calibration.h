/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What was measured of an encoder on photos that it was not trained with: how high its cosines are
 * for what belongs together and for what does not, and the defaults that follow from that. It lies
 * in the model's directory as calibration.json (docs/formats.md), decides no embedding and so is no
 * part of the model's hash. tools/train-starter/calibrate.py writes it.
 *
 * A model without the file, as every one from the hub, has the defaults named here. The file is
 * treated as hostile: %KALON_ERROR_INVALID_DATA or %KALON_ERROR_UNSUPPORTED names the field.
 * A KalonCalibration is immutable after loading and may be shared between threads.
 */

#include <glib.h>

G_BEGIN_DECLS

#define KALON_CALIBRATION_FILE "calibration.json"

/* Without a file: what was set by eye with the first starter model. */
#define KALON_DEFAULT_STRICTNESS 30
#define KALON_DEFAULT_NEAR_DUPLICATE_COSINE 0.95
/* CLIP's own (Radford et al. 2021, 3.1.4). */
#define KALON_DEFAULT_TEMPLATE "a photo of a {}"

/* Of cosine similarities. @count is 0 when it was not measured. */
typedef struct
{
  double mean;
  double deviation; /* standard */
  gint64 count;
} KalonDistribution;

typedef struct
{
  gboolean measured; /* there was a file; otherwise all below is a default */
  char *made_from;   /* (nullable): with what it was measured */

  /* A name's or a text's cosine with pictures that show it, and with others. */
  KalonDistribution text_match;
  KalonDistribution text_other;
  /* Two forms of one picture, and two pictures. */
  KalonDistribution picture_near_duplicate;
  KalonDistribution picture_different;

  double near_duplicate_cosine; /* from here on two pictures count as one, see searcher/ */
  guint strictness;             /* 0 to 100, where nobody has chosen one, see searcher/ */
  char **templates;             /* at least one, each with one "{}": for names of things */
} KalonCalibration;

/**
 * kalon_calibration_load:
 * @directory: a model's
 *
 * Returns: (transfer full): what its calibration.json says, the defaults when it has none
 */
KalonCalibration *kalon_calibration_load (const char *directory, GError **error);
void kalon_calibration_free (KalonCalibration *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonCalibration, kalon_calibration_free)

/**
 * kalon_calibration_dup_prompts:
 * @templates: texts with {} where the name goes, a calibration's or others; %NULL-terminated
 * @name: of a thing, "dog"
 *
 * A class is best embedded as the mean, brought to unit length, of the unit-length embeddings of
 * these (prompt ensembling, Radford et al. 2021, 3.1.4). For classification; a search embeds the
 * words as they are typed, because there it does not help (docs/decisions/0006-calibration.md).
 *
 * Returns: (transfer full): @name in each of the templates, in their order; %NULL-terminated
 */
char **kalon_calibration_dup_prompts (const char *const *templates, const char *name);

G_END_DECLS
