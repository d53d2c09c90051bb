/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranked DPO of each query's pairs and the anchor over its candidates; the formulas are in
 * alignment/kalon-trainer.h, the same in plain C in alignment/alignment-loops.c.
 *
 *   scores, reference  [n] of the candidates, by the model and by the one it started as
 *   first              [queries + 1]: the candidates of query q are first[q] .. first[q + 1] - 1
 *   pair_first         [queries + 1]: its pairs
 *   winners, losers    [pairs] candidates
 *   weights            [pairs]; their sum is 1 for each query
 *   touch_first        [n + 1]: the touches of candidate e
 *   touches            [2 pairs]: 2 p where e wins pair p, 2 p + 1 where it loses it
 *   slopes             [pairs] scratch
 *   coefficients       [n]: derivative of the whole loss by each score
 *   losses             [queries, 3]: pair loss, divergence, pairs in the right order
 *
 * No candidate is added to by two work-items: the sums have one order and the result is the same
 * in every run. LANES work-items to a query. Global size: (LANES, queries), work-groups of LANES.
 */

/* log (1 + e^x), where e^x would be too large as well */
static inline float
softplus (float x)
{
  return fmax (x, 0.0f) + log1p (exp (-fabs (x)));
}

kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
ranked_dpo (global const float *scores, global const float *reference, global const uint *first,
            global const uint *pair_first, global const uint *winners, global const uint *losers,
            global const float *weights, global const uint *touch_first, global const uint *touches,
            global float *slopes, global float *coefficients, global float *losses, float scale,
            float smoothing, float anchor, float inverse_temperature, float share)
{
  ROW_SCRATCH
  int q = get_global_id (1);
  uint begin = first[q], end = first[q + 1];
  float top = -INFINITY, reference_top = -INFINITY;
  float sum = 0.0f, reference_sum = 0.0f;
  float loss = 0.0f, divergence = 0.0f, agreed = 0.0f;

  for (uint e = begin + LANE; e < end; e += LANES)
    {
      top = fmax (top, scores[e]);
      reference_top = fmax (reference_top, reference[e]);
    }
  top = row_max (top);
  reference_top = row_max (reference_top);
  for (uint e = begin + LANE; e < end; e += LANES)
    {
      sum += exp ((scores[e] - top) * inverse_temperature);
      reference_sum += exp ((reference[e] - reference_top) * inverse_temperature);
    }
  sum = log (row_sum (sum));
  reference_sum = log (row_sum (reference_sum));
  for (uint e = begin + LANE; e < end; e += LANES)
    {
      float log_p = (scores[e] - top) * inverse_temperature - sum;
      float log_reference = (reference[e] - reference_top) * inverse_temperature - reference_sum;
      float p_reference = exp (log_reference);

      divergence += p_reference * (log_reference - log_p);
      coefficients[e] = share * anchor * inverse_temperature * (exp (log_p) - p_reference);
    }

  for (uint p = pair_first[q] + LANE; p < pair_first[q + 1]; p += LANES)
    {
      float margin = scores[winners[p]] - scores[losers[p]];
      float h = scale * (margin - (reference[winners[p]] - reference[losers[p]]));
      float t = exp (-fabs (h));
      float right = h > 0.0f ? 1.0f / (1.0f + t) : t / (1.0f + t); /* sigmoid (h) */
      float wrong = h > 0.0f ? t / (1.0f + t) : 1.0f / (1.0f + t); /* sigmoid (-h) */

      loss += weights[p] * ((1.0f - smoothing) * softplus (-h) + smoothing * softplus (h));
      slopes[p] = share * weights[p] * scale * (smoothing * right - (1.0f - smoothing) * wrong);
      agreed += margin > 0.0f ? 1.0f : margin == 0.0f ? 0.5f : 0.0f;
    }
  barrier (CLK_GLOBAL_MEM_FENCE);
  for (uint e = begin + LANE; e < end; e += LANES)
    {
      float gained = coefficients[e];

      for (uint i = touch_first[e]; i < touch_first[e + 1]; i++)
        gained += touches[i] % 2 == 0 ? slopes[touches[i] / 2] : -slopes[touches[i] / 2];
      coefficients[e] = gained;
    }

  loss = row_sum (loss);
  divergence = row_sum (divergence);
  agreed = row_sum (agreed);
  if (LANE == 0)
    {
      losses[3 * q] = loss;
      losses[3 * q + 1] = divergence;
      losses[3 * q + 2] = agreed;
    }
}
