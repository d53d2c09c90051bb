/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The k best of many scores in two steps. The k chunks whose best scores are highest hold the k
 * best scores: any score elsewhere has at least k before it, one in each of those chunks. (Of
 * chunks with equal bests the earlier come first, so ties go to the lower index.) The host picks
 * the chunks from chunk_best() and the scores from gather_chunks().
 *
 * Build option: CHUNK, scores per chunk.
 */
#ifndef CHUNK
#define CHUNK 64
#endif

/*
 *   scores  [first + n]
 *   best    [ceil (n / CHUNK)]: each chunk's largest; NaN only where there is nothing else
 *
 * Global size: chunks.
 */
kernel void
chunk_best (global const float *scores, global float *best, ulong first, int n)
{
  int chunk = get_global_id (0);
  int start = chunk * CHUNK, end = min (start + CHUNK, n);
  float largest = NAN;

  scores += first;
  for (int i = start; i < end; i++)
    largest = isnan (largest) || scores[i] > largest ? scores[i] : largest;
  best[chunk] = largest;
}

/*
 *   chunks    [global size]
 *   gathered  [global size, CHUNK]: the scores of those chunks, NaN beyond the end
 */
kernel void
gather_chunks (global const float *scores, global const uint *chunks, global float *gathered,
               ulong first, int n)
{
  int start = chunks[get_global_id (0)] * CHUNK;

  scores += first;
  gathered += (size_t) get_global_id (0) * CHUNK;
  for (int i = 0; i < CHUNK; i++)
    gathered[i] = start + i < n ? scores[start + i] : NAN;
}
