// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/journal.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-journal.h>

int kho_journal_send(const struct iovec *field, size_t nr)
{
	/* Without a journal libsystemd reports success. */
	if (access(KHO_JOURNAL_SOCKET, F_OK))
		return -errno;
	return sd_journal_sendv(field, (int)nr);
}

#else

/* "NAME=value", or where the value has lines "NAME", its size in 64 bits, little endian, and it. */
static void put_journal_field(FILE *f, const struct iovec *field)
{
	const char *text = field->iov_base, *value = memchr(text, '=', field->iov_len);
	size_t name_bytes = value ? (size_t)(value - text) : field->iov_len;
	uint64_t bytes = value ? field->iov_len - name_bytes - 1 : 0;

	if (!value || !memchr(value, '\n', bytes + 1)) {
		fwrite(text, 1, field->iov_len, f);
	} else {
		fwrite(text, 1, name_bytes, f);
		fputc('\n', f);
		for (int i = 0; i < 8; i++)
			fputc((int)(bytes >> 8 * i & 0xff), f);
		fwrite(value + 1, 1, bytes, f);
	}
	fputc('\n', f);
}

/* What is too large for a datagram goes as a sealed file in memory. */
static int send_file(int socket, struct msghdr *message, const char *entry, size_t bytes)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	int fd = memfd_create("kexec-kho", MFD_CLOEXEC | MFD_ALLOW_SEALING), ret = 0;
	struct cmsghdr *c;

	if (fd < 0)
		return -errno;
	message->msg_control = control.bytes;
	message->msg_controllen = sizeof(control.bytes);
	message->msg_iovlen = 0;
	c = CMSG_FIRSTHDR(message);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (write(fd, entry, bytes) != (ssize_t)bytes)
		ret = -ENOMEM;
	else if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
		ret = -errno;
	else if (sendmsg(socket, message, MSG_NOSIGNAL) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int send_entry(const char *entry, size_t bytes)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = KHO_JOURNAL_SOCKET };
	struct iovec iov = { (char *)entry, bytes };
	struct msghdr message = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &iov, .msg_iovlen = 1,
	};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret = 0;

	if (fd < 0)
		return -errno;
	if (sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
		ret = errno == EMSGSIZE || errno == ENOBUFS ?
		      send_file(fd, &message, entry, bytes) : -errno;
	close(fd);
	return ret;
}

int kho_journal_send(const struct iovec *field, size_t nr)
{
	char *entry = NULL;
	size_t bytes = 0;
	FILE *f = open_memstream(&entry, &bytes);
	int ret = -ENOMEM;

	if (f) {
		for (size_t i = 0; i < nr; i++)
			put_journal_field(f, &field[i]);
		if (!fclose(f))
			ret = send_entry(entry, bytes);
	}
	free(entry);
	return ret;
}

#endif
