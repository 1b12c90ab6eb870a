/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.shm.control.ShmConnection;

/**
 * What the two sides of a connection agreed on in the handshake.
 *
 * @param memory          what both rings are in
 * @param doorbell        how each side wakes the other
 * @param sendCapacity    bytes of the ring that this side writes to
 * @param receiveCapacity bytes of the ring that this side reads from
 */
public record ShmTerms(ShmMemory memory, ShmDoorbell doorbell, int sendCapacity, int receiveCapacity) {

    /** For a channel's text. */
    String described() {
        return memory + " memory, " + doorbell + ", sends by " + sendCapacity + " bytes, receives by "
                + receiveCapacity;
    }

    static ShmTerms of(ShmConnection connection) {
        ShmMemory memory = switch (connection.memory()) {
            case MEMFD -> ShmMemory.SEALED;
            case SECTION -> ShmMemory.SECTION;
            case FILE -> ShmMemory.FILE;
        };
        return new ShmTerms(
                memory,
                connection.isEventFd() ? ShmDoorbell.EVENT_FD : ShmDoorbell.CONTROL_BYTE,
                connection.writer().capacity(),
                connection.reader().capacity());
    }
}
