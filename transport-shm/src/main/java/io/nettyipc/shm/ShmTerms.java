/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.lease.LeasePair;

/**
 * What the two sides of a connection agreed on in the handshake.
 *
 * @param memory what both rings are in
 * @param doorbell how each side wakes the other
 * @param sendCapacity bytes of the ring that this side writes to
 * @param receiveCapacity bytes of the ring that this side reads from
 * @param leaseSendMemory bytes of memory for messages that this side sends without a copy; 0 if it copies all
 * @param leaseReceiveMemory bytes of the peer's memory for such messages; 0 if it copies all
 */
public record ShmTerms(
        ShmMemory memory,
        ShmDoorbell doorbell,
        int sendCapacity,
        int receiveCapacity,
        int leaseSendMemory,
        int leaseReceiveMemory) {

    /** For a channel's text. */
    String described() {
        String text = memory + " memory, " + doorbell + ", sends by " + sendCapacity + " bytes, receives by "
                + receiveCapacity;
        return leaseSendMemory == 0 && leaseReceiveMemory == 0
                ? text
                : text + ", leases " + leaseSendMemory + " bytes to send, " + leaseReceiveMemory + " to receive";
    }

    static ShmTerms of(ShmConnection connection) {
        ShmMemory memory = switch (connection.memory()) {
            case MEMFD -> ShmMemory.SEALED;
            case SECTION -> ShmMemory.SECTION;
            case FILE -> ShmMemory.FILE;
        };
        LeasePair leases = connection.leases();
        return new ShmTerms(
                memory,
                connection.isEventFd() ? ShmDoorbell.EVENT_FD : ShmDoorbell.CONTROL_BYTE,
                connection.writer().capacity(),
                connection.reader().capacity(),
                leases == null ? 0 : leases.sendBytes(),
                leases == null ? 0 : leases.receiveBytes());
    }
}
