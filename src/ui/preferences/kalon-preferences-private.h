/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "preferences/kalon-preferences.h"

G_BEGIN_DECLS

/* Each is given its session once. Groups let go of it when they leave their window, and not when
 * they are disposed of: libadwaita 1.2 keeps the groups of a page for ever, once it has searched
 * them. */

#define KALON_TYPE_PREFERENCES_SEARCH (kalon_preferences_search_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesSearch, kalon_preferences_search, KALON, PREFERENCES_SEARCH,
                      AdwPreferencesPage)
void kalon_preferences_search_set_session (KalonPreferencesSearch *self, KalonSession *session);

#define KALON_TYPE_PREFERENCES_MODELS (kalon_preferences_models_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesModels, kalon_preferences_models, KALON, PREFERENCES_MODELS,
                      AdwPreferencesPage)
void kalon_preferences_models_set_session (KalonPreferencesModels *self, KalonSession *session);

#define KALON_TYPE_PREFERENCES_LOOKS (kalon_preferences_looks_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesLooks, kalon_preferences_looks, KALON, PREFERENCES_LOOKS,
                      AdwPreferencesPage)
void kalon_preferences_looks_set_session (KalonPreferencesLooks *self, KalonSession *session);

/* What computes: a group of the models' page. */
#define KALON_TYPE_PREFERENCES_DEVICE (kalon_preferences_device_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesDevice, kalon_preferences_device, KALON, PREFERENCES_DEVICE,
                      AdwPreferencesGroup)
void kalon_preferences_device_set_session (KalonPreferencesDevice *self, KalonSession *session);

#define KALON_TYPE_PREFERENCES_REPHRASING (kalon_preferences_rephrasing_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesRephrasing, kalon_preferences_rephrasing, KALON,
                      PREFERENCES_REPHRASING, AdwPreferencesPage)
void
kalon_preferences_rephrasing_set_session (KalonPreferencesRephrasing *self, KalonSession *session);

/* The key of the language-model server: into the keyring, and out of it. */
#define KALON_TYPE_PREFERENCES_LLM_KEY (kalon_preferences_llm_key_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesLlmKey, kalon_preferences_llm_key, KALON, PREFERENCES_LLM_KEY,
                      AdwPreferencesGroup)
/* Follows the server that the settings name. */
void kalon_preferences_llm_key_set_settings (KalonPreferencesLlmKey *self, GSettings *settings);

#define KALON_TYPE_PREFERENCES_PRIVACY (kalon_preferences_privacy_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesPrivacy, kalon_preferences_privacy, KALON,
                      PREFERENCES_PRIVACY, AdwPreferencesPage)
void kalon_preferences_privacy_set_session (KalonPreferencesPrivacy *self, KalonSession *session);

/* A model or head, and what can be done with it. */
#define KALON_TYPE_PREFERENCES_MODEL_ROW (kalon_preferences_model_row_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesModelRow, kalon_preferences_model_row, KALON,
                      PREFERENCES_MODEL_ROW, AdwActionRow)
GtkWidget *kalon_preferences_model_row_new (KalonSession *session, KalonModelItem *item);
/* Of the library: for how long it takes with a model that was measured. */
void kalon_preferences_model_row_set_n_pictures (KalonPreferencesModelRow *self, gsize n_pictures);

/* preferences-model-text.c: what a row says of it, in lines. */
char *
kalon_preferences_dup_model_text (KalonSession *session, KalonModelItem *item, gsize n_pictures);
gboolean kalon_preferences_is_head (KalonModelItem *item);
/* The change under way, when it is to this model. */
KalonModelChange kalon_preferences_get_model_change (KalonSession *session, KalonModelItem *item);

/* The active profile, and a new one: a group of the page of search. */
#define KALON_TYPE_PREFERENCES_PROFILE (kalon_preferences_profile_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferencesProfile, kalon_preferences_profile, KALON,
                      PREFERENCES_PROFILE, AdwPreferencesGroup)
void kalon_preferences_profile_set_session (KalonPreferencesProfile *self, KalonSession *session);

/* Closes the preferences around @widget, and does @action in the window that they stand above.
 * @target: (nullable): floating */
void kalon_preferences_leave (GtkWidget *widget, const char *action, GVariant *target);
/* A toast in the window around @widget. */
void kalon_preferences_show_message (GtkWidget *widget, const char *message);

G_END_DECLS
