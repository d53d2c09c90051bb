/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A library's feedback seen from a main loop: which pictures have a thumb for which query, at once
 * and from memory; to set one, to take it back, to forget more than one, to list them all, to
 * change the profile, and to undo, through GTask. Everything that blocks runs on one worker, over
 * connections of its own.
 *
 * All functions belong to the thread that created the object (its thread-default main context).
 */

#include "feedback/kalon-feedback.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_VERDICT_NONE,
  KALON_VERDICT_LIKED,
  KALON_VERDICT_DISLIKED,
} KalonVerdict;

#define KALON_TYPE_THUMBS (kalon_thumbs_get_type ())
G_DECLARE_FINAL_TYPE (KalonThumbs, kalon_thumbs, KALON, THUMBS, GObject)

/**
 * kalon_thumbs_new:
 * @library_directory: (nullable): as for kalon_library_open()
 *
 * Knows of no thumb before the first kalon_thumbs_check() was answered.
 *
 * ::changed is emitted when anything in the feedback changed, by this object or found by a check: a
 * thumb came or went, another profile is active, a profile's taste or adapter is another; before
 * the callback of the change.
 */
KalonThumbs *kalon_thumbs_new (const char *library_directory);

/* Asks, cheaply, whether somebody else has changed the thumbs, and reads them again if so. */
void kalon_thumbs_check (KalonThumbs *self);

/* On that content for that query, in the active profile. */
KalonVerdict kalon_thumbs_get (KalonThumbs *self, const char *query, const char *content_hash);

/**
 * kalon_thumbs_set_async:
 * @query: what the pictures were shown for; "" when it was nothing
 * @picture: an id of the library
 * @verdict: %KALON_VERDICT_NONE takes the thumb back, if there is one
 * @shown: (element-type gint64): ids of what was shown, in that order; @picture is among them. Not
 *   looked at for %KALON_VERDICT_NONE
 *
 * Errors: those of feedback/ and library/; %G_IO_ERROR_NOT_FOUND when @picture is not in the
 * library any more.
 */
void
kalon_thumbs_set_async (KalonThumbs *self, const char *query, gint64 picture, KalonVerdict verdict,
                        GArray *shown, GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_thumbs_set_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

/**
 * kalon_thumbs_set_many_async:
 * @pictures: (element-type gint64): each gets that verdict, as if it alone were set; those that
 *   have it already, or are not in the library any more, are left alone
 * @shown: as of kalon_thumbs_set_async(); all of @pictures are among them
 *
 * One change: kalon_thumbs_undo_async() takes all of it back. Answers with the number of pictures
 * whose thumb came, went or changed.
 */
void kalon_thumbs_set_many_async (KalonThumbs *self, const char *query, GArray *pictures,
                                  KalonVerdict verdict, GArray *shown, GAsyncReadyCallback callback,
                                  gpointer user_data);
/* -1 with an error. */
int kalon_thumbs_set_many_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

/**
 * kalon_thumbs_prefer_async:
 * @query: what the pictures were shown for
 * @better, @worse: (element-type gint64): ids of the library: two rows of pictures, of which the
 * user said that the first is better
 *
 * Pictures of both rows say nothing and are left out. Each that only the better row has gets a
 * thumb up, shown with those that only the other row has: so each of them is preferred to each of
 * these, which is what is left of "this row is better" when a row is worth the sum of its pictures
 * (Bradley-Terry: what both have falls out of the difference). A row of n such pictures counts as n
 * thumbs, and they are shown and can be taken back one by one. A picture that has a thumb for that
 * query keeps it: the word on one picture is stronger than the word on a row.
 *
 * Answers with the number of thumbs; 0, which is no error, where both rows have the same pictures
 * or every one has its thumb.
 */
void
kalon_thumbs_prefer_async (KalonThumbs *self, const char *query, const GArray *better,
                           const GArray *worse, GAsyncReadyCallback callback, gpointer user_data);
/* -1 with an error. */
int kalon_thumbs_prefer_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

/* Undoes the last change that can be, once: what it set is gone, and what it took back, replaced or
 * forgot is again what it was. Nothing to undo is %KALON_ERROR_ARGUMENT. */
void kalon_thumbs_undo_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_thumbs_undo_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

/*
 * Forgetting, in the active profile, as kalon_feedback_...() says. kalon_thumbs_undo_async() brings
 * all of it back.
 */

/* @id: of a KalonThumb */
void kalon_thumbs_forget_async (KalonThumbs *self, gint64 id, GAsyncReadyCallback callback,
                                gpointer user_data);
void kalon_thumbs_forget_query_async (KalonThumbs *self, const char *query,
                                      GAsyncReadyCallback callback, gpointer user_data);
void kalon_thumbs_forget_picture_async (KalonThumbs *self, const char *content_hash,
                                        GAsyncReadyCallback callback, gpointer user_data);
void kalon_thumbs_reset_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data);
/* Takes the adapter for that model from the profile. */
void kalon_thumbs_remove_adapter_async (KalonThumbs *self, const char *model_hash,
                                        GAsyncReadyCallback callback, gpointer user_data);
/* Of any of these. @n_changed: (out) (optional): thumbs that went or changed */
gboolean kalon_thumbs_forget_finish (KalonThumbs *self, GAsyncResult *result, guint *n_changed,
                                     GError **error);

/*
 * Profiles, as kalon_feedback_...() says. They cannot be undone, and nor can what was changed in
 * one before while another is active.
 */
void kalon_thumbs_use_profile_async (KalonThumbs *self, const char *name,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* The active one. */
void kalon_thumbs_rename_profile_async (KalonThumbs *self, const char *name,
                                        GAsyncReadyCallback callback, gpointer user_data);
/* The active one: @successor, which there must be, is active then. */
void kalon_thumbs_remove_profile_async (KalonThumbs *self, const char *successor,
                                        GAsyncReadyCallback callback, gpointer user_data);
/* Of any of these. */
gboolean kalon_thumbs_profile_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

/* A thumb, and where its pictures are now. */
typedef struct
{
  KalonThumb *thumb;
  gint64 picture; /* an id of the library; 0: the chosen one is not in it any more */
  GArray *others; /* gint64: of the others that were shown, in that order; those in the library */
} KalonThumbEvent;

typedef struct
{
  char *profile;     /* the active one */
  GStrv profiles;    /* all, by name */
  GPtrArray *events; /* KalonThumbEvent: of the active profile, oldest first */
} KalonThumbsState;

void kalon_thumbs_state_free (KalonThumbsState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonThumbsState, kalon_thumbs_state_free)

/* (transfer full) */
void
kalon_thumbs_get_state_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data);
KalonThumbsState *
kalon_thumbs_get_state_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

G_END_DECLS
