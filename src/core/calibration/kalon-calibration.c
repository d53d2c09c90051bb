/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibration/kalon-calibration-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

#define VERSION 1

/* Ours is 2 kB. */
#define MAX_FILE (64 * 1024)
/* Below a half nearly everything would be a near-duplicate of everything. */
#define MIN_NEAR_DUPLICATE_COSINE 0.5
/* Of values from -1 to 1. */
#define MAX_DEVIATION 1
/* Whole numbers up to here are exact in JSON. */
#define MAX_COUNT (G_GINT64_CONSTANT (1) << 53)
/* CLIP's own list has 80 templates of 30 bytes; each is one more text to encode for each name. */
#define MAX_TEMPLATES 100
#define MAX_TEMPLATE_LENGTH 200
#define MAX_MADE_FROM 1000
#define PLACE "{}"

void
kalon_calibration_free (KalonCalibration *self)
{
  if (self == NULL)
    return;
  g_free (self->made_from);
  g_strfreev (self->templates);
  g_free (self);
}

static KalonCalibration *
calibration_new (void)
{
  KalonCalibration *self = g_new0 (KalonCalibration, 1);

  self->strictness = KALON_DEFAULT_STRICTNESS;
  self->near_duplicate_cosine = KALON_DEFAULT_NEAR_DUPLICATE_COSINE;
  self->templates = g_strdupv ((char *[]){ (char *) KALON_DEFAULT_TEMPLATE, NULL });
  return self;
}

static gboolean
check_version (const KalonSection *root, GError **error)
{
  gint64 version = 0;

  if (!kalon_section_get_integer (root, "version", 1, G_MAXINT64, &version, error))
    return FALSE;
  if (version == 0)
    return kalon_section_refuse (root, "version", error, "is missing.");
  if (version == VERSION)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
               "%s: version is %" G_GINT64_FORMAT ", this Kalon reads version %d. Update Kalon.",
               root->file, version, VERSION);
  return FALSE;
}

/* The object @key, nothing in it when it is missing. */
static gboolean
find_section (const KalonSection *root, const char *key, const char *name, KalonSection *section,
              GError **error)
{
  JsonNode *node = kalon_section_get (root, key);

  *section = (KalonSection){ .file = root->file, .section = name };
  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (root, key, error, "must be an object.");
  if (node != NULL)
    section->object = json_node_get_object (node);
  return TRUE;
}

/* @name: how a message names it, "SECTION.KEY". */
static gboolean
read_distribution (const KalonSection *pairs, const char *key, const char *name,
                   KalonDistribution *distribution, GError **error)
{
  KalonSection section;

  return find_section (pairs, key, name, &section, error)
         && kalon_section_get_number (&section, "mean", -1, 1, &distribution->mean, error)
         && kalon_section_get_number (&section, "deviation", 0, MAX_DEVIATION,
                                      &distribution->deviation, error)
         && kalon_section_get_integer (&section, "count", 0, MAX_COUNT, &distribution->count,
                                       error);
}

static gboolean
read_distributions (const KalonSection *root, KalonCalibration *self, GError **error)
{
  KalonSection text, picture;

  return find_section (root, "text_picture", "text_picture", &text, error)
         && find_section (root, "picture_picture", "picture_picture", &picture, error)
         && read_distribution (&text, "match", "text_picture.match", &self->text_match, error)
         && read_distribution (&text, "other", "text_picture.other", &self->text_other, error)
         && read_distribution (&picture, "near_duplicate", "picture_picture.near_duplicate",
                               &self->picture_near_duplicate, error)
         && read_distribution (&picture, "different", "picture_picture.different",
                               &self->picture_different, error);
}

/* Printed by “model info”: a control character could drive the terminal. */
static gboolean
is_line (const char *text, gsize max_length)
{
  if (*text == '\0' || strlen (text) > max_length)
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
is_template (const char *text)
{
  const char *place = strstr (text, PLACE);

  return is_line (text, MAX_TEMPLATE_LENGTH) && place != NULL
         && strstr (place + strlen (PLACE), PLACE) == NULL;
}

static gboolean
read_templates (const KalonSection *root, char ***templates, GError **error)
{
  JsonNode *node = kalon_section_get (root, "templates");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;
  guint n;

  if (node == NULL)
    return TRUE;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  n = array != NULL ? json_array_get_length (array) : 0;
  if (n < 1 || n > MAX_TEMPLATES)
    return kalon_section_refuse (root, "templates", error, "must be a list of 1 to %d texts.",
                                 MAX_TEMPLATES);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING
          || !is_template (json_node_get_string (element)))
        return kalon_section_refuse (root, "templates", error,
                                     "has as number %u something other than one line of at most "
                                     "%d bytes with {} in it once.",
                                     i + 1, MAX_TEMPLATE_LENGTH);
      g_strv_builder_add (builder, json_node_get_string (element));
    }
  g_strfreev (*templates);
  *templates = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_made_from (const KalonSection *root, char **made_from, GError **error)
{
  const char *text = NULL;

  if (!kalon_section_get_string (root, "made_from", &text, error))
    return FALSE;
  if (text != NULL && !is_line (text, MAX_MADE_FROM))
    return kalon_section_refuse (root, "made_from", error, "must be one line of 1 to %d bytes.",
                                 MAX_MADE_FROM);
  *made_from = g_strdup (text);
  return TRUE;
}

KalonCalibration *
kalon_calibration_parse (JsonObject *object, const char *file, GError **error)
{
  g_autoptr (KalonCalibration) self = calibration_new ();
  KalonSection root = { .object = object, .file = file };
  gint64 strictness = self->strictness;

  if (!check_version (&root, error) || !read_made_from (&root, &self->made_from, error)
      || !read_distributions (&root, self, error)
      || !kalon_section_get_number (&root, "near_duplicate_cosine", MIN_NEAR_DUPLICATE_COSINE, 1,
                                    &self->near_duplicate_cosine, error)
      || !kalon_section_get_integer (&root, "strictness", 0, 100, &strictness, error)
      || !read_templates (&root, &self->templates, error))
    return NULL;
  self->strictness = (guint) strictness;
  self->measured = TRUE;
  return g_steal_pointer (&self);
}

KalonCalibration *
kalon_calibration_load (const char *directory, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (JsonNode) root = NULL;
  KalonCalibration *self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);

  path = g_build_filename (directory, KALON_CALIBRATION_FILE, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return calibration_new ();
  root = kalon_input_load_json (path, MAX_FILE, error);
  if (root != NULL)
    self = kalon_calibration_parse (json_node_get_object (root), KALON_CALIBRATION_FILE, error);
  if (self == NULL)
    g_prefix_error (error, "The model's calibration cannot be used; correct or delete the file. ");
  return self;
}

char **
kalon_calibration_dup_prompts (const char *const *templates, const char *name)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (templates != NULL && name != NULL, NULL);

  for (gsize i = 0; templates[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (templates[i], PLACE, -1);
      g_autofree char *prompt = g_strjoinv (name, parts);

      g_strv_builder_add (builder, prompt);
    }
  return g_strv_builder_end (builder);
}
