/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models.h"

#include <glib/gi18n.h>

/*
 * Top-1 figures are zero-shot accuracy on ImageNet-1k as their makers publish them: OpenAI's,
 * LAION’s and DataComp's from OpenCLIP's table of results, TinyCLIP's from its own. Revisions are
 * commits where one is known to hold model.safetensors; "main" is settled to a commit when it is
 * downloaded. Sizes are those of the files, or four bytes times the number of parameters.
 */
static const KalonOffer offers[] = {
  {
      .id = "clip-vit-b-32",
      .repository = "openai/clip-vit-base-patch32",
      /* The conversion to safetensors that the hub's bot made; main has only pytorch_model.bin. */
      .revision = "b33cedfd0df4e43b8238760678fcc89e1a0d38b3",
      .size = 606600000,
      .licence = "MIT",
      .note = N_ ("OpenAI CLIP ViT-B/32, the usual yardstick: ImageNet top-1 63.3 %"),
  },
  {
      .id = "clip-vit-l-14",
      .repository = "openai/clip-vit-large-patch14",
      .revision = "32bd64288804d66eefd0ccbe215aa642df71cc41",
      .size = 1712000000,
      .licence = "MIT",
      .note = N_ ("OpenAI CLIP ViT-L/14: ImageNet top-1 75.5 %; slow without a GPU"),
  },
  {
      .id = "laion2b-vit-b-32",
      .repository = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
      .revision = "main",
      .size = 606600000,
      .licence = "MIT",
      .note = N_ ("ViT-B/32 trained on LAION-2B: ImageNet top-1 66.6 %"),
  },
  {
      .id = "laion2b-vit-b-16",
      .repository = "laion/CLIP-ViT-B-16-laion2B-s34B-b88K",
      .revision = "main",
      .size = 600000000,
      .licence = "MIT",
      .note = N_ ("ViT-B/16 trained on LAION-2B: ImageNet top-1 70.2 %"),
  },
  {
      .id = "laion2b-vit-l-14",
      .repository = "laion/CLIP-ViT-L-14-laion2B-s32B-b82K",
      .revision = "main",
      .size = 1712000000,
      .licence = "MIT",
      .note = N_ ("ViT-L/14 trained on LAION-2B: ImageNet top-1 75.3 %; slow without a GPU"),
  },
  {
      .id = "datacomp-vit-b-32",
      .repository = "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K",
      .revision = "main",
      .size = 606600000,
      .licence = "MIT",
      .note = N_ ("ViT-B/32 trained on DataComp-1B: ImageNet top-1 69.2 %"),
  },
  {
      .id = "datacomp-vit-b-16",
      .repository = "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
      .revision = "main",
      .size = 600000000,
      .licence = "MIT",
      .note = N_ ("ViT-B/16 trained on DataComp-1B: ImageNet top-1 73.5 %"),
  },
  {
      .id = "datacomp-vit-l-14",
      .repository = "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
      .revision = "main",
      .size = 1712000000,
      .licence = "MIT",
      .note = N_ ("ViT-L/14 trained on DataComp-1B: ImageNet top-1 79.2 %; slow without a GPU"),
  },
  {
      .id = "tinyclip-8m-16",
      .repository = "wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M",
      .revision = "a2a8c6eaa2549ad66eb7c31b85022bf58273a26c",
      .size = 95000000,
      .licence = "MIT",
      .note = N_ ("TinyCLIP, the smallest and fastest: ImageNet top-1 41.1 %"),
  },
  {
      .id = "tinyclip-39m-16",
      .repository = "wkcn/TinyCLIP-ViT-39M-16-Text-19M-YFCC15M",
      .revision = "07a4b0bc751cb64fecd2b661c048c1dd98d69444",
      .size = 334000000,
      .licence = "MIT",
      .note = N_ ("TinyCLIP with patches of 16: ImageNet top-1 63.5 %"),
  },
  {
      .id = "tinyclip-40m-32",
      .repository = "wkcn/TinyCLIP-ViT-40M-32-Text-19M-LAION400M",
      .revision = "95ec8197b3f2fe7f747865c61ca556cf0768b2f7",
      .size = 338000000,
      .licence = "MIT",
      .note = N_ ("TinyCLIP with patches of 32: ImageNet top-1 59.8 %"),
  },
  {
      .id = "tinyclip-61m-32",
      .repository = "wkcn/TinyCLIP-ViT-61M-32-Text-29M-LAION400M",
      .revision = "main",
      .size = 463000000,
      .licence = "MIT",
      .note = N_ ("TinyCLIP, the largest: ImageNet top-1 62.4 %"),
  },
  {
      .id = "laion-v1-vit-b-32",
      .kind = KALON_OFFER_HEAD,
      .encoder = "clip-vit-b-32",
      .address = "https://raw.githubusercontent.com/LAION-AI/aesthetic-predictor/"
                 "814214009feff106add4bb983807704ccdd5a0db/sa_0_4_vit_b_32_linear.pth",
      .sha256 = "c7b14cead230694acc7b9447974d3cad78003c72da032e402a303b6c2429e85f",
      .dimension = 512,
      .size = 3047,
      .licence = "MIT",
      .note = N_ ("Aesthetic head of LAION, version 1, linear, for OpenAI CLIP ViT-B/32"),
  },
  {
      .id = "laion-v1-vit-b-16",
      .kind = KALON_OFFER_HEAD,
      .encoder = "clip-vit-base-patch16",
      .address = "https://raw.githubusercontent.com/LAION-AI/aesthetic-predictor/"
                 "7e37768a02b0863eac390a702903aaa90ecf938e/sa_0_4_vit_b_16_linear.pth",
      .dimension = 512,
      .size = 3047,
      .licence = "MIT",
      .note = N_ ("Aesthetic head of LAION, version 1, linear, for OpenAI CLIP ViT-B/16"),
  },
  {
      .id = "laion-v1-vit-l-14",
      .kind = KALON_OFFER_HEAD,
      .encoder = "clip-vit-l-14",
      .address = "https://raw.githubusercontent.com/LAION-AI/aesthetic-predictor/"
                 "7e37768a02b0863eac390a702903aaa90ecf938e/sa_0_4_vit_l_14_linear.pth",
      .sha256 = "2cd4e60f4f24ae3bcd57b847b13c1f3ba27edc28cc1a7f9ce74ee9f421243cba",
      .dimension = 768,
      .size = 4071,
      .licence = "MIT",
      .note = N_ ("Aesthetic head of LAION, version 1, linear, for OpenAI CLIP ViT-L/14"),
  },
  {
      .id = "laion-v2-vit-l-14",
      .kind = KALON_OFFER_HEAD,
      .encoder = "clip-vit-l-14",
      .address
      = "https://raw.githubusercontent.com/christophschuhmann/improved-aesthetic-predictor/"
        "6934dd81792f086e613a121dbce43082cb8be85e/sac%2Blogos%2Bava1-l14-linearMSE.pth",
      .sha256 = "21dd590f3ccdc646f0d53120778b296013b096a035a2718c9cb0d511bff0f1e0",
      .dimension = 768,
      .size = 3714759,
      .licence = "Apache-2.0",
      .note = N_ ("Improved aesthetic predictor (LAION’s version 2), for OpenAI CLIP ViT-L/14"),
  },
};

const KalonOffer *
kalon_models_get_offers (gsize *n)
{
  *n = G_N_ELEMENTS (offers);
  return offers;
}

const KalonOffer *
kalon_models_find_offer (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    if (g_str_equal (offers[i].id, id)
        || (offers[i].repository != NULL && g_str_equal (offers[i].repository, id)))
      return &offers[i];
  return NULL;
}
