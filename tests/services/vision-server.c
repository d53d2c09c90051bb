/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision-server.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "image/kalon-image.h"

#define PICTURE "data:image/jpeg;base64,"

struct _VisionServer
{
  SoupServer *soup;
  char *url;
  VisionTaste taste;
  GRand *rand;
  guint n_requests;
  char *text;      /* of the last request, without its picture */
  GBytes *picture; /* likewise */
};

/* Mean of the pixels that are not of the ground, from line @from to @to: what a row looks like. */
static double
measure (const KalonImage *image, guint from, guint to)
{
  double sum = 0;
  gsize n = 0;

  /* The mark of a row stands at the left. */
  for (guint y = from; y < to; y++)
    for (guint x = 60; x < image->width; x++)
      {
        const guint8 *pixel = image->pixels + ((gsize) y * image->width + x) * 3;

        sum += pixel[0] + pixel[1] + pixel[2];
        n += 3;
      }
  return sum / (double) n;
}

static void
take_picture (VisionServer *server, const char *body)
{
  const char *start = strstr (body, PICTURE);
  const char *end;
  g_autofree char *base64 = NULL;
  guchar *data;
  gsize size;

  g_assert_nonnull (start);
  start += strlen (PICTURE);
  end = strchr (start, '"');
  /* JSON may write a slash with a backslash in front. */
  base64 = g_strndup (start, (gsize) (end - start));
  g_clear_pointer (&server->picture, g_bytes_unref);
  g_assert_null (strchr (base64, '\\'));
  data = g_base64_decode (base64, &size);
  server->picture = g_bytes_new_take (data, size);
  g_free (server->text);
  server->text = g_strdup_printf ("%.*s%s", (int) (start - body), body, end);
}

/* Points from 1 to 5, for the row of that brightness. */
static int
to_points (double brightness)
{
  return CLAMP ((int) (1 + brightness / 51), 1, 5);
}

/* (transfer full): what the model says. */
static char *
judge (VisionServer *server)
{
  g_autoptr (KalonImage) image = kalon_image_load_bytes (server->picture, 0, NULL, NULL, NULL);
  gboolean ranks = strstr (server->text, "\"overall\"") != NULL;
  gboolean compares = strstr (server->text, "\"row_1\"") != NULL;
  gboolean first = TRUE;
  int points[2] = { 5, 2 };

  g_assert_nonnull (image);
  switch (server->taste)
    {
    case VISION_NONSENSE:
      return g_strdup ("I like both, {\\\"accuracy\\\": ");
    case VISION_FLOOD:
      return g_strnfill (4 << 20, 'a');
    case VISION_RANGE:
      return g_strdup (
          ranks ? "{\"accuracy\":\"3\",\"aesthetic\":\"1\",\"diversity\":\"1\",\"overall\":\"1\"}"
                : "{\"accuracy\":1e300,\"aesthetic\":6,\"diversity\":-1,\"row_1\":{},\"row_2\":7}");
    case VISION_RANDOM:
      first = g_rand_boolean (server->rand);
      points[0] = g_rand_int_range (server->rand, 1, 6);
      points[1] = g_rand_int_range (server->rand, 1, 6);
      break;
    case VISION_BRIGHTER:
      first = measure (image, 0, image->height / 2)
              > measure (image, image->height / 2, image->height);
      points[0] = to_points (measure (image, 0, compares ? image->height / 2 : image->height));
      points[1] = to_points (measure (image, image->height / 2, image->height));
      break;
    case VISION_FIRST:
    case VISION_BUSY:
      break;
    }
#define POINTS "{\"accuracy\":%d,\"aesthetic\":%d,\"diversity\":%d}"
  if (ranks)
    return g_strdup_printf (
        "```json\n{\"accuracy\":\"%c\",\"aesthetic\":\"%c\",\"diversity\":\"%c\",\"overall\":"
        "\"%c\",\"more\":[]}\n```",
        first ? '1' : '2', first ? '1' : '2', first ? '1' : '2', first ? '1' : '2');
  if (compares)
    return g_strdup_printf ("{\"row_1\":" POINTS ",\"row_2\":" POINTS "}", points[0], points[0],
                            points[0], points[1], points[1], points[1]);
  return g_strdup_printf (POINTS, points[0], points[0], points[0]);
#undef POINTS
}

static void
on_request (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  VisionServer *server = user_data;
  SoupMessageBody *request = soup_server_message_get_request_body (message);
  g_autofree char *body = g_strndup (request->data, request->length);
  g_autofree char *answer = NULL;
  g_autoptr (JsonNode) text = NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *reply = NULL;

  server->n_requests++;
  take_picture (server, body);
  if (server->taste == VISION_BUSY)
    {
      soup_server_message_set_status (message, 400, NULL);
      return;
    }
  answer = judge (server);
  text = json_node_init_string (json_node_alloc (), answer);
  quoted = json_to_string (text, FALSE);
  reply = g_strdup_printf ("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},"
                           "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
                           quoted);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/event-stream", SOUP_MEMORY_COPY, reply,
                                    strlen (reply));
}

VisionServer *
vision_server_new (VisionTaste taste)
{
  VisionServer *server = g_new0 (VisionServer, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  server->taste = taste;
  server->rand = g_rand_new_with_seed (7);
  server->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (server->soup, NULL, on_request, server, NULL);
  soup_server_listen_local (server->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server->soup);
  server->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return server;
}

void
vision_server_free (VisionServer *server)
{
  soup_server_disconnect (server->soup);
  g_object_unref (server->soup);
  g_rand_free (server->rand);
  g_clear_pointer (&server->picture, g_bytes_unref);
  g_free (server->text);
  g_free (server->url);
  g_free (server);
}

void
vision_server_set_taste (VisionServer *server, VisionTaste taste)
{
  server->taste = taste;
}

const char *
vision_server_get_url (VisionServer *server)
{
  return server->url;
}

guint
vision_server_get_requests (VisionServer *server)
{
  return server->n_requests;
}

const char *
vision_server_get_text (VisionServer *server)
{
  return server->text;
}

GBytes *
vision_server_get_picture (VisionServer *server)
{
  return server->picture;
}
