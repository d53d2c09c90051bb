/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * A hub of one repository on this machine, in a thread of its own, that answers as the hub does
 * (commit, hashes, a redirect to where large files are) or misbehaves as a test wants.
 *
 *   /hub/OWNER/NAME/resolve/REVISION/FILE    the hub
 *   /store/FILE                              where it sends on to
 *   /head.pth                                a file beside it
 */

typedef struct _SoupServer SoupServer;

/* What head.pth is: a file of tests/reference/aesthetics, for embeddings of this length. */
#define HUB_HEAD "quick-gelu-p16-f32-linear.safetensors"
#define HUB_HEAD_DIMENSION 16

typedef enum
{
  HUB_SERVES,
  HUB_CUTS,           /* half of the body, then the end of the connection */
  HUB_STALLS,         /* half of the body, then silence */
  HUB_RESETS,         /* the end of the connection without an answer */
  HUB_SAYS_TOO_SHORT, /* a Content-Length of half, and half of the body */
  HUB_SAYS_TOO_LONG,  /* a Content-Length of more than there is */
  HUB_CHUNKS_MORE,    /* chunked, and more than was said */
  HUB_ALTERS,         /* another byte in the middle */
  HUB_IGNORES_RANGE,
  HUB_SHIFTS_RANGE, /* another range than it was asked for */
  HUB_MIXES,        /* the range it was asked for, of another content */
  HUB_FAILS,        /* with a status */
} HubConduct;

typedef struct
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  guint port;
  guint other_port;

  GMutex lock; /* of all below */
  char *folder;
  HubConduct conduct; /* for GET of model.safetensors and head.pth ... */
  guint times;        /* ... so many times from now on */
  guint status;       /* of HUB_FAILS */
  guint head_status;  /* (0): of every HEAD */
  const char *retry_after;
  const char *location;    /* (nullable): where large files are sent on to */
  const char *etag;        /* of model.safetensors */
  gboolean is_plain;       /* a mirror without the hub's own headers */
  const char *linked_size; /* (nullable): in place of the true one */
  const char *missing;     /* (nullable): a file that is not there */
  guint n_requests;
  guint n_gets;       /* of model.safetensors */
  char *range;        /* (nullable): of the last of them */
  char *if_range;     /* (nullable) */
  GPtrArray *streams; /* silent ones, kept open */
} Hub;

Hub *hub_new (const char *folder);
void hub_free (Hub *hub);
