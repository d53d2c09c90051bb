/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

/* libadwaita loads these by their names: always, dark, high contrast, both. */
#define FOLDER "/io/github/kalon_project/Kalon/"

static void
parsing_error_cb (GtkCssProvider *provider, GtkCssSection *section, const GError *error,
                  gpointer user_data)
{
  g_autofree char *place = gtk_css_section_to_string (section);

  g_test_message ("%s: %s", place, error->message);
  (*(guint *) user_data)++;
}

static guint
count_errors (GtkCssProvider *provider, const char *name)
{
  g_autofree char *path = g_strconcat (FOLDER, name, NULL);
  guint n_errors = 0;
  gulong id
      = g_signal_connect (provider, "parsing-error", G_CALLBACK (parsing_error_cb), &n_errors);

  gtk_css_provider_load_from_resource (provider, path);
  g_signal_handler_disconnect (provider, id);
  return n_errors;
}

static void
test_parses (void)
{
  g_auto (GStrv) names
      = g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  guint n_styles = 0;

  for (char **name = names; *name != NULL; name++)
    if (g_str_has_suffix (*name, ".css"))
      {
        g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

        g_assert_cmpuint (count_errors (provider, *name), ==, 0);
        n_styles++;
      }
  g_assert_cmpuint (n_styles, >=, 3);
}

static int
measure_border (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *badge = gtk_label_new ("3");
  GtkBorder border;

  gtk_window_set_child (GTK_WINDOW (window), badge);
  gtk_widget_add_css_class (badge, "badge");
  gtk_style_context_get_border (gtk_widget_get_style_context (badge), &border);
  gtk_window_destroy (GTK_WINDOW (window));
  return border.top;
}

static void
test_high_contrast (void)
{
  static const char *const names[] = { "style.css", "style-hc.css" };
  GtkCssProvider *providers[G_N_ELEMENTS (names)];
  GdkDisplay *display = gdk_display_get_default ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      providers[i] = gtk_css_provider_new ();
      g_assert_cmpuint (count_errors (providers[i], names[i]), ==, 0);
      gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (providers[i]),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + i);
      /* A line around it in high contrast only. */
      g_assert_cmpint (measure_border (), ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (providers[i]));
      g_object_unref (providers[i]);
    }
}

int
main (int argc, char *argv[])
{
  display_init (&argc, &argv);
  g_test_add_func ("/style/parses", test_parses);
  g_test_add_func ("/style/high-contrast", test_high_contrast);
  return g_test_run ();
}
