/* validate_secrets.c: passwords of peers that stand in a Secret: V-028 to V-030, password-length;
 * files with passwords that everybody may read: secret-readable */
#include "config/validate_private.h"

#include "base/heap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char field[] = "spec.passwordSecret.name";

const struct secret_doc *check_secret_of(const struct check *c, const struct bgp_peer *peer)
{
	const char *ns = peer->object.namespace ? peer->object.namespace : "default";
	const struct object *object = model_find(c->model, KIND_SECRET, ns, peer->password_secret);

	for (size_t i = 0; !object && i < c->model->secrets.n; i++)
		if (strcmp(c->model->secrets.at[i].object.name, peer->password_secret) == 0)
			object = &c->model->secrets.at[i].object;
	return (const void *)object;
}

static bool is_basic_auth(const struct secret_doc *secret)
{
	return strcmp(secret->type, "kubernetes.io/basic-auth") == 0;
}

static bool is_short_enough(const struct secret_doc *secret)
{
	return !secret->password || strlen(secret->password) <= MD5_KEY_MAX;
}

/* The next peer whose password stands in a Secret, from the i-th on; NULL past the last. */
static struct bgp_peer *next_peer(const struct check *c, size_t *i)
{
	for (; *i < c->model->peers.n; ++*i)
		if (c->model->peers.at[*i].password_secret)
			return &c->model->peers.at[(*i)++];
	return NULL;
}

void resolve_secrets(struct check *c)
{
	struct bgp_peer *peer;

	for (size_t i = 0; (peer = next_peer(c, &i));) {
		const struct secret_doc *secret = check_secret_of(c, peer);

		if (secret && is_basic_auth(secret) && secret->password && *secret->password &&
		    is_short_enough(secret) && !peer->password)
			peer->password = secret->password;
	}
}

void v028_secret_exists(struct check *c)
{
	struct bgp_peer *peer;

	for (size_t i = 0; (peer = next_peer(c, &i));) {
		struct diag *diag;

		if (check_secret_of(c, peer))
			continue;
		diag = check_error(c, &peer->object, field, "V-028", "there is no Secret \"%.80s\"",
				   peer->password_secret);
		diag_hint(c->diags, diag,
			  "add one of type kubernetes.io/basic-auth with the key"
			  " password");
		check_hint_nearest(c, diag, KIND_SECRET, peer->password_secret);
	}
}

static void refuse(struct check *c, const struct bgp_peer *peer, const struct secret_doc *secret,
		   const char *secret_field, const char *rule, const char *message)
{
	struct place place = check_place(c, &secret->object, secret_field);

	diag_related(c->diags, check_error(c, &peer->object, field, rule, "%s", message), place,
		     "the Secret is here");
}

void v029_secret_type(struct check *c)
{
	struct bgp_peer *peer;

	for (size_t i = 0; (peer = next_peer(c, &i));) {
		const struct secret_doc *secret = check_secret_of(c, peer);

		if (secret && !is_basic_auth(secret))
			refuse(c, peer, secret, "type", "V-029",
			       "the Secret is not of type kubernetes.io/basic-auth");
	}
}

void v030_secret_password(struct check *c)
{
	struct bgp_peer *peer;

	for (size_t i = 0; (peer = next_peer(c, &i));) {
		const struct secret_doc *secret = check_secret_of(c, peer);

		if (secret && is_basic_auth(secret) && !secret->has_password)
			refuse(c, peer, secret, "", "V-030", "the Secret has no key password");
	}
}

/* One that stands in the peer itself is looked at with it. */
void password_length(struct check *c)
{
	struct bgp_peer *peer;

	for (size_t i = 0; (peer = next_peer(c, &i));) {
		const struct secret_doc *secret = check_secret_of(c, peer);

		if (secret && is_basic_auth(secret) && !is_short_enough(secret))
			refuse(c, peer, secret, "", "password-length",
			       "the Secret's password is longer than the 80 bytes of a TCP MD5 key");
	}
}

/* Once for each file. */
static void tell_readable(struct check *c, const struct object *object, const char *path,
			  bool *told)
{
	const struct source_file *file = source_set_file(c->sources, object->place.file);

	if (!file || !(file->mode & S_IROTH) || told[object->place.file])
		return;
	told[object->place.file] = true;
	diag_hint(c->diags,
		  check_warning(c, object, path, "secret-readable",
				"everybody may read the file with this password"),
		  "chmod o-r %.200s", file->name);
}

void secret_readable(struct check *c)
{
	bool *told = heap_alloc_array(source_set_count(c->sources), sizeof(*told));

	for (size_t i = 0; i < c->model->peers.n; i++) {
		const struct bgp_peer *peer = &c->model->peers.at[i];

		if (peer->password && !peer->password_secret)
			tell_readable(c, &peer->object, "spec.password", told);
	}
	for (size_t i = 0; i < c->model->secrets.n; i++) {
		const struct secret_doc *secret = &c->model->secrets.at[i];
		const bool plain = check_node(c, &secret->object, "stringData.password");

		if (secret->password)
			tell_readable(c, &secret->object,
				      plain ? "stringData.password" : "data.password", told);
	}
	free(told);
}
