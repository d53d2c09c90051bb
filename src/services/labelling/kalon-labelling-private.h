/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "input/kalon-input.h"
#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

#define KALON_LABELS_FORMAT "kalon-labels"
#define KALON_LABELS_VERSION 1
#define KALON_LABELS_FILE "labels.jsonl"
#define KALON_LABEL_SET_FILE "set.jsonl"
/* As in an HPIR set. */
#define KALON_LABEL_MAX_SECONDS 1e9

/* label-line.c: lines of labels.jsonl. @where: "labels.jsonl:3", for messages. */

/* The first line. @repeats, @seed: of KalonLabelPlan */
typedef struct
{
  gint64 created; /* seconds since 1970 */
  guint32 seed;
  double repeats;
} KalonLabelHead;

/* (transfer full): a line, with its LF. */
char *kalon_label_head_to_line (const KalonLabelHead *head);
gboolean kalon_label_head_from_line (const char *line, gsize length, const char *where,
                                     KalonLabelHead *head, GError **error);

/**
 * KalonLabelLine: any other line.
 * @item: (nullable): %NULL: what is known of @labeler, in @traits
 * @label: an answer to it; its labeler is not set
 */
typedef struct
{
  char *labeler;
  char *item;
  GHashTable *traits; /* char * -> char * */
  KalonHpirLabel label;
} KalonLabelLine;

void kalon_label_line_free (KalonLabelLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLabelLine, kalon_label_line_free)
/* (transfer full): with its LF. */
char *kalon_label_line_to_text (const KalonLabelLine *line);
KalonLabelLine *
kalon_label_line_from_text (const char *text, gsize length, const char *where, GError **error);
/* Whether they fit into an HPIR set: %KALON_ERROR_ARGUMENT. */
gboolean kalon_label_traits_check (GHashTable *traits, GError **error);

/* label-log.c: the file of them. */

/* @lines: (out) (transfer full) (element-type KalonLabelLine): as they were written;
 * those that make no sense are passed over with a g_message. @path: of labels.jsonl */
gboolean
kalon_label_log_read (const char *path, KalonLabelHead *head, GPtrArray **lines, GError **error);
/* On the disk when it returns. @text: with its LF */
gboolean kalon_label_log_append (const char *path, const char *text, GError **error);
/* A descriptor to close; -1 with %KALON_ERROR_BUSY when somebody labels under that name.
 * @directory: of the set */
int kalon_label_log_lock (const char *directory, const char *labeler, GError **error);
/* Whether anybody labels: %KALON_ERROR_BUSY. */
gboolean kalon_label_log_check_unused (const char *directory, GError **error);

/* label-order.c: what somebody is asked, in which order. */

typedef struct
{
  guint item; /* position in the set */
  gboolean swapped;
  guint repeat;
} KalonLabelStep;

/**
 * kalon_label_order_draw:
 * @n: items
 *
 * Drawn from a GRand (MT19937), seeded with the array of @head's seed and the eight big-endian
 * 32-bit words of the SHA-256 of @labeler's bytes, by kalon_label_shuffle(): the items; then which
 * n / 2 of the places have group B first (of an odd number: one more if the first draw,
 * g_rand_boolean(), says so). The first @repeats n of the items, rounded, come again behind all
 * others, in the same order and swapped the other way: each n places after its first time.
 *
 * Returns: (transfer full) (element-type KalonLabelStep)
 */
GArray *kalon_label_order_draw (const KalonLabelHead *head, const char *labeler, guint n);
guint kalon_label_order_count_repeats (const KalonLabelHead *head, guint n);
/* Fisher and Yates, from the last place down: j = g_rand_int_range (0, i + 1). */
void kalon_label_shuffle (GRand *random, guint *values, guint n);
/* (transfer full): which of @n are @TRUE: half of them. As above. */
gboolean *kalon_label_draw_half (GRand *random, guint n);

/* label-session.c, label-answer.c */

typedef struct
{
  gboolean is_answered;
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
} KalonLabelAnswer;

struct _KalonLabelSession
{
  GObject parent_instance;

  char *labeler;
  char *log_path;
  int lock; /* held while the session is open; -1 none */
  KalonHpirSet *set;
  GArray *steps;             /* KalonLabelStep */
  KalonLabelAnswer *answers; /* [steps] */
  guint first_open;
  guint position;
  gboolean is_writing;
};

const KalonLabelStep *kalon_label_session_get_step (KalonLabelSession *self, guint position);
const KalonHpirItem *kalon_label_session_get_item (KalonLabelSession *self, guint position);
/* It only ever moves on. */
void kalon_label_session_find_first_open (KalonLabelSession *self);

/* label-folders.c */

/* (transfer full): of the sets, of a set, of a file in it. @library_directory: (nullable) */
char *kalon_label_sets_dup_directory (const char *library_directory);
/* %KALON_ERROR_ARGUMENT when there is none of that id. */
char *kalon_label_set_dup_directory (const char *library_directory, const char *id, GError **error);
/* Writes @set, whose pictures are absolute, and an empty log into a new folder. Returns: (transfer
 * full): its id, made of the set's name */
char *kalon_label_set_store (const char *library_directory, const KalonHpirSet *set,
                             const KalonLabelHead *head, GError **error);

/* kalon-labelling.c */

/* The set as it was made, without labels. @head, @lines: (out) (transfer full): of its log */
KalonHpirSet *kalon_label_set_read (const char *library_directory, const char *id,
                                    KalonLabelHead *head, GPtrArray **lines, GError **error);
/* Pictures that have moved are where the catalogue finds their contents. */
void kalon_label_set_follow_pictures (KalonHpirSet *set, const char *library_directory);

G_END_DECLS
