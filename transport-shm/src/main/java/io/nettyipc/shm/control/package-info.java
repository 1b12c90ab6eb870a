/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Internal: the control connection of a shared-memory connection, the handshake over it, and the doorbells. Nothing
 * here is meant for use from outside.
 *
 * <pre>
 *   client                                            server
 *     | HELLO    version, kinds of memory, doorbells,   |
 *     |          capacities it wants                    |
 *     |------------------------------------------------&gt;| checks, creates its segment
 *     |   WELCOME kind, doorbell, capacities; its segment |   (descriptors travel with the message,
 *     |&lt;------------------------------------------------|    names of files and sections in it)
 *     | SEGMENT  its segment                            |
 *     |------------------------------------------------&gt;| opens it: connected
 *     |                                          READY  |
 *     |&lt;------------------------------------------------|
 *     connected                                         |
 * </pre>
 *
 * <p>Either side may send REFUSED with a reason instead, and close. After the handshake every byte on the control
 * connection is a ring of the doorbell, whatever its value, and the connection's end is the end of the peer.
 *
 * <p>What may not go in: the ring's state, Netty channels' state, and when to sleep.
 */
package io.nettyipc.shm.control;
