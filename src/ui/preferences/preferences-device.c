/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "devices/kalon-devices.h"
#include "preferences/kalon-preferences-private.h"

struct _KalonPreferencesDevice
{
  AdwPreferencesGroup parent_instance;

  KalonSession *session;
  GCancellable *cancellable;
  GPtrArray *devices; /* KalonDeviceInfo; NULL until listed */
  GPtrArray *names;   /* what the setting says for each choice: NULL, names, "none" */
  gboolean choosing;  /* the user, and not we, changes the selection */

  AdwComboRow *device_row;
  AdwActionRow *check_row;
  GtkSpinner *check_spinner;
  GtkButton *check_button;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesDevice, kalon_preferences_device, ADW_TYPE_PREFERENCES_GROUP)

static const KalonDeviceInfo *
find_device (KalonPreferencesDevice *self, const char *name)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      const KalonDeviceInfo *info = g_ptr_array_index (self->devices, i);

      if (name == NULL || g_str_equal (info->name, name))
        return info;
    }
  return NULL;
}

static const char *
get_chosen (KalonPreferencesDevice *self)
{
  guint selected = adw_combo_row_get_selected (self->device_row);

  return selected < self->names->len ? g_ptr_array_index (self->names, selected) : NULL;
}

static void
update (KalonPreferencesDevice *self)
{
  const char *name = get_chosen (self);
  const KalonDeviceInfo *info = find_device (self, name);
  g_autofree char *text = NULL;

  if (info != NULL && name == NULL)
    text = g_strdup (info->name);
  else if (info != NULL)
    {
      g_autofree char *memory = g_format_size (info->global_memory);

      /* Translators: a device's platform, and its memory. */
      text = g_strdup_printf (_ ("%s · %s of memory"), info->platform, memory);
    }
  else if (name == NULL)
    text = g_strdup (_ ("There is no OpenCL device, so everything is computed in plain C. The "
                        "package pocl-opencl-icd makes a device of the processor."));
  else if (g_str_equal (name, KALON_DEVICE_NONE))
    text = g_strdup (_ ("On the processor, without OpenCL: works everywhere, and takes longer."));
  else
    text = g_strdup (_ ("This device is not there at the moment. Choose another one."));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->device_row), text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check_row), info != NULL);
}

static void
selected_cb (KalonPreferencesDevice *self)
{
  if (!self->choosing)
    return;
  kalon_session_use_device (self->session, get_chosen (self));
  update (self);
}

/* Takes @name. */
static void
append_choice (KalonPreferencesDevice *self, GtkStringList *texts, char *name, const char *text)
{
  g_ptr_array_add (self->names, name);
  gtk_string_list_append (texts, text);
}

/* The setting may be a part of a name. */
static gboolean
is_of (const char *setting, const char *name)
{
  g_autofree char *part = g_utf8_casefold (setting, -1);
  g_autofree char *whole = g_utf8_casefold (name, -1);

  return strstr (whole, part) != NULL;
}

static void
fill (KalonPreferencesDevice *self)
{
  const char *setting = kalon_session_get_services (self->session)->device_name;
  g_autoptr (GtkStringList) texts = gtk_string_list_new (NULL);
  guint selected = setting == NULL ? 0 : GTK_INVALID_LIST_POSITION;

  append_choice (self, texts, NULL, _ ("Automatic"));
  for (guint i = 0; i < self->devices->len; i++)
    {
      const KalonDeviceInfo *info = g_ptr_array_index (self->devices, i);

      /* Two of a name cannot be told apart by it. */
      if (find_device (self, info->name) != info)
        continue;
      append_choice (self, texts, g_strdup (info->name), info->name);
      if (setting != NULL && selected == GTK_INVALID_LIST_POSITION && is_of (setting, info->name))
        selected = self->names->len - 1;
    }
  append_choice (self, texts, g_strdup (KALON_DEVICE_NONE), _ ("Plain C"));
  if (g_strcmp0 (setting, KALON_DEVICE_NONE) == 0)
    selected = self->names->len - 1;
  else if (selected == GTK_INVALID_LIST_POSITION)
    {
      append_choice (self, texts, g_strdup (setting), setting);
      selected = self->names->len - 1;
    }
  adw_combo_row_set_model (self->device_row, G_LIST_MODEL (texts));
  adw_combo_row_set_selected (self->device_row, selected);
  gtk_widget_set_sensitive (GTK_WIDGET (self->device_row), TRUE);
  self->choosing = TRUE;
  update (self);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesDevice) self = user_data;
  g_autoptr (GPtrArray) devices = kalon_devices_list_finish (result, NULL);

  if (devices == NULL || self->session == NULL)
    return;
  self->devices = g_steal_pointer (&devices);
  fill (self);
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesDevice) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = kalon_devices_test_finish (result, &error);

  if (self->session == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->check_spinner), FALSE);
  gtk_spinner_stop (self->check_spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check_button), TRUE);
  adw_action_row_set_subtitle (
      self->check_row,
      report != NULL ? _ ("Passed: every operation computes what plain C does.") : error->message);
}

static void
check_cb (KalonPreferencesDevice *self)
{
  const KalonDeviceInfo *info = find_device (self, get_chosen (self));

  gtk_widget_set_visible (GTK_WIDGET (self->check_spinner), TRUE);
  gtk_spinner_start (self->check_spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check_button), FALSE);
  adw_action_row_set_subtitle (self->check_row, _ ("Testing…"));
  kalon_devices_test_async (info->name, self->cancellable, checked_cb, g_object_ref (self));
}

static void
kalon_preferences_device_unroot (GtkWidget *widget)
{
  KalonPreferencesDevice *self = KALON_PREFERENCES_DEVICE (widget);

  self->choosing = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  GTK_WIDGET_CLASS (kalon_preferences_device_parent_class)->unroot (widget);
}

static void
kalon_preferences_device_finalize (GObject *object)
{
  KalonPreferencesDevice *self = KALON_PREFERENCES_DEVICE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_ptr_array_unref (self->names);
  G_OBJECT_CLASS (kalon_preferences_device_parent_class)->finalize (object);
}

static void
kalon_preferences_device_class_init (KalonPreferencesDeviceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_preferences_device_finalize;
  widget_class->unroot = kalon_preferences_device_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-device.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesDevice, device_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesDevice, check_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesDevice, check_spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesDevice, check_button);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
}

static void
kalon_preferences_device_init (KalonPreferencesDevice *self)
{
  self->cancellable = g_cancellable_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->device_row), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check_row), FALSE);
  g_signal_connect_object (self->device_row, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

void
kalon_preferences_device_set_session (KalonPreferencesDevice *self, KalonSession *session)
{
  self->session = g_object_ref (session);
  kalon_devices_list_async (self->cancellable, listed_cb, g_object_ref (self));
}
