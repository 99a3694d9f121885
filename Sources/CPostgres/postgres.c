#include "CPostgres.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int cpostgres_wait(int socket, bool for_writing, int wake, int milliseconds) {
    struct pollfd descriptors[2] = {
        {.fd = socket, .events = POLLIN | (for_writing ? POLLOUT : 0)},
        {.fd = wake, .events = POLLIN},
    };
    int ready = poll(descriptors, 2, milliseconds);
    if (ready < 0) return errno == EINTR ? 0 : -1;
    if (descriptors[0].revents & POLLNVAL) return -1;
    // A socket that hung up can be read: the next call finds out what happened.
    return (descriptors[0].revents ? CPOSTGRES_SOCKET : 0) | (descriptors[1].revents ? CPOSTGRES_WOKEN : 0);
}

int cpostgres_wake_make(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cpostgres_wake(int wake) {
    uint64_t one = 1;
    // Full means that it is awake already.
    ssize_t ignored = write(wake, &one, sizeof one);
    (void)ignored;
}

void cpostgres_wake_clear(int wake) {
    uint64_t count;
    ssize_t ignored = read(wake, &count, sizeof count);
    (void)ignored;
}

void cpostgres_wake_close(int wake) { close(wake); }

static void discard(void *nothing, const char *notice) {
    (void)nothing;
    (void)notice;
}

void cpostgres_silence(PGconn *connection) { PQsetNoticeProcessor(connection, discard, NULL); }
