// The only place that knows where libpq's headers are, and the few calls that Swift cannot make of them.
#ifndef CPOSTGRES_H
#define CPOSTGRES_H

#include <postgresql/libpq-fe.h>
#include <stdbool.h>

/// What ``cpostgres_wait`` found; several at once are possible.
enum { CPOSTGRES_SOCKET = 1, CPOSTGRES_WOKEN = 2 };

/// Waits until the socket can be read (or written, if that is wanted too), until somebody wakes, or the time is over (0).
/// -1 if the socket cannot be waited for.
int cpostgres_wait(int socket, bool for_writing, int wake, int milliseconds);

/// A descriptor to be woken by, or -1.
int cpostgres_wake_make(void);
void cpostgres_wake(int wake);
/// Forgets what woke.
void cpostgres_wake_clear(int wake);
void cpostgres_wake_close(int wake);

/// Throws the server's notices away, which libpq would write to the error output.
void cpostgres_silence(PGconn *connection);

#endif
