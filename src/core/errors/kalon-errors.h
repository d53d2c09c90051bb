/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one error domain of the core and the services.
 *
 * A code exists only where some caller branches on it; everything else is the message.
 * A message says what went wrong and what to do next, in one sentence each, and names the
 * file or the field. Plain I/O failures keep their own domain (G_IO_ERROR, G_FILE_ERROR),
 * and cancellation is always G_IO_ERROR_CANCELLED.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KalonError:
 * @KALON_ERROR_INVALID_DATA: a file's content is not what its format promises (corrupt,
 *   truncated or hostile): refuse that file, go on with the others
 * @KALON_ERROR_UNSUPPORTED: well formed, but of a kind that Kalon cannot use
 * @KALON_ERROR_TOO_LARGE: over a stated limit
 * @KALON_ERROR_MISMATCH: an embedding file or adapter belongs to another model: re-index,
 *   or switch back to that model
 * @KALON_ERROR_NOT_FINITE: a computation gave NaN, infinity or a zero vector: never stored
 * @KALON_ERROR_DEVICE: OpenCL refused something; the message has the CL_ name
 * @KALON_ERROR_KERNEL: an OpenCL program did not build; the message has the build log
 * @KALON_ERROR_BUSY: another process holds the catalogue
 * @KALON_ERROR_CATALOGUE: the catalogue is damaged; the message says how to recover
 * @KALON_ERROR_ARGUMENT: the user asked for something that has no meaning
 * @KALON_ERROR_SERVICE: a server on the network was not reached, refused, or answered what cannot
 *   be used; the message names its host and says what to do. Trying again later may help
 */
typedef enum
{
  KALON_ERROR_INVALID_DATA,
  KALON_ERROR_UNSUPPORTED,
  KALON_ERROR_TOO_LARGE,
  KALON_ERROR_MISMATCH,
  KALON_ERROR_NOT_FINITE,
  KALON_ERROR_DEVICE,
  KALON_ERROR_KERNEL,
  KALON_ERROR_BUSY,
  KALON_ERROR_CATALOGUE,
  KALON_ERROR_ARGUMENT,
  KALON_ERROR_SERVICE,
} KalonError;

#define KALON_ERROR (kalon_error_quark ())
GQuark kalon_error_quark (void);

/**
 * kalon_cl_error_name:
 * @code: a cl_int as OpenCL functions return it
 *
 * Returns: (transfer none): its symbolic name, "CL_OUT_OF_RESOURCES", or
 *   "CL_UNKNOWN_ERROR" for a code that OpenCL 1.2 does not define.
 */
const char *kalon_cl_error_name (int code);

/**
 * kalon_set_cl_error:
 * @error: (out) (optional): where to put a %KALON_ERROR_DEVICE
 * @code: the cl_int
 * @format: what was being attempted, printf style
 *
 * The message reads "FORMAT: CL_NAME (code)".
 */
void kalon_set_cl_error (GError **error, int code, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
