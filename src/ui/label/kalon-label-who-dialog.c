/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-who-dialog.h"

#define AGE "age"
#define REGION "region"

/* As they are written, in the order of the list; the first is not. */
static const char *const ages[] = { "", "under 20", "20-29", "30-39", "40-49", "50-59", "60+" };

struct _KalonLabelWhoDialog
{
  AdwWindow parent_instance;

  KalonHpirSet *set;

  AdwWindowTitle *title;
  GtkWidget *begin_button;
  GtkEditable *name_row;
  AdwPreferencesGroup *earlier_group;
  AdwComboRow *age_row;
  GtkEditable *region_row;
};

G_DEFINE_FINAL_TYPE (KalonLabelWhoDialog, kalon_label_who_dialog, ADW_TYPE_WINDOW)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* (transfer full) */
static char *
dup_name (KalonLabelWhoDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
}

/* (nullable) */
static const KalonHpirLabeler *
find_labeler (KalonLabelWhoDialog *self, const char *name)
{
  for (guint i = 0; i < self->set->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = g_ptr_array_index (self->set->labelers, i);

      if (g_str_equal (labeler->id, name))
        return labeler;
    }
  return NULL;
}

/* Whoever is known need not tell again. */
static void
name_changed_cb (KalonLabelWhoDialog *self)
{
  g_autofree char *name = dup_name (self);
  const KalonHpirLabeler *labeler = find_labeler (self, name);
  const char *age, *region;

  gtk_widget_set_sensitive (self->begin_button, *name != '\0');
  if (labeler == NULL)
    return;
  age = g_hash_table_lookup (labeler->traits, AGE);
  region = g_hash_table_lookup (labeler->traits, REGION);
  for (guint i = 0; age != NULL && i < G_N_ELEMENTS (ages); i++)
    if (g_str_equal (ages[i], age))
      adw_combo_row_set_selected (self->age_row, i);
  gtk_editable_set_text (self->region_row, region != NULL ? region : "");
}

static void
begin_cb (KalonLabelWhoDialog *self)
{
  g_autofree char *name = dup_name (self);
  g_autofree char *region = g_strstrip (g_strdup (gtk_editable_get_text (self->region_row)));
  const char *age = ages[adw_combo_row_get_selected (self->age_row)];
  g_autoptr (GHashTable) traits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (*age != '\0')
    g_hash_table_insert (traits, g_strdup (AGE), g_strdup (age));
  if (*region != '\0')
    g_hash_table_insert (traits, g_strdup (REGION), g_steal_pointer (&region));
  /* Nothing told, and nothing to be taken back. */
  if (g_hash_table_size (traits) == 0 && find_labeler (self, name) == NULL)
    g_clear_pointer (&traits, g_hash_table_unref);
  g_signal_emit (self, signals[CHOSEN], 0, name, traits);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
earlier_activated_cb (AdwActionRow *row, KalonLabelWhoDialog *self)
{
  gtk_editable_set_text (self->name_row, g_object_get_data (G_OBJECT (row), "name"));
  begin_cb (self);
}

static guint
count_items (const KalonHpirSet *set, guint labeler)
{
  guint n = 0;

  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);

      for (guint j = 0; j < item->labels->len; j++)
        {
          const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, j);

          if (label->labeler == labeler && label->repeat == 0)
            n++;
        }
    }
  return n;
}

static void
add_earlier (KalonLabelWhoDialog *self, guint labeler)
{
  const char *name = ((KalonHpirLabeler *) g_ptr_array_index (self->set->labelers, labeler))->id;
  guint n = self->set->items->len;
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *text = g_strdup_printf (ngettext ("%u of %u item", "%u of %u items", n),
                                           count_items (self->set, labeler), n);
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "title", title, "subtitle", text, "activatable", TRUE, NULL);
  g_object_set_data_full (G_OBJECT (row), "name", g_strdup (name), g_free);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_signal_connect_object (row, "activated", G_CALLBACK (earlier_activated_cb), self, 0);
  adw_preferences_group_add (self->earlier_group, row);
}

static gboolean
escape_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

/* Not before: what has had the focus before it is shown is no window to a screen reader. */
static void
kalon_label_who_dialog_map (GtkWidget *widget)
{
  KalonLabelWhoDialog *self = KALON_LABEL_WHO_DIALOG (widget);

  GTK_WIDGET_CLASS (kalon_label_who_dialog_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  gtk_editable_select_region (self->name_row, 0, -1);
}

static void
kalon_label_who_dialog_finalize (GObject *object)
{
  g_clear_pointer (&KALON_LABEL_WHO_DIALOG (object)->set, kalon_hpir_set_free);
  G_OBJECT_CLASS (kalon_label_who_dialog_parent_class)->finalize (object);
}

static void
kalon_label_who_dialog_class_init (KalonLabelWhoDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_label_who_dialog_finalize;
  widget_class->map = kalon_label_who_dialog_map;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_HASH_TABLE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/label/kalon-label-who-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLabelWhoDialog, title);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelWhoDialog, begin_button);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelWhoDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelWhoDialog, earlier_group);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelWhoDialog, age_row);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelWhoDialog, region_row);
  gtk_widget_class_bind_template_callback (widget_class, begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
}

static void
kalon_label_who_dialog_init (KalonLabelWhoDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_default_widget (GTK_WINDOW (self), self->begin_button);
}

KalonLabelWhoDialog *
kalon_label_who_dialog_new (GtkWindow *parent, KalonHpirSet *set, const char *name)
{
  KalonLabelWhoDialog *self
      = g_object_new (KALON_TYPE_LABEL_WHO_DIALOG, "transient-for", parent, NULL);

  self->set = set;
  adw_window_title_set_subtitle (self->title, set->name);
  for (guint i = 0; i < set->labelers->len; i++)
    add_earlier (self, i);
  gtk_widget_set_visible (GTK_WIDGET (self->earlier_group), set->labelers->len > 0);
  gtk_editable_set_text (self->name_row, name);
  return self;
}
