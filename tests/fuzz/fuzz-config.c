/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.json, preprocessor_config.json and calibration.json: the same bytes as each. */
#include "fuzz.h"

#include "calibration/kalon-calibration-private.h"
#include "weights/kalon-config-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonNode) root = kalon_input_parse_json ((const char *) data, size, "fuzz", NULL);
  g_autoptr (GError) error = NULL;
  KalonModelConfig config;
  KalonPreprocess preprocess;
  g_autoptr (KalonCalibration) calibration = NULL;

  if (root == NULL)
    return 0;
  if (kalon_model_config_parse (json_node_get_object (root), "config.json", &config, &error))
    {
      g_assert_cmpuint (config.text.width % config.text.heads, ==, 0);
      g_assert_cmpuint (config.vision.width % config.vision.heads, ==, 0);
      g_assert_cmpuint (config.patch, >=, 1);
      g_assert_cmpuint (config.patch, <=, config.resolution);
      g_assert_cmpuint (config.context_length, >=, 2);
    }
  else
    g_assert_nonnull (error);
  g_clear_error (&error);
  if (kalon_preprocess_parse (json_node_get_object (root), "preprocessor_config.json", 224,
                              &preprocess, &error))
    {
      g_assert_cmpuint (preprocess.crop, ==, 224);
      g_assert_cmpuint (preprocess.resize, >=, preprocess.crop);
      g_assert_cmpfloat (preprocess.std[0], >, 0);
    }
  else
    g_assert_nonnull (error);
  g_clear_error (&error);
  calibration = kalon_calibration_parse (json_node_get_object (root), "calibration.json", &error);
  if (calibration != NULL)
    {
      g_auto (GStrv) prompts
          = kalon_calibration_dup_prompts ((const char *const *) calibration->templates, "dog");

      g_assert_cmpuint (calibration->strictness, <=, 100);
      g_assert_cmpuint (g_strv_length (prompts), ==, g_strv_length (calibration->templates));
      g_assert_cmpuint (g_strv_length (prompts), >=, 1);
      for (gsize i = 0; prompts[i] != NULL; i++)
        g_assert_nonnull (strstr (prompts[i], "dog"));
    }
  else
    g_assert_nonnull (error);
  return 0;
}
