/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "viewer/kalon-details.h"

struct _KalonDetails
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkBox *rows;
};

G_DEFINE_FINAL_TYPE (KalonDetails, kalon_details, GTK_TYPE_WIDGET)

static void
add_row (KalonDetails *self, const char *caption, const char *value)
{
  GtkWidget *row, *caption_label, *value_label;

  if (value == NULL || *value == '\0')
    return;
  row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  caption_label = gtk_label_new (caption);
  gtk_label_set_xalign (GTK_LABEL (caption_label), 0);
  gtk_widget_add_css_class (caption_label, "caption");
  gtk_widget_add_css_class (caption_label, "dim-label");
  value_label = gtk_label_new (value);
  gtk_label_set_xalign (GTK_LABEL (value_label), 0);
  gtk_label_set_selectable (GTK_LABEL (value_label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (value_label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value_label), PANGO_WRAP_WORD_CHAR);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  caption_label, NULL, -1);
  gtk_box_append (GTK_BOX (row), caption_label);
  gtk_box_append (GTK_BOX (row), value_label);
  gtk_box_append (self->rows, row);
}

static void
add_time (KalonDetails *self, const char *caption, GDateTime *time)
{
  /* Translators: a date and time, see g_date_time_format(). */
  g_autofree char *text = time != NULL ? g_date_time_format (time, _ ("%-d %B %Y, %H:%M")) : NULL;

  if (text != NULL)
    add_row (self, caption, text);
}

static void
kalon_details_dispose (GObject *object)
{
  g_clear_pointer (&KALON_DETAILS (object)->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_details_parent_class)->dispose (object);
}

static void
kalon_details_class_init (KalonDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_details_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/viewer/kalon-details.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonDetails, scrolled);
  gtk_widget_class_bind_template_child (widget_class, KalonDetails, rows);
}

static void
kalon_details_init (KalonDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_details_set_picture (KalonDetails *self, const KalonPicture *picture, KalonResultItem *item)
{
  GtkWidget *row;

  g_return_if_fail (KALON_IS_DETAILS (self));

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, row);
  if (picture == NULL)
    return;

  {
    g_autofree char *name = g_filename_display_basename (picture->path);
    g_autofree char *folder = g_path_get_dirname (picture->path);
    g_autofree char *shown_folder = g_filename_display_name (folder);
    g_autofree char *size = g_format_size (picture->size);
    /* Translators: width × height of a picture in pixels, and its millions of pixels. */
    g_autofree char *pixels
        = g_strdup_printf (_ ("%u × %u (%.1f megapixels)"), picture->width, picture->height,
                           (double) picture->width * picture->height / 1e6);
    g_autofree char *format = picture->format != NULL ? g_ascii_strup (picture->format, -1) : NULL;
    /* Taken: local time of the place, so it is shown as it is. Modified: of this place. */
    g_autoptr (GDateTime) taken
        = picture->taken_at != 0 ? g_date_time_new_from_unix_utc (picture->taken_at) : NULL;
    g_autoptr (GDateTime) modified
        = g_date_time_new_from_unix_local (picture->mtime / G_GINT64_CONSTANT (1000000000));

    add_row (self, _ ("Name"), name);
    add_row (self, _ ("Folder"), shown_folder);
    if (item != NULL && kalon_result_item_get_rank (item) > 0)
      {
        g_autofree char *rank = g_strdup_printf ("%u", kalon_result_item_get_rank (item));
        g_autofree char *similarity
            = g_strdup_printf ("%.3f", kalon_result_item_get_similarity (item));

        add_row (self, _ ("Rank"), rank);
        add_row (self, _ ("Similarity"), similarity);
      }
    if (item != NULL && kalon_result_item_get_n_duplicates (item) > 0)
      {
        g_autofree char *duplicates
            = g_strdup_printf ("%u", kalon_result_item_get_n_duplicates (item));

        add_row (self, _ ("Near-Duplicates"), duplicates);
      }
    add_row (self, _ ("Size"), pixels);
    add_row (self, _ ("File Size"), size);
    add_row (self, _ ("Format"), format);
    add_time (self, _ ("Taken"), taken);
    add_time (self, _ ("Modified"), modified);
    add_row (self, _ ("Camera"), picture->camera);
    add_row (self, _ ("Lens"), picture->lens);
  }
}

void
kalon_details_add_scores (KalonDetails *self, const KalonPictureScores *scores)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (KALON_IS_DETAILS (self));
  g_return_if_fail (scores != NULL);

  if (isnan (scores->aesthetic))
    return;
  g_string_append_printf (text, "%.2f", scores->aesthetic);
  /* A single member's is the same again. */
  for (guint i = 0; i < scores->members->len && scores->members->len > 1; i++)
    {
      const KalonMemberScore *member = &g_array_index (scores->members, KalonMemberScore, i);

      g_string_append_printf (text, "\n%s: %.2f", member->id, member->score);
    }
  add_row (self, _ ("Aesthetic Score"), text->str);
}
