/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two ends of the patch embedding; between them stands linear.cl.
 */

/*
 * A matrix whose rows are a picture's patches, after a row of zeros for the class token.
 *
 *   pixels   [batch, 3, resolution, resolution]
 *   patches  [batch * (1 + grid^2), 3 * patch * patch], grid = resolution / patch
 *
 * LANES work-items to a patch. Global size: (LANES, batch * (1 + grid^2)), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
extract_patches (global const float *pixels, global float *patches, int resolution, int patch)
{
  int grid = resolution / patch, tokens = 1 + grid * grid;
  int picture = get_global_id (1) / tokens, cell = (int) get_global_id (1) % tokens - 1;
  int area = patch * patch;

  patches += (size_t) get_global_id (1) * 3 * area;
  if (cell < 0)
    {
      for (int i = LANE; i < 3 * area; i += LANES)
        patches[i] = 0.0f;
      return;
    }
  pixels += (size_t) picture * 3 * resolution * resolution
            + (size_t) (cell / grid * patch) * resolution + cell % grid * patch;
#if GROUP
  for (int i = LANE; i < 3 * area; i += LANES)
    patches[i] = pixels[(size_t) (i / area * resolution + i % area / patch) * resolution
                        + i % patch];
#else
  for (int channel = 0; channel < 3; channel++)
    for (int y = 0; y < patch; y++)
      for (int x = 0; x < patch; x++)
        patches[(channel * patch + y) * patch + x]
            = pixels[(size_t) (channel * resolution + y) * resolution + x];
#endif
}

/*
 * x[r * stride] += row: the class embedding onto each picture's first token.
 *
 *   x    [rows * stride, dim]
 *   row  [dim]
 *
 * Global size: (LANES, rows), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
add_to_rows (global float *x, global const float *row, int stride, int dim)
{
  x += (size_t) get_global_id (1) * stride * dim;
  for (int i = LANE; i < dim; i += LANES)
    x[i] += row[i];
}
