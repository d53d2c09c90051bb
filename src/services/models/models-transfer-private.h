/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Files over HTTP: addresses (models-address.c), one request with its redirects
 * (models-request.c), and one file with resuming, hashing and retries (models-fetch.c).
 * Everything blocks. A server's answer is distrusted throughout.
 */

#include "models/kalon-models-private.h"

G_BEGIN_DECLS

/* The hub's address: $KALON_MODEL_HUB, else the setting "model-hub". https, or http to this very
 * machine. */
GUri *kalon_address_new_hub (GError **error);
/* @address: https, or http to this very machine; no user, no password. */
GUri *kalon_address_parse (const char *address, GError **error);
/* Where @hub keeps @file of @repository at @revision. */
GUri *
kalon_address_new_file (GUri *hub, const char *repository, const char *revision, const char *file);
/* Where a redirect from @from leads. An answer that came over https cannot lead to plain http, nor
 * one from the network to this machine's own servers. */
GUri *kalon_address_follow (GUri *from, const char *location, GError **error);
gboolean kalon_address_check_repository (const char *repository, GError **error);
gboolean kalon_address_check_revision (const char *revision, GError **error);

/* Milliseconds before a second try: servers that are busy for a moment are ready again. */
#define KALON_RETRY_DELAY 1000

/* (transfer full): models-prepare.c */
SoupSession *kalon_transfer_session_new (void);

/* What a server says of a file. */
typedef struct
{
  guint status;
  char *host;         /* that gave the last answer */
  char *etag;         /* (nullable): strong ones only, with their quotes */
  char *commit;       /* (nullable): of the repository: 40 hex digits */
  char *sha256;       /* (nullable): of the content */
  char *git_sha1;     /* (nullable): of the content as a git blob */
  gint64 length;      /* of the whole file; -1 when not said */
  gint64 body_length; /* of the answer's body; -1 when not said */
  gint64 first;       /* where a partial answer begins; -1 for none */
  guint retry_after;  /* seconds; 0 when not said */
} KalonAnswer;

void kalon_answer_clear (KalonAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonAnswer, kalon_answer_clear)

/**
 * kalon_request_send:
 * @method: "GET" or "HEAD"
 * @first: asks for the bytes from here on; 0 is all
 * @etag: (nullable): ... if the file is still this one, otherwise for all of it
 * @answer: (out caller-allocates)
 *
 * Returns: (transfer full): the body, also of an error's answer; %NULL when no answer came, or one
 *   that leads nowhere
 */
GInputStream *kalon_request_send (SoupSession *session, const char *method, GUri *address,
                                  goffset first, const char *etag, KalonAnswer *answer,
                                  GCancellable *cancellable, GError **error);
/* Whether @error of kalon_request_send() or of reading its body may pass. */
gboolean kalon_request_may_pass (const GError *error);
/* Sets what the status of @answer means to a user who wants @name. Always %FALSE. */
gboolean kalon_request_refuse (const KalonAnswer *answer, const char *name, GError **error);
gboolean kalon_request_is_passing_status (guint status);

/* A file to be fetched, and what must come. */
typedef struct
{
  char *name; /* in the folder it goes to; never a path */
  GUri *address;
  guint64 size;
  char *sha256;   /* (nullable) until it is there */
  char *git_sha1; /* (nullable) */
} KalonRemoteFile;

void kalon_remote_file_free (KalonRemoteFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRemoteFile, kalon_remote_file_free)

/* models-part.c: what there is of a file so far, NAME.part, and the ETag that it was given, in
 * NAME.etag. */

typedef struct
{
  KalonRemoteFile *file; /* not owned */
  int directory;         /* not owned */
  char *name;            /* of the part */
  char *etag_name;
  int fd;
  guint64 size;
  char *etag;        /* (nullable): the part can be asked for from its end only with one */
  GChecksum *sha256; /* of the part */
  GChecksum *git;    /* (nullable): of the part as the beginning of a git blob */
} KalonPart;

/* Takes up what an earlier attempt left, if it can be gone on with. */
KalonPart *
kalon_part_open (int directory, KalonRemoteFile *file, GCancellable *cancellable, GError **error);
void kalon_part_free (KalonPart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPart, kalon_part_free)
/* Begins anew with a content that has this @etag (nullable). */
gboolean kalon_part_begin (KalonPart *self, const char *etag, GError **error);
gboolean kalon_part_write (KalonPart *self, const void *data, gsize length, GError **error);
/* Checks the whole file and gives it its name; another content than the promised one is deleted.
 * @host: for the message */
gboolean kalon_part_finish (KalonPart *self, const char *host, GError **error);
void kalon_part_delete (KalonPart *self);

/* @bytes: of the file that is being fetched, now on disk */
typedef void (*KalonFetchFunc) (const KalonRemoteFile *file, guint64 bytes, gpointer user_data);

typedef struct
{
  SoupSession *session;
  int directory;     /* file descriptor of the folder; -1 when nothing but asking is meant */
  guint retry_delay; /* milliseconds before the second try; each further one waits twice as long */
  KalonFetchFunc func; /* (nullable) */
  gpointer user_data;
} KalonFetch;

/* Asks for @address without its content until there is an answer that will not pass. @name: for
 * messages. Any status is an answer. */
gboolean kalon_fetch_ask (const KalonFetch *fetch, const char *name, GUri *address,
                          KalonAnswer *answer, GCancellable *cancellable, GError **error);

/**
 * kalon_fetch_file:
 *
 * Brings @file into the folder, whole and checked, and sets its sha256. An earlier attempt's part
 * (NAME.part) is gone on with; this one's stays after an error or a cancellation, except when what
 * came is not what was promised.
 */
gboolean kalon_fetch_file (const KalonFetch *fetch, KalonRemoteFile *file,
                           GCancellable *cancellable, GError **error);
/* Bytes that are in @folder from an earlier attempt. */
guint64 kalon_fetch_get_all_present (const char *folder, const KalonDownload *download);

G_END_DECLS
