/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A vision-language server on the loopback that judges what it is sent, for tests of the judge. It
 * speaks as OpenAI's, looks at the picture, and runs in the main context of the thread that makes
 * it.
 */

#include <gio/gio.h>

typedef enum
{
  VISION_FIRST,    /* the first row is always better */
  VISION_RANDOM,   /* drawn by lot */
  VISION_BRIGHTER, /* the brighter row is better */
  VISION_NONSENSE, /* no JSON */
  VISION_FLOOD,    /* megabytes */
  VISION_RANGE,    /* points and rows that there are not */
  VISION_BUSY,     /* refused, for good */
} VisionTaste;

typedef struct _VisionServer VisionServer;

VisionServer *vision_server_new (VisionTaste taste);
void vision_server_free (VisionServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisionServer, vision_server_free)
void vision_server_set_taste (VisionServer *server, VisionTaste taste);
const char *vision_server_get_url (VisionServer *server);
guint vision_server_get_requests (VisionServer *server);
/* Of the last request: all that was sent beside the picture. */
const char *vision_server_get_text (VisionServer *server);
/* The picture's file, as it was sent. */
GBytes *vision_server_get_picture (VisionServer *server);
