/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "settings/kalon-settings.h"

GSettings *
kalon_settings_new (void)
{
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();

  if (installed != NULL)
    schema = g_settings_schema_source_lookup (installed, KALON_APPLICATION_ID, TRUE);
  if (schema == NULL)
    {
      g_autoptr (GError) error = NULL;

      source = g_settings_schema_source_new_from_directory (KALON_BUILD_DATA_DIR, installed, TRUE,
                                                            &error);
      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, KALON_APPLICATION_ID, FALSE);
      if (schema == NULL)
        g_error ("The settings schema %s is not installed: run \"meson install\"",
                 KALON_APPLICATION_ID);
    }
  return g_settings_new_full (schema, NULL, NULL);
}

gboolean
kalon_settings_are_kept (GSettings *settings)
{
  g_autoptr (GObject) backend = NULL;

  /* GIO has no public type for the backend that forgets. */
  g_object_get (settings, "backend", &backend, NULL);
  return backend != NULL && !g_str_equal (G_OBJECT_TYPE_NAME (backend), "GMemorySettingsBackend");
}
