/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The devices that can compute, as programs use them: listed and tested off the main loop. A device
 * is used only when it computes what plain C does.
 */

#include "compute/kalon-compute.h"

G_BEGIN_DECLS

/* The word for plain C, wherever a device is named. */
#define KALON_DEVICE_NONE "none"

/* (transfer full) (element-type KalonDeviceInfo): kalon_device_list() */
void kalon_devices_list_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *kalon_devices_list_finish (GAsyncResult *result, GError **error);

/**
 * kalon_devices_test:
 * @report: (out) (transfer full) (optional): a line for each operation; what there is of it, also
 *   on errors. With a report training's kernels are tested, too, which no search has to wait for
 *
 * Compares every operation on @device with plain C. Blocks; the first time on a device all kernels
 * are built.
 */
gboolean kalon_devices_test (KalonDevice *device, char **report, GError **error);

/* The same with all kernels, in a thread, on the device that kalon_device_open() calls @name. */
void kalon_devices_test_async (const char *name, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): the report */
char *kalon_devices_test_finish (GAsyncResult *result, GError **error);

G_END_DECLS
