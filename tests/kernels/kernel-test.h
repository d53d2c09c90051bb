/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A kernel beside its plain-C definition. Each check runs once per form (kernels/README.md), and
 * is skipped where there is no OpenCL device.
 */

#include "nn/kalon-nn-private.h"

/* @nn: the kernels under test; @reference: plain C */
typedef void (*KernelCheck) (KalonNn *nn, KalonNn *reference);

/* Adds /kernel/@operation/FORM for every form. */
void kernel_test_add (const char *operation, KernelCheck check);

/* Returns: (transfer full): [n] values in [-@scale, @scale) */
float *kernel_test_random (gsize n, double scale);

/* A tensor [@n] of @nn; @data: (nullable). Never %NULL: an error ends the test. */
KalonTensor *kernel_test_tensor (KalonNn *nn, const float *data, gsize n);

/* |got - expected| <= absolute + relative |expected| for each of the first @n elements. */
void kernel_test_compare (const KalonTensor *got, const KalonTensor *expected, gsize n,
                          double absolute, double relative);
