/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "first-run/kalon-first-run-page.h"
#include "indexing/kalon-progress-text.h"
#include "models/kalon-models.h"
#include "scan/kalon-scan.h"

/* The usual yardstick, and about how fast one processor indexes with it: 23.4 pictures a second on
 * two (docs/benchmarks.md). A graphics card is faster, so what is said is at most. */
#define BIGGER_MODEL "clip-vit-b-32"
#define BIGGER_MODEL_RATE 11.0

/* More are "more than". */
#define MAX_COUNT 50000

struct _KalonFirstRunPage
{
  GtkWidget parent_instance;

  char *folder;
  GCancellable *cancellable;

  GtkWidget *content;
  GtkWidget *pictures_button;
  AdwButtonContent *pictures_content;
  GtkLabel *pictures_label;
  GtkButton *other_button;
  GtkWidget *starter_label;
  GtkLabel *bigger_label;
};

G_DEFINE_FINAL_TYPE (KalonFirstRunPage, kalon_first_run_page, GTK_TYPE_WIDGET)

static char *
time_to_text (double seconds)
{
  guint minutes = (guint) (seconds / 60 + 1), hours = (guint) (seconds / 3600 + 1);

  if (minutes < 90)
    return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
  return g_strdup_printf (ngettext ("%u hour", "%u hours", hours), hours);
}

char *
kalon_bigger_model_to_text (gsize n_pictures, guint n_processors)
{
  const KalonOffer *offer = kalon_models_find_offer (BIGGER_MODEL);
  g_autofree char *size = g_format_size (offer->size);
  g_autofree char *count = kalon_count_to_text (n_pictures);
  g_autofree char *time = time_to_text (n_pictures / (BIGGER_MODEL_RATE * n_processors));

  if (n_pictures == 0)
    return g_strdup_printf (_ ("A bigger model finds much more. The usual one is a download of %s "
                               "and takes longer to index. You can change at any time."),
                            size);
  return g_strdup_printf (
      /* Translators: size of a download, number of pictures, a time such as "3 minutes". */
      ngettext (
          "A bigger model finds much more. The usual one is a download of %s, and your %s "
          "picture would take it at most about %s on this computer. You can change at any time.",
          "A bigger model finds much more. The usual one is a download of %s, and your %s "
          "pictures would take it at most about %s on this computer. You can change at any time.",
          n_pictures),
      size, count, time);
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonFirstRunPage) self = user_data;
  KalonScanCount count;
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;
  g_autofree char *bigger = NULL;

  if (!kalon_scan_count_finish (result, &count, NULL) || self->content == NULL)
    return;
  number = kalon_count_to_text (count.n_pictures);
  if (count.n_pictures == 0)
    text = g_strdup (_ ("There is no picture in it yet"));
  else if (count.complete)
    text = g_strdup_printf (ngettext ("%s picture", "%s pictures", count.n_pictures), number);
  else
    text = g_strdup_printf (
        ngettext ("More than %s picture", "More than %s pictures", count.n_pictures), number);
  gtk_label_set_text (self->pictures_label, text);
  gtk_widget_set_sensitive (self->pictures_button, count.n_pictures > 0);
  if (count.n_pictures == 0)
    {
      gtk_widget_remove_css_class (self->pictures_button, "suggested-action");
      gtk_widget_add_css_class (GTK_WIDGET (self->other_button), "suggested-action");
    }
  bigger = kalon_bigger_model_to_text (count.n_pictures, g_get_num_processors ());
  gtk_label_set_text (self->bigger_label, bigger);
}

static void
kalon_first_run_page_dispose (GObject *object)
{
  KalonFirstRunPage *self = KALON_FIRST_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_first_run_page_parent_class)->dispose (object);
}

static void
kalon_first_run_page_finalize (GObject *object)
{
  KalonFirstRunPage *self = KALON_FIRST_RUN_PAGE (object);

  g_object_unref (self->cancellable);
  g_free (self->folder);
  G_OBJECT_CLASS (kalon_first_run_page_parent_class)->finalize (object);
}

static void
kalon_first_run_page_class_init (KalonFirstRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_first_run_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_first_run_page_finalize;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/first-run/kalon-first-run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, content);
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, pictures_button);
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, pictures_content);
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, pictures_label);
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, other_button);
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, starter_label);
  gtk_widget_class_bind_template_child (widget_class, KalonFirstRunPage, bigger_label);
}

static void
kalon_first_run_page_init (KalonFirstRunPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_first_run_page_set_folder (KalonFirstRunPage *self, const char *folder, const char *model_id)
{
  gboolean there = folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR);
  gboolean small = g_strcmp0 (model_id, KALON_MODEL_STARTER) == 0;
  g_autofree char *bigger = kalon_bigger_model_to_text (0, 1);

  g_return_if_fail (KALON_IS_FIRST_RUN_PAGE (self));

  gtk_label_set_text (self->bigger_label, bigger);
  gtk_widget_set_visible (self->starter_label, small);
  gtk_widget_set_visible (GTK_WIDGET (self->bigger_label), small);
  gtk_widget_set_visible (self->pictures_button, there);
  gtk_widget_set_visible (GTK_WIDGET (self->pictures_label), there);
  if (!there)
    {
      gtk_button_set_label (self->other_button, _ ("_Choose a Folder…"));
      gtk_widget_add_css_class (GTK_WIDGET (self->other_button), "suggested-action");
      return;
    }
  g_free (self->folder);
  self->folder = g_strdup (folder);
  {
    g_autofree char *name = g_filename_display_basename (folder);
    /* Translators: the name of the user's own folder of pictures. */
    g_autofree char *label = g_strdup_printf (_ ("_Use My Folder “%s”"), name);

    adw_button_content_set_label (self->pictures_content, label);
  }
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->pictures_button),
                                          g_variant_new_bytestring (folder));
  gtk_label_set_text (self->pictures_label, _ ("Counting pictures…"));
  kalon_scan_count_async (folder, MAX_COUNT, self->cancellable, counted_cb, g_object_ref (self));
}
