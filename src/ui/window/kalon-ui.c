/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kalon-ui-resource.h"
#include "window/kalon-ui.h"

void
kalon_ui_init (void)
{
  /* The reference keeps the linker from dropping the object, and registers once. */
  kalon_ui_get_resource ();
}
